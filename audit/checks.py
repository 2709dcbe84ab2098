"""What is wrong with the settings of the log, said when the program starts and by `manage.py check`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error
from django.core.exceptions import ImproperlyConfigured

from audit import cosignatures, keys, store, time_stamps
from audit.checkpoint import NoteError, is_name


def settings_of_the_log(app_configs: Any, **_more: Any) -> list[CheckMessage]:
    """Return what is wrong with name, key, beat, witnesses and time stamps of the log."""
    return [*_of_signing(), *_of_witnesses(), *_of_time_stamps()]


def _of_signing() -> Iterator[CheckMessage]:
    if not is_name(settings.AUDIT_ORIGIN):
        hint = "Write a name without spaces and plus signs, such as oversight.example/log."
        yield Error(f"AUDIT_ORIGIN is {settings.AUDIT_ORIGIN!r}, which is no name of a log.", hint, id="audit.E001")
    try:
        keys.verifiers()
    except ImproperlyConfigured as wrong:
        yield Error(str(wrong), id="audit.E002")
    try:
        store.checkpoint_store()
    except (ImportError, TypeError, KeyError) as wrong:
        hint = "Name a class like audit.store.FolderStore, and where it keeps the checkpoints."
        yield Error(f"The store of AUDIT_CHECKPOINT_STORE cannot be made: {wrong}", hint, id="audit.E007")
    if settings.AUDIT_BEAT_SECONDS <= 0:
        yield Error("AUDIT_BEAT_SECONDS must be more than 0.", id="audit.E003")


def _of_witnesses() -> Iterator[CheckMessage]:
    try:
        cosignatures.witnesses()
    except NoteError as wrong:
        hint = "Each is the line that `manage.py witness_checkpoint --new-key` prints, separated by commas."
        yield Error(f"AUDIT_WITNESSES holds what is no key of a witness: {wrong}", hint, id="audit.E004")


def _of_time_stamps() -> Iterator[CheckMessage]:
    if not settings.AUDIT_TIME_STAMP_URL:
        return
    if not settings.AUDIT_TIME_STAMP_URL.startswith(("https://", "http://")):
        yield Error("AUDIT_TIME_STAMP_URL must be an address of the web.", id="audit.E005")
    try:
        roots = time_stamps.trusted_roots()
    except time_stamps.NotStamped as wrong:
        yield Error(str(wrong), id="audit.E006")
        return
    if not roots:
        hint = "Name a file with the certificates that vouch for the authority in AUDIT_TIME_STAMP_ROOTS."
        yield checks.Warning("No checkpoint will be stamped: no certificate is trusted.", hint, id="audit.W001")
