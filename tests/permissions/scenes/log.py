from datetime import UTC, datetime

from audit import log
from audit.checkpoint import Ed25519Signer
from audit.models import Cosignature
from tests import walk
from tests.permissions.visitors import Scene, scene


@scene
def public_log() -> Scene:
    walk.file()
    newest = log.integrate()
    return Scene({"level": 0, "place": "000.p/1", "size": newest.size if newest else 0})


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
