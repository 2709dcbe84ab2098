#!/usr/bin/env python3
"""Check a receipt of a Redress log offline, or two of its checkpoints. Needs Python 3.9 or later and nothing else.

    python3 -I verify_receipt.py FILE --key log.key [--checkpoint other.txt] [--file photo.jpg] [--language es]

FILE is a receipt, a file with a receipt on each line (JSONL), a signed checkpoint, or the proof between two checkpoints
that the log hands out. The key is the text of /log/key, from a place that you trust: a print, a newspaper, a copy you
made earlier. It is never taken from FILE; keys of witnesses may stand beside it. With --checkpoint a signed checkpoint
that you kept is compared with those in FILE; with --file, what you sent or the letter that you got is compared with the
one that the entry of a receipt names. Exits with 0 when everything was proved, 1 when something is false, 2 when it
cannot be read, 3 when no key was given or what was to be compared could not be.
"""

from __future__ import annotations

import argparse
import base64
import functools
import hashlib
import json
import os
import re
import sys
from datetime import datetime, timezone

FORMAT = "redress-receipt/1"
FIELDS = {"format", "leaf", "index", "proof", "checkpoint", "detail"}
PAIR_FORMAT = "redress-checkpoints/1"
PAIR_FIELDS = {"format", "old", "new", "proof"}
ON_ONE_LINE = '{"'
LARGEST = 200_000_000
TLOG_PROOF = "c2sp.org/tlog-proof@"
PROVED, FALSE, UNREADABLE, IN_PART = 0, 1, 2, 3

WORDS = {
    "en": {
        "in_log": "Proved: the entry stands at place {index} of a log of {size} entries with this root.",
        "grew": "Proved: the log of {new} entries begins with the log of {old} entries; nothing in it was changed.",
        "renamed": "Since then the log has another name: {before} became {after}. It lost entries; ask which, and why.",
        "signed": "Proved: the log {origin} signed its root at {size} entries{when}.",
        "witnessed": "Proved: the witness {origin} signed that root at {size} entries{when}.",
        "when": ", by its own clock on {moment}",
        "text": "Proved: the text in this receipt is the one that the entry was made with.",
        "no_text": "The receipt holds no text behind the entry; nothing is said of one.",
        "no_key": "Not proved: who signed the root. Give the log's key.",
        "same": "Proved: the checkpoint that you kept says the same of the log at that size.",
        "other_size": "Not compared: the checkpoint that you kept is of {size} entries, the one here of {here}. Check "
        "/log/since/{size}.json and /log/since/{here}.json of the site: both must lead to the same newer checkpoint.",
        "file": "It names a file, by its SHA-256: {digest}",
        "same_file": "Proved: the file that you gave is the one that the entry names.",
        "no_file": "Not compared: the entry names no file.",
        "line": "Line {number}: {said}",
        "lines": "Lines that hold what they say: {good} of {total}.",
        "entry": "The entry says: {act}, recorded {at}, about {subject}, by {actor} as {role}.",
        "limits": "This does not prove that what was written is true, nor that everything that happened was recorded.",
        "refused": "FALSE: {reason}",
        "unreadable": "This cannot be read: {reason}",
    },
    "es": {
        "in_log": "Probado: el asiento está en el lugar {index} de un registro de {size} asientos con esta raíz.",
        "grew": "Probado: el registro de {new} asientos comienza con el de {old} asientos; nada de este se cambió.",
        "renamed": "Desde entonces el registro tiene otro nombre: {before} pasó a ser {after}. Perdió asientos; pregunte "
        "cuáles y por qué.",
        "signed": "Probado: el registro {origin} firmó su raíz con {size} asientos{when}.",
        "witnessed": "Probado: el testigo {origin} firmó esa raíz con {size} asientos{when}.",
        "when": ", según su propio reloj el {moment}",
        "text": "Probado: el texto de este comprobante es aquel con el que se hizo el asiento.",
        "no_text": "El comprobante no contiene ningún texto del asiento; no se dice nada de ninguno.",
        "no_key": "No probado: quién firmó la raíz. Indique la clave del registro.",
        "same": "Probado: el punto de control que usted guardó dice lo mismo del registro con ese tamaño.",
        "other_size": "No comparado: el punto de control que usted guardó es de {size} asientos y el de aquí, de {here}. "
        "Compruebe /log/since/{size}.json y /log/since/{here}.json del sitio: ambos deben llevar al mismo punto de control "
        "más nuevo.",
        "file": "Nombra un archivo, por su SHA-256: {digest}",
        "same_file": "Probado: el archivo que usted dio es el que nombra el asiento.",
        "no_file": "No comparado: el asiento no nombra ningún archivo.",
        "line": "Línea {number}: {said}",
        "lines": "Líneas en las que todo concuerda: {good} de {total}.",
        "entry": "El asiento dice: {act}, asentado {at}, sobre {subject}, por {actor} como {role}.",
        "limits": "Esto no prueba que lo escrito sea verdad ni que se haya asentado todo lo que ocurrió.",
        "refused": "FALSO: {reason}",
        "unreadable": "Esto no se puede leer: {reason}",
    },
}
REASONS = {
    "en": {
        "not_signed": "the key given did not sign this checkpoint.",
        "signature": "a signature of the checkpoint is not good.",
        "extra_signature": "the checkpoint has a signature line that no key given can check.",
        "outside": "the place lies outside the log.",
        "proof_length": "the proof has the wrong length.",
        "proof_root": "the proof does not lead to the root of the checkpoint.",
        "written": "the file is not written as these files are.",
        "salt": "the salt is malformed.",
        "text": "the text is not the one that the entry was made with.",
        "other_log": "the checkpoints are of two logs.",
        "shrank": "the newer checkpoint is of a smaller log.",
        "fork": "the log showed another root to you: keep both files and make them public.",
        "other_file": "the file that you gave is not the one that the entry names.",
        "not_utf8": "the file is not text in UTF-8. Of a receipt, give the file that ends in .json.",
        "not_base64": "a hash or signature is not base64.",
        "no_key_file": "the key is not that of a log, or its file is missing. Give the text of /log/key.",
        "no_checkpoint": "this is no signed checkpoint.",
        "no_json": "this is no receipt: it is not JSON. Give the file as it was handed out.",
        "proof_alone": "this is the proof alone, for programs that have the text of the entry. Give the receipt, the file "
        "that ends in .json; it holds both.",
        "no_format": "this is neither a receipt nor a proof between two checkpoints.",
        "fields": "a field is missing or is not what it should be.",
        "file": "the file is missing or cannot be opened.",
    },
    "es": {
        "not_signed": "la clave indicada no firmó este punto de control.",
        "signature": "una firma del punto de control no es buena.",
        "extra_signature": "el punto de control tiene una firma que ninguna clave indicada puede comprobar.",
        "outside": "el lugar está fuera del registro.",
        "proof_length": "la prueba tiene una longitud equivocada.",
        "proof_root": "la prueba no conduce a la raíz del punto de control.",
        "written": "el archivo no está escrito como se escriben estos archivos.",
        "salt": "la sal está mal formada.",
        "text": "el texto no es aquel con el que se hizo el asiento.",
        "other_log": "los puntos de control son de dos registros.",
        "shrank": "el punto de control más nuevo es de un registro más pequeño.",
        "fork": "el registro le mostró a usted otra raíz: guarde ambos archivos y hágalos públicos.",
        "other_file": "el archivo que usted dio no es el que nombra el asiento.",
        "not_utf8": "el archivo no es texto en UTF-8. De un comprobante, dé el archivo que termina en .json.",
        "not_base64": "un resumen o una firma no está en base64.",
        "no_key_file": "la clave no es la de un registro o falta su archivo. Indique el texto de /log/key.",
        "no_checkpoint": "esto no es un punto de control firmado.",
        "no_json": "esto no es un comprobante: no es JSON. Dé el archivo tal como se le entregó.",
        "proof_alone": "esto es solo la prueba, para programas que tienen el texto del asiento. Dé el comprobante, el "
        "archivo que termina en .json; contiene ambos.",
        "no_format": "esto no es ni un comprobante ni una prueba entre dos puntos de control.",
        "fields": "un campo falta o no es lo que debe ser.",
        "file": "el archivo falta o no se puede abrir.",
    },
}
ROLES = {
    "en": {
        "complainant": "the complainant",
        "intake_specialist": "intake specialist",
        "investigator": "investigator",
        "supervising_investigator": "supervising investigator",
        "drawn_member": "member drawn for the panel",
        "board_member": "member of the board",
        "board_chair": "chair of the board",
        "chief": "chief",
        "auditor": "auditor",
        "records_officer": "records officer",
        "system": "the system itself",
    },
    "es": {
        "complainant": "quien presentó la queja",
        "intake_specialist": "especialista de recepción",
        "investigator": "persona investigadora",
        "supervising_investigator": "supervisión de investigaciones",
        "drawn_member": "persona sorteada para el panel",
        "board_member": "integrante de la junta",
        "board_chair": "presidencia de la junta",
        "chief": "jefatura",
        "auditor": "auditoría",
        "records_officer": "responsable de registros",
        "system": "el propio sistema",
    },
}
ACTS = {
    "en": {
        "move.receive": "a complaint was filed",
        "move.withdraw": "a wish to withdraw was recorded",
        "message.received": "the complainant wrote",
        "message.sent": "the office wrote",
        "evidence.added": "evidence was added",
        "letter.sent": "a letter was sent",
        "letter.sent_again": "a letter was sent again",
        "vote.cast": "a vote was cast",
        "move.issue_disposition": "the disposition was issued",
        "move.close": "the case was closed",
    },
    "es": {
        "move.receive": "se presentó una queja",
        "move.withdraw": "se anotó el deseo de retirarla",
        "message.received": "escribió quien presentó la queja",
        "message.sent": "escribió la oficina",
        "evidence.added": "se agregó una prueba",
        "letter.sent": "se envió una carta",
        "letter.sent_again": "se volvió a enviar una carta",
        "vote.cast": "se emitió un voto",
        "move.issue_disposition": "se emitió la resolución",
        "move.close": "se cerró el caso",
    },
}


class Contradicted(Exception):
    """Something in the file is not what it should be; it says what by a code of REASONS."""


class Unreadable(Exception):
    """What was given is no receipt, checkpoint or key; it says why by a code of REASONS."""


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


@functools.lru_cache(maxsize=64)
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
        raise Unreadable("not_base64") from None
    if base64.b64encode(value).decode() != text:
        raise Unreadable("not_base64")
    return value


def read_keys(text):
    """Return the keys of a key file as (name, id, type, key); raise Unreadable where there is none."""
    keys = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        parts = line.split("+", 2)
        if len(parts) != 3:
            raise Unreadable("no_key_file")
        name, number, value = parts[0], parts[1], decode(parts[2])
        if len(value) != 33 or value[0] not in (1, 4):
            raise Unreadable("no_key_file")
        if hashlib.sha256(name.encode() + b"\n" + value).hexdigest()[:8] != number:
            raise Unreadable("no_key_file")
        keys.append((name, bytes.fromhex(number), value[0], value[1:]))
    if not keys:
        raise Unreadable("no_key_file")
    return keys


def read_checkpoint(note):
    """Return (text, origin, size, root, signatures by (name, key id)) of a signed note; raise Unreadable."""
    text, gap, lines = note.rpartition("\n\n")
    head = (text + "\n").split("\n")
    if not gap or not lines.endswith("\n") or len(head) != 4 or not all(head[:3]):
        raise Unreadable("no_checkpoint")
    if not re.fullmatch("0|[1-9][0-9]{0,18}", head[1]):
        raise Unreadable("no_checkpoint")
    root, signatures = decode(head[2]), {}
    for line in lines[:-1].split("\n"):
        found = re.fullmatch("\u2014 ([^\\s+]+) ([A-Za-z0-9+/]+={0,2})", line)
        value = decode(found.group(2)) if found else b""
        if len(value) <= 4 or (found.group(1), value[:4]) in signatures:
            raise Unreadable("no_checkpoint")
        signatures[found.group(1), value[:4]] = value[4:]
    if len(root) != 32:
        raise Unreadable("no_checkpoint")
    return text + "\n", head[0], int(head[1]), root, signatures


def check_signatures(checkpoint, keys, *, others=False):
    """Return who signed the checkpoint as (name, seconds or None), the log first; raise Contradicted otherwise.

    Every key of the log must have signed. A key of a witness counts where the witness signed. A signature line that no
    key can check is refused, unless `others` says that witnesses may have added theirs.
    """
    text, origin, _size, _root, signatures = checkpoint
    signed = {}
    for name, number, kind, key in keys:
        signature = signatures.get((name, number))
        if signature is None and name != origin:
            continue
        if signature is None:
            raise Contradicted("not_signed")
        message = text.encode()
        if kind == 4:
            seconds, signature = int.from_bytes(signature[:8], "big"), signature[8:]
            message = b"cosignature/v1\ntime %d\n" % seconds + message
            signed[name] = seconds
        if not signature_is_good(key, signature, message):
            raise Contradicted("signature")
        signed.setdefault(name, None)
    if origin not in signed:
        raise Contradicted("not_signed")
    if not others and not {(key[0], key[1]) for key in keys} >= set(signatures):
        raise Contradicted("extra_signature")
    return sorted(signed.items(), key=lambda one: one[0] != origin)


# ---------------------------------------------------------------- the tree (RFC 6962)


def root_of(leaf, index, size, proof):
    """Return the root to which the proof leads; raise Contradicted where the proof has the wrong length."""
    if not 0 <= index < size:
        raise Contradicted("outside")
    path, start, end = [], 0, size
    while end - start > 1:
        middle = start + (1 << (end - start - 1).bit_length() - 1)
        path.append(index >= middle)
        start, end = (middle, end) if index >= middle else (start, middle)
    if len(path) != len(proof):
        raise Contradicted("proof_length")
    node = hashlib.sha256(b"\x00" + leaf).digest()
    for is_right, other in zip(reversed(path), proof):
        node = hashlib.sha256(b"\x01" + (other + node if is_right else node + other)).digest()
    return node


def _join(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def grown_from(old, old_root, new, proof):
    """Return the root of the newer log to which a consistency proof leads; raise Contradicted where it does not fit.

    `old` and `new` are sizes. An empty log says nothing of any other, so `old` is at least 1.
    """
    if not 0 < old <= new:
        raise Contradicted("shrank")
    hashes = iter(proof)
    try:
        before, after = _both_roots(old, new, hashes, old_root)
    except StopIteration:
        raise Contradicted("proof_length") from None
    if next(hashes, None) is not None:
        raise Contradicted("proof_length")
    if before != old_root:
        raise Contradicted("proof_root")
    return after


def _both_roots(old, new, hashes, known):
    """Return the roots of the first `old` leaves and of all `new`; `known` is the first where it needs no proof."""
    if old == new:
        whole = known or next(hashes)
        return whole, whole
    middle = 1 << (new - 1).bit_length() - 1
    if old <= middle:
        before, left = _both_roots(old, middle, hashes, known)
        return before, _join(left, next(hashes))
    before, right = _both_roots(old - middle, new - middle, hashes, None)
    left = next(hashes)
    return _join(left, before), _join(left, right)


# ---------------------------------------------------------------- receipts and pairs of checkpoints


def read_json(text):
    """Return a receipt or a pair; raise Unreadable or Contradicted for any but the one way to write them.

    That is with an indent of one, or on one line where the file begins with its first field.
    """
    try:
        found = json.loads(text)
        indent = None if text.startswith(ON_ONE_LINE) else 1
        written = json.dumps(found, ensure_ascii=False, indent=indent, sort_keys=True) + "\n"
    except (ValueError, RecursionError):
        raise Unreadable("no_json") from None
    shapes = {FORMAT: FIELDS, PAIR_FORMAT: PAIR_FIELDS}
    kind = found.get("format") if isinstance(found, dict) else None
    if not isinstance(kind, str) or set(found) != shapes.get(kind):
        raise Unreadable("no_format")
    if written != text:
        raise Contradicted("written")
    good = isinstance(found["proof"], list) and all(isinstance(row, str) for row in found["proof"])
    good = good and all(isinstance(found[name], str) for name in ("leaf", "checkpoint", "old", "new") if name in found)
    if kind == FORMAT:
        detail = found["detail"]
        good = good and type(found["index"]) is int
        good = good and (detail is None or _is_detail(detail))
    if not good:
        raise Unreadable("fields")
    return found


def _is_detail(detail):
    return (
        isinstance(detail, dict)
        and set(detail) == {"salt", "text"}
        and all(isinstance(value, str) for value in detail.values())
    )


def read_proof(rows):
    """Return the hashes of a proof; raise Unreadable for any that has not 32 bytes."""
    hashes = [decode(row) for row in rows]
    if any(len(value) != 32 for value in hashes):
        raise Unreadable("fields")
    return hashes


def check_detail(leaf, detail):
    """Raise Contradicted unless the text is the one that the leaf is bound to."""
    if not re.fullmatch("[0-9a-f]{64}", detail["salt"]):
        raise Contradicted("salt")
    digest = hashlib.sha256(bytes.fromhex(detail["salt"]) + detail["text"].encode()).hexdigest()
    if digest != leaf.get("commitment"):
        raise Contradicted("text")


def _of_receipt(receipt, language, sent):
    """Return the checkpoints of a receipt, and what it proves of them and of the file with the digest `sent`."""
    say = WORDS[language]
    checkpoint = read_checkpoint(receipt["checkpoint"])
    _text, _origin, size, root, _signatures = checkpoint
    if root_of(receipt["leaf"].encode(), receipt["index"], size, read_proof(receipt["proof"])) != root:
        raise Contradicted("proof_root")
    leaf = json.loads(receipt["leaf"])
    told = {name: _plain(leaf[name]) for name in ("action", "at", "subject", "actor", "role")}
    known = ACTS[language].get(told["action"])
    told["act"] = "%s (%s)" % (known, told["action"]) if known else told["action"]
    told["role"] = ROLES[language].get(told["role"], told["role"])
    named = leaf["facts"].get("sha256")
    about_file = " " + say["file"].format(digest=_plain(named)) if named else ""
    lines = [say["entry"].format(**told) + about_file, say["in_log"].format(index=receipt["index"], size=size)]
    if sent:
        lines.append(_compare_file(say, named, sent))
    if receipt["detail"] is None:
        lines.append(say["no_text"])
    else:
        check_detail(leaf, receipt["detail"])
        lines.append(say["text"])
    return [checkpoint], lines


def _compare_file(say, named, sent):
    """Return what is said of a file given beside the entry; raise Contradicted where the entry names another."""
    if named and sent != named:
        raise Contradicted("other_file")
    return say["same_file" if named else "no_file"]


def _of_pair(pair, language, sent):
    """Return the checkpoints of a proof between two, and what it proves of them; they name no file."""
    say, old, new = WORDS[language], read_checkpoint(pair["old"]), read_checkpoint(pair["new"])
    if grown_from(old[2], old[3], new[2], read_proof(pair["proof"])) != new[3]:
        raise Contradicted("proof_root" if old[2] != new[2] else "fork")
    lines = [say["grew"].format(old=old[2], new=new[2])]
    if old[1] != new[1]:
        lines.append(say["renamed"].format(before=_plain(old[1]), after=_plain(new[1])))
    return [old, new], lines + ([say["no_file"]] if sent else [])


def check(text, key="", kept="", language="en", sent=""):
    """Return (exit code, sentences) for a receipt, a checkpoint or the proof between two; all are given as texts.

    `key` is the log's key, `kept` a checkpoint from elsewhere and `sent` the SHA-256 of a file (hexadecimal); each may
    be left out. Of a file with a receipt on each line every line is checked, and the sentences name those that fail.
    """
    rows = re.findall("[^\n]*\n|[^\n]+", text) if text.startswith(ON_ONE_LINE) else []
    return _check_lines(rows, key, kept, language) if len(rows) > 1 else _check_one(text, key, kept, language, sent)


def _check_lines(rows, key, kept, language):
    say, wrong, said, good, codes = WORDS[language], [], {}, 0, set()
    for number, row in enumerate(rows, 1):
        code, lines = _check_one(row, key, kept, language)
        codes.add(code)
        if code in (PROVED, IN_PART):
            good += 1
            said.update(dict.fromkeys(lines[2:]))
        else:
            wrong += [say["line"].format(number=number, said=sentence) for sentence in lines]
    code = next(code for code in (FALSE, UNREADABLE, IN_PART, PROVED) if code in codes)
    return code, [*wrong, say["lines"].format(good=good, total=len(rows)), *said]


def _check_one(text, key, kept, language, sent=""):
    say, reasons = WORDS[language], REASONS[language]
    try:
        if text.startswith(TLOG_PROOF):
            raise Unreadable("proof_alone")
        is_note = not text.lstrip().startswith("{") and "\n\n\u2014 " in text
        if is_note:
            checkpoints, lines = [read_checkpoint(text)], [say["no_file"]] if sent else []
        else:
            found = read_json(text)
            checkpoints, lines = (_of_receipt if found["format"] == FORMAT else _of_pair)(found, language, sent)
        keys = read_keys(key) if key else []
        compared = say["no_file"] not in lines
        if kept:
            lines.append(_compare(say, checkpoints, read_checkpoint(kept), keys))
            compared = compared and lines[-1] == say["same"]
        if not keys:
            return IN_PART, [*lines, say["no_key"], say["limits"]]
        for checkpoint in checkpoints:
            lines += _signed(say, checkpoint, check_signatures(checkpoint, keys, others=is_note))
        return PROVED if compared else IN_PART, [*lines, say["limits"]]
    except Contradicted as wrong:
        return FALSE, [say["refused"].format(reason=reasons[str(wrong)])]
    except Unreadable as wrong:
        return UNREADABLE, [say["unreadable"].format(reason=reasons[str(wrong)])]
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, OSError, RecursionError):
        return UNREADABLE, [say["unreadable"].format(reason=reasons["fields"])]


def _signed(say, checkpoint, signers):
    lines = []
    for name, seconds in signers:
        moment = datetime.fromtimestamp(seconds, timezone.utc).isoformat() if seconds else ""
        when = say["when"].format(moment=moment) if moment else ""
        words = say["signed" if name == checkpoint[1] else "witnessed"]
        lines.append(words.format(origin=_plain(name), size=checkpoint[2], when=when))
    return lines


def _compare(say, checkpoints, kept, keys):
    """Return what a checkpoint kept elsewhere says of those in the file; raise Contradicted where they contradict."""
    if keys:
        check_signatures(kept, keys, others=True)
    if kept[1] not in {one[1] for one in checkpoints}:
        raise Contradicted("other_log")
    of_that_size = [one for one in checkpoints if one[1:3] == kept[1:3]]
    if not of_that_size:
        return say["other_size"].format(size=kept[2], here=checkpoints[-1][2])
    if kept[3] != of_that_size[0][3]:
        raise Contradicted("fork")
    return say["same"]


def _plain(value):
    """Return what a file says as it can be printed: signs that steer a terminal are left out."""
    return "".join(sign for sign in str(value) if sign.isprintable())


def main(arguments=None):
    """Check the files that are named, print what was and was not proved, and return the exit code."""
    parser = argparse.ArgumentParser(
        description="Check a receipt of a Redress log, or two of its checkpoints, offline."
    )
    parser.add_argument("file", help="a receipt or one on each line, a signed checkpoint, or the proof between two")
    parser.add_argument("--key", help="a file with the log's key, or the key itself")
    parser.add_argument("--checkpoint", help="a signed checkpoint that you kept")
    parser.add_argument(
        "--file", dest="sent", help="what you sent, or a letter that you got, to compare with the entry"
    )
    spoken = "es" if os.environ.get("LANG", "").startswith("es") else "en"
    parser.add_argument("--language", choices=sorted(WORDS), default=spoken)
    given = parser.parse_args(arguments)
    try:
        key = given.key or ""
        if key and os.path.exists(key):
            key = _text(key)
        kept = _text(given.checkpoint) if given.checkpoint else ""
        sent = _digest(given.sent) if given.sent else ""
        code, lines = check(_text(given.file), key, kept, given.language, sent)
    except (OSError, UnicodeError) as wrong:
        reason = REASONS[given.language]["file" if isinstance(wrong, OSError) else "not_utf8"]
        code, lines = UNREADABLE, [WORDS[given.language]["unreadable"].format(reason=reason)]
    sys.stdout.write("\n".join(lines) + "\n")
    return code


def _text(path):
    with open(path, encoding="utf-8", newline="") as file:
        return file.read(LARGEST)


def _digest(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        for part in iter(lambda: file.read(1 << 20), b""):
            digest.update(part)
    return digest.hexdigest()


if __name__ == "__main__":
    sys.exit(main())
