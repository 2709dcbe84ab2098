"""What proves to anyone, offline, that an entry stands in the log, and that the log only grew.

`audit/verify_receipt.py` checks both.
"""

from __future__ import annotations

import base64
import json
from typing import Any

from audit import proofs
from audit.log import newest_checkpoint
from audit.models import Checkpoint, Detail, Entry
from audit.verify_receipt import FORMAT, PAIR_FORMAT


class NotSealedYet(LookupError):
    """The entry waits for its place in the log; a receipt can be had after the next beat of the worker."""


def receipt(entry: Entry, *, with_detail: bool = False) -> dict[str, Any]:
    """Return the entry's receipt: its leaf, its proof, the newest checkpoint, and with it perhaps what lies behind it.

    `with_detail` adds the salt (hexadecimal) and the text that the leaf holds only as a digest, for the person whose
    words they are; nothing is added where the detail was erased. Raises NotSealedYet.
    """
    newest = newest_checkpoint()
    if newest is None:
        raise NotSealedYet(str(entry))
    made = receipt_under(newest, entry, proofs.Prover(newest.size))
    kept = Detail.objects.filter(entry=entry).first() if with_detail else None
    return {**made, "detail": {"salt": bytes(kept.salt).hex(), "text": kept.value} if kept else None}


def receipt_under(signed: Checkpoint, entry: Entry, prover: proofs.Prover) -> dict[str, Any]:
    """Return the entry's receipt, without its detail, under a checkpoint of the size that `prover` proves.

    Raises NotSealedYet for an entry that the checkpoint does not cover.
    """
    position = entry.position
    if position is None or position >= signed.size:
        raise NotSealedYet(str(entry))
    return {
        "format": FORMAT,
        "leaf": entry.leaf,
        "index": position,
        "proof": _written(prover.inclusion_proof(position)),
        "checkpoint": signed.note,
        "detail": None,
    }


def growth_since(old: Checkpoint) -> dict[str, Any]:
    """Return the proof that the newest checkpoint's log begins with the log of an older one."""
    newest = newest_checkpoint() or old
    return {
        "format": PAIR_FORMAT,
        "old": old.note,
        "new": newest.note,
        "proof": _written(proofs.consistency_proof(old.size, newest.size)),
    }


def _written(hashes: list[bytes]) -> list[str]:
    return [base64.b64encode(value).decode() for value in hashes]


def as_json(made: dict[str, Any]) -> str:
    """Return the one way in which a receipt is written, so that any changed byte of the file shows."""
    return json.dumps(made, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def as_tlog_proof(made: dict[str, Any]) -> str:
    """Return the proof alone, in the C2SP tlog-proof format that other programs read."""
    return "\n".join(["c2sp.org/tlog-proof@v1", f"index {made['index']}", *made["proof"], "", made["checkpoint"]])
