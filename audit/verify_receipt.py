#!/usr/bin/env python3
"""Check a receipt of a Redress log offline. Needs Python 3.9 or later and nothing else.

    python3 -I verify_receipt.py receipt.json --key log.key [--checkpoint other.txt] [--language es]

The key is the text of /log/key, from a place that you trust: a print, a newspaper, a copy you made earlier. It is never
taken from the receipt. With --checkpoint a signed checkpoint that you kept is compared with the one in the receipt.
Exits with 0 when everything was proved, 1 when something is false, 2 when it cannot be read, 3 when no key was given.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import os
import re
import sys
from datetime import datetime, timezone

FORMAT = "redress-receipt/1"
FIELDS = {"format", "leaf", "index", "proof", "checkpoint", "detail"}
LARGEST = 10_000_000
PROVED, FALSE, UNREADABLE, NO_KEY = 0, 1, 2, 3

WORDS = {
    "en": {
        "in_log": "Proved: the entry stands at place {index} of a log of {size} entries with this root.",
        "signed": "Proved: the log {origin} signed that root{when}.",
        "when": ", by its own clock on {moment}",
        "text": "Proved: the text in this receipt is the one that the entry was made with.",
        "no_text": "The receipt holds no text behind the entry; nothing is said of one.",
        "no_key": "Not proved: who signed the root. Give the log's key with --key.",
        "same": "Proved: the checkpoint that you kept says the same of the log at that size.",
        "other_size": "Not compared: the checkpoint that you kept is of {size} entries. Ask for a proof between the two.",
        "entry": "The entry says: {action}, recorded {at}, about {subject}, by {actor} as {role}.",
        "limits": "This does not prove that what was written is true, nor that everything that happened was recorded.",
        "refused": "FALSE: {reason}",
        "unreadable": "This cannot be read: {reason}",
    },
    "es": {
        "in_log": "Probado: el asiento está en el lugar {index} de un registro de {size} asientos con esta raíz.",
        "signed": "Probado: el registro {origin} firmó esa raíz{when}.",
        "when": ", según su propio reloj el {moment}",
        "text": "Probado: el texto de este comprobante es aquel con el que se hizo el asiento.",
        "no_text": "El comprobante no contiene ningún texto del asiento; no se dice nada de ninguno.",
        "no_key": "No probado: quién firmó la raíz. Indique la clave del registro con --key.",
        "same": "Probado: el punto de control que usted guardó dice lo mismo del registro con ese tamaño.",
        "other_size": "No comparado: el punto de control que usted guardó es de {size} asientos. Pida una prueba entre ambos.",
        "entry": "El asiento dice: {action}, asentado {at}, sobre {subject}, por {actor} como {role}.",
        "limits": "Esto no prueba que lo escrito sea verdad ni que se haya asentado todo lo que ocurrió.",
        "refused": "FALSO: {reason}",
        "unreadable": "Esto no se puede leer: {reason}",
    },
}


class Contradicted(Exception):
    """Something in the receipt is not what it should be."""


class Unreadable(Exception):
    """What was given is no receipt, checkpoint or key."""


# ---------------------------------------------------------------- Ed25519 (RFC 8032), for checking public signatures

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def _add(a, b):
    """Add two points in extended coordinates."""
    e = (a[1] - a[0]) * (b[1] - b[0]) % P
    f = (a[1] + a[0]) * (b[1] + b[0]) % P
    g, h = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    i, j, k, m = f - e, h - g, h + g, f + e
    return i * j % P, k * m % P, j * k % P, i * m % P


def _times(number, point):
    result = (0, 1, 1, 0)
    while number:
        if number & 1:
            result = _add(result, point)
        point = _add(point, point)
        number >>= 1
    return result


def _point(data):
    """Decode 32 bytes; None for what is no point, or not written in the one way there is."""
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    if y >= P:
        return None
    u, v = (y * y - 1) % P, (D * y * y + 1) % P
    x = u * pow(v, 3, P) * pow(u * pow(v, 7, P), (P - 5) // 8, P) % P
    if v * x * x % P == P - u and u:
        x = x * ROOT % P
    if v * x * x % P != u or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


def _bytes(point):
    z = pow(point[2], P - 2, P)
    return (point[1] * z % P | (point[0] * z % P & 1) << 255).to_bytes(32, "little")


BASE = _point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def signature_is_good(key, signature, message):
    """Say whether the 64 bytes are an Ed25519 signature of the message by the key of 32 bytes."""
    point = _point(key)
    scalar = int.from_bytes(signature[32:], "little")
    if len(key) != 32 or len(signature) != 64 or point is None or scalar >= L:
        return False
    digest = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    minus = (P - point[0], point[1], 1, P - point[3])
    return _bytes(_add(_times(scalar, BASE), _times(digest, minus))) == signature[:32]


# ---------------------------------------------------------------- signed notes


def decode(text):
    """Decode base64 that is written in its one way; raise Unreadable otherwise."""
    try:
        value = base64.b64decode(text.encode("ascii"), validate=True)
    except (ValueError, UnicodeError):
        raise Unreadable("base64") from None
    if base64.b64encode(value).decode() != text:
        raise Unreadable("base64")
    return value


def read_keys(text):
    """Return the keys of a key file as (name, id, type, key); raise Unreadable where there is none."""
    keys = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        parts = line.split("+", 2)
        if len(parts) != 3:
            raise Unreadable("key")
        name, number, value = parts[0], parts[1], decode(parts[2])
        if len(value) != 33 or value[0] not in (1, 4):
            raise Unreadable("key")
        if hashlib.sha256(name.encode() + b"\n" + value).hexdigest()[:8] != number:
            raise Unreadable("key id")
        keys.append((name, bytes.fromhex(number), value[0], value[1:]))
    if not keys:
        raise Unreadable("key")
    return keys


def read_checkpoint(note):
    """Return (text, origin, size, root, signatures by (name, key id)) of a signed note; raise Unreadable."""
    text, gap, lines = note.rpartition("\n\n")
    head = (text + "\n").split("\n")
    if not gap or not lines.endswith("\n") or len(head) != 4 or not all(head[:3]):
        raise Unreadable("checkpoint")
    if not re.fullmatch("0|[1-9][0-9]{0,18}", head[1]):
        raise Unreadable("size")
    root, signatures = decode(head[2]), {}
    for line in lines[:-1].split("\n"):
        found = re.fullmatch("\u2014 ([^\\s+]+) ([A-Za-z0-9+/]+={0,2})", line)
        value = decode(found.group(2)) if found else b""
        if len(value) <= 4 or (found.group(1), value[:4]) in signatures:
            raise Unreadable("signature line")
        signatures[found.group(1), value[:4]] = value[4:]
    if len(root) != 32:
        raise Unreadable("root")
    return text + "\n", head[0], int(head[1]), root, signatures


def check_signatures(checkpoint, keys):
    """Return when the checkpoint was signed, None if no signature says so; raise Contradicted unless every key signed it."""
    text, origin, _size, _root, signatures = checkpoint
    moment = None
    for name, number, kind, key in keys:
        signature = signatures.get((name, number))
        if name != origin or signature is None:
            raise Contradicted("the key given did not sign this checkpoint")
        message = text.encode()
        if kind == 4:
            seconds, signature = int.from_bytes(signature[:8], "big"), signature[8:]
            message = b"cosignature/v1\ntime %d\n" % seconds + message
            moment = seconds
        if not signature_is_good(key, signature, message):
            raise Contradicted("the signature of the checkpoint is not good")
    if len(signatures) != len(keys) and not {(k[0], k[1]) for k in keys} >= set(signatures):
        raise Contradicted("the checkpoint has a signature line that no key given can check")
    return moment


# ---------------------------------------------------------------- the tree (RFC 6962)


def root_of(leaf, index, size, proof):
    """Return the root to which the proof leads; raise Contradicted where the proof has the wrong length."""
    if not 0 <= index < size:
        raise Contradicted("the place lies outside the log")
    path, start, end = [], 0, size
    while end - start > 1:
        middle = start + (1 << (end - start - 1).bit_length() - 1)
        path.append(index >= middle)
        start, end = (middle, end) if index >= middle else (start, middle)
    if len(path) != len(proof):
        raise Contradicted("the proof has the wrong length")
    node = hashlib.sha256(b"\x00" + leaf).digest()
    for is_right, other in zip(reversed(path), proof):
        node = hashlib.sha256(b"\x01" + (other + node if is_right else node + other)).digest()
    return node


# ---------------------------------------------------------------- receipts


def read_receipt(text):
    """Return the receipt; raise Unreadable for anything but the one way in which a receipt is written."""
    try:
        found = json.loads(text)
        written = json.dumps(found, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    except (ValueError, RecursionError):
        raise Unreadable("JSON") from None
    if not isinstance(found, dict) or set(found) != FIELDS or found["format"] != FORMAT:
        raise Unreadable("no receipt of the form " + FORMAT)
    if written != text:
        raise Contradicted("the file is not written as receipts are")
    detail = found["detail"]
    shapes = [
        isinstance(found["leaf"], str),
        isinstance(found["checkpoint"], str),
        type(found["index"]) is int,
        isinstance(found["proof"], list) and all(isinstance(row, str) for row in found["proof"]),
        detail is None
        or (
            isinstance(detail, dict)
            and set(detail) == {"salt", "text"}
            and all(isinstance(v, str) for v in detail.values())
        ),
    ]
    if not all(shapes):
        raise Unreadable("fields")
    return found


def check_detail(leaf, detail):
    """Raise Contradicted unless the text is the one that the leaf is bound to."""
    if not re.fullmatch("[0-9a-f]{64}", detail["salt"]):
        raise Contradicted("the salt is malformed")
    digest = hashlib.sha256(bytes.fromhex(detail["salt"]) + detail["text"].encode()).hexdigest()
    if digest != leaf.get("commitment"):
        raise Contradicted("the text is not the one that the entry was made with")


def check(text, key="", kept="", language="en"):
    """Return (exit code, sentences) for a receipt, the log's key and a checkpoint kept elsewhere, all as texts."""
    say = WORDS[language]
    lines = []
    try:
        receipt = read_receipt(text)
        checkpoint = read_checkpoint(receipt["checkpoint"])
        _text, origin, size, root, _signatures = checkpoint
        proof = [decode(row) for row in receipt["proof"]]
        if any(len(value) != 32 for value in proof):
            raise Unreadable("proof")
        if root_of(receipt["leaf"].encode(), receipt["index"], size, proof) != root:
            raise Contradicted("the proof does not lead to the root of the checkpoint")
        leaf = json.loads(receipt["leaf"])
        lines.append(say["entry"].format(**{name: leaf[name] for name in ("action", "at", "subject", "actor", "role")}))
        lines.append(say["in_log"].format(index=receipt["index"], size=size))
        if receipt["detail"] is None:
            lines.append(say["no_text"])
        else:
            check_detail(leaf, receipt["detail"])
            lines.append(say["text"])
        if kept:
            lines.append(_compare(say, checkpoint, read_checkpoint(kept), key))
        if not key:
            return NO_KEY, [*lines, say["no_key"], say["limits"]]
        moment = check_signatures(checkpoint, read_keys(key))
        when = say["when"].format(moment=datetime.fromtimestamp(moment, timezone.utc).isoformat()) if moment else ""
        return PROVED, [*lines, say["signed"].format(origin=origin, when=when), say["limits"]]
    except Contradicted as wrong:
        return FALSE, [say["refused"].format(reason=wrong)]
    except (Unreadable, ValueError, KeyError, TypeError, OverflowError, OSError) as wrong:
        return UNREADABLE, [say["unreadable"].format(reason=wrong)]


def _compare(say, checkpoint, kept, key):
    """Return what a checkpoint kept elsewhere says of the one in the receipt; raise Contradicted where they contradict."""
    if key:
        check_signatures(kept, read_keys(key))
    if kept[1] != checkpoint[1]:
        raise Contradicted("the checkpoint that you kept is of another log")
    if kept[2] != checkpoint[2]:
        return say["other_size"].format(size=kept[2])
    if kept[3] != checkpoint[3]:
        raise Contradicted("the log showed another root to you: keep both files and make them public")
    return say["same"]


def main(arguments=None):
    """Check the files that are named, print what was and was not proved, and return the exit code."""
    parser = argparse.ArgumentParser(description="Check a receipt of a Redress log offline.")
    parser.add_argument("receipt")
    parser.add_argument("--key", help="a file with the log's key, or the key itself")
    parser.add_argument("--checkpoint", help="a signed checkpoint that you kept")
    spoken = "es" if os.environ.get("LANG", "").startswith("es") else "en"
    parser.add_argument("--language", choices=sorted(WORDS), default=spoken)
    given = parser.parse_args(arguments)
    try:
        key = given.key or ""
        if key and os.path.exists(key):
            key = _text(key)
        kept = _text(given.checkpoint) if given.checkpoint else ""
        code, lines = check(_text(given.receipt), key, kept, given.language)
    except (OSError, UnicodeError) as wrong:
        code, lines = UNREADABLE, [WORDS[given.language]["unreadable"].format(reason=wrong)]
    sys.stdout.write("\n".join(lines) + "\n")
    return code


def _text(path):
    with open(path, encoding="utf-8", newline="") as file:
        return file.read(LARGEST)


if __name__ == "__main__":
    sys.exit(main())
