"""kill -9 of a process at each step of recording and sealing: nothing is lost or doubled, and the log goes on."""

import multiprocessing
import os
import signal
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass

import pytest
from django.db import connection, connections, transaction

from audit import log, store
from audit.models import Checkpoint, Entry, Pending, Tile

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.superuser, pytest.mark.xdist_group("drills")]
SUBJECT = "user:killed"
ENTRIES = 300
"""Entries that wait to be sealed: enough to complete a tile."""
REACHED: Counter[str] = Counter()
"""How often a process was killed at each step."""


@dataclass(frozen=True)
class Step:
    """A place where the process dies: when something is about to be called, or (`after`) has just returned."""

    name: str
    where: object
    what: str
    after: bool = False


RECORDING = [
    Step("recording: before the entry is written", connection, "cursor"),
    Step("recording: the entry is written, not committed", log, "record", after=True),
    Step("recording: committing", connection, "_commit"),
    Step("recording: committed", connection, "_commit", after=True),
]
SEALING = [
    Step("sealing: the lock is taken", log, "newest_checkpoint"),
    Step("sealing: before the entries are placed", log, "_place_pending"),
    Step("sealing: the entries are placed and unqueued", log, "_place_pending", after=True),
    Step("sealing: before the tiles are written", Tile.objects, "bulk_create"),
    Step("sealing: the tiles are written", Tile.objects, "bulk_create", after=True),
    Step("sealing: before the checkpoint is written", Checkpoint.objects, "create"),
    Step("sealing: the checkpoint is signed and written", log, "_sign", after=True),
    Step("sealing: committing", connection, "_commit"),
    Step("sealing: committed, the store outside not told", log, "publish"),
    Step("sealing: the new note on disk, the old one in place", store.os, "fsync", after=True),
    Step("sealing: the note is in its place", store, "replace_file", after=True),
]


def record():
    with transaction.atomic():
        log.record("sign_in.succeeded", actor=SUBJECT, role="none", subject=SUBJECT, facts={"second_step": True})


def until_killed(step, work, reached):
    """Work until the step, say that it is reached, and wait there to be killed."""
    true = getattr(step.where, step.what)

    def halt():
        reached.send(os.getpid())
        signal.pause()

    def stop_there(*args, **kwargs):
        if not step.after:
            halt()
        result = true(*args, **kwargs)
        halt()
        return result

    setattr(step.where, step.what, stop_there)
    work()
    os._exit(0)


@contextmanager
def killed_at(step, work):
    """Run the work in a process of its own, kill it with signal 9 when it reaches the step, and go on."""
    connections.close_all()
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=until_killed, args=(step, work, there))
    process.start()
    there.close()
    try:
        assert here.poll(60), f"{step.name} was not reached"
        os.kill(here.recv(), signal.SIGKILL)
        REACHED[step.name] += 1
    finally:
        process.join(60)
    assert process.exitcode == -signal.SIGKILL
    yield


@pytest.mark.parametrize("step", RECORDING, ids=lambda step: step.name)
def test_recording(step, exactly_once, tells):
    before = exactly_once()
    with killed_at(step, record):
        kept = Entry.objects.filter(subject=SUBJECT).count()
        assert kept == (1 if step.name.endswith(": committed") else 0)
        assert Pending.objects.count() == kept
    record()
    assert exactly_once() == before + kept + 1
    tells(f"kill -9 while {step.name}", f"{'the entry stands' if kept else 'no entry'}, and the log goes on")


@pytest.mark.parametrize("step", SEALING, ids=lambda step: step.name)
def test_sealing(step, exactly_once, tells, outside):
    before = exactly_once()
    with transaction.atomic():
        for _ in range(ENTRIES):
            log.record("sign_in.succeeded", actor=SUBJECT, role="none", subject=SUBJECT)
    with killed_at(step, log.integrate):
        assert Pending.objects.count() in {0, ENTRIES}
        sealed = not Pending.objects.exists()
    assert exactly_once() == before + ENTRIES
    (kept,) = outside.glob("*.checkpoint")
    assert kept.read_text() == log.newest_checkpoint().note
    tells(f"kill -9 while {step.name}", f"{'all' if sealed else 'none'} were sealed; the next beat puts it right")


def test_each_step_was_reached_once(request, tells):
    """Of all steps above, or of those that were chosen for this run."""
    chosen = [item.callspec.params["step"].name for item in request.session.items if _is_a_kill(item)]
    assert Counter(chosen) == REACHED
    tells(
        "each of the steps above", f"{sum(REACHED.values())} processes reached theirs and were killed there, once each"
    )


def _is_a_kill(item):
    return item.module.__name__ == __name__ and hasattr(item, "callspec")
