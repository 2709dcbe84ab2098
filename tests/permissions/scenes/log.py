from datetime import UTC, datetime

from django.utils import timezone

from audit import log
from audit.checkpoint import Ed25519Signer
from audit.models import Cosignature, TimeStamp
from tests import walk
from tests.permissions.visitors import Scene, scene


@scene
def public_log() -> Scene:
    """An authority stamped the newest checkpoint; what it answered is not looked into here."""
    walk.file()
    newest = log.integrate()
    size = newest.size if newest else 0
    TimeStamp.objects.create(size=size, authority="CN=County Clerk", answer=b"0\x00", stamped_at=timezone.now())
    return Scene({"level": 0, "place": "000.p/1", "size": size})


@scene
def witnessed_log() -> Scene:
    """A newspaper cosigned the first checkpoint, and what is kept of it for the second is not its signature."""
    found, paper = public_log(), Ed25519Signer("paper.example/witness", bytes(32), datetime(2026, 11, 3, tzinfo=UTC))
    first = log.newest_checkpoint()
    line = paper.sign(first.note.rpartition("\n\n")[0] + "\n").strip()
    walk.file()
    for signed in (first, log.integrate()):
        Cosignature.objects.create(size=signed.size, key=paper.verifier.text, line=line)
    return found
