"""Evidence: what is added is digested and kept under its digest; every viewing of a file is a link in its custody."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import IO, Any

import orjson
from django.utils.translation import gettext as _

from casework.actions.acts import Act, acting
from casework.exceptions import Invalid, NotPermitted
from casework.models import Case, CustodyEvent, Evidence, Packet
from casework.models.kept_files import keep, stored_path
from casework.permissions import Actor, Complainant, permissions_of, user
from casework.vocabulary import CustodyAct, EvidenceKind, Perm


def add_evidence(
    *,
    case: Case | str,
    kind: str,
    title: str,
    by: Actor,
    source: str = "",
    locator: str = "",
    chunks: Iterable[bytes] | None = None,
    filename: str = "",
    is_compelled: bool = False,
    is_collected: bool = True,
    not_collected_reason: str = "",
    on: date | None = None,
) -> Evidence:
    """Add an item (CH-4.6): a file, a reference to a recording, or an item that was not to be had, with the reason."""
    with acting("add_evidence", case=case, by=by, perm=Perm.ADD_EVIDENCE, on=on) as act:
        if kind not in EvidenceKind.values:
            raise Invalid(_("Choose what the item is."), field="kind")
        if not title.strip():
            raise Invalid(_("Give the item a title."), field="title")
        if not is_collected and not not_collected_reason.strip():
            raise Invalid(_("Say why the item could not be collected."), field="not_collected_reason")
        sha256, size, media_type = keep(chunks, filename) if chunks is not None else ("", None, "")
        item = Evidence(
            kind=kind,
            title=title.strip(),
            source=source,
            locator=locator,
            is_compelled=is_compelled or kind == EvidenceKind.STATEMENT_COMPELLED,
            is_collected=is_collected,
            not_collected_reason=not_collected_reason,
            filename=Path(filename).name,
            media_type=media_type,
            size=size,
            sha256=sha256,
        )
        return _enter(act, item)


def add_kept_file(
    *, case: Case | str, kind: str, title: str, filename: str, sha256: str, size: int, media_type: str, by: Actor
) -> Evidence:
    """Add a file whose bytes are kept already, such as one that came with a draft."""
    with acting("add_evidence", case=case, by=by, perm=Perm.ADD_EVIDENCE) as act:
        item = Evidence(kind=kind, title=title, filename=filename, sha256=sha256, size=size, media_type=media_type)
        return _enter(act, item)


def _enter(act: Act, item: Evidence) -> Evidence:
    item.case = act.case
    item.number = act.case.evidence.count() + 1
    item.obtained_on = act.on
    item.obtained_by = None if isinstance(act.by, Complainant) else user(act.by)
    item.given_by = act.case.parties.first() if isinstance(act.by, Complainant) else None
    item.save()
    if item.is_collected:
        CustodyEvent.objects.create(evidence=item, act=CustodyAct.RECEIVED, by=act.by.reference)
    act.record(
        "evidence.added",
        objects=[f"{act.case.reference}/{item.code}"],
        facts={
            "evidence": item.code,
            "kind": str(item.kind),
            "sha256": item.sha256,
            "size": item.size or 0,
            "compelled": item.is_compelled,
            "collected": item.is_collected,
        },
        detail={"title": item.title, "source": item.source, "locator": item.locator, "filename": item.filename},
    )
    return item


def open_evidence(*, case: Case | str, number: int, by: Actor) -> tuple[Evidence, IO[bytes]]:
    """Return an item and its open file, after recording the viewing. A compelled statement needs its own permission.

    Raises Invalid where no file is kept under that number.
    """
    with acting("add_evidence", case=case, by=by, perm=Perm.VIEW_EVIDENCE) as act:
        item = act.case.evidence.filter(number=number).first()
        if item is None or not item.has_file:
            raise Invalid(_("No file is kept under this number."), field="number")
        if item.is_compelled and Perm.OPEN_COMPELLED not in permissions_of(by, act.case):
            raise NotPermitted(Perm.OPEN_COMPELLED.label)
        CustodyEvent.objects.create(evidence=item, act=CustodyAct.VIEWED, by=by.reference)
        act.record("evidence.viewed", facts={"evidence": item.code, "sha256": item.sha256}, substance=False)
        return item, stored_path(item.sha256).open("rb")


def open_packet_item(*, case: Case | str, number: int, by: Actor) -> tuple[Evidence, IO[bytes]]:
    """Return an item of the packet that was handed over and its open file, after recording the viewing (CH-5.3).

    What came to the file since is not in the packet. Raises Invalid for an item that is not listed, or whose bytes do
    not have the digest that the packet lists; NotPermitted for a compelled statement without its own permission.
    """
    with acting("build_packet", case=case, by=by, perm=Perm.VIEW_PACKET) as act:
        packet = act.case.packets.filter(checked_on__isnull=False).last()
        listed = {row["number"]: row["sha256"] for row in packet.manifest["evidence"]} if packet else {}
        item = act.case.evidence.filter(number=number).first()
        if item is None or not listed.get(number):
            raise Invalid(_("The packet holds no file under this number."), field="number")
        if item.is_compelled and Perm.OPEN_COMPELLED not in permissions_of(by, act.case):
            raise NotPermitted(Perm.OPEN_COMPELLED.label)
        opened = stored_path(item.sha256).open("rb")
        if hashlib.file_digest(opened, "sha256").hexdigest() != listed[number]:
            opened.close()
            raise Invalid(_("The file is not the one that the packet lists. Tell the office before you go on."))
        opened.seek(0)
        CustodyEvent.objects.create(evidence=item, act=CustodyAct.VIEWED, by=by.reference)
        act.record("evidence.viewed", facts={"evidence": item.code, "sha256": item.sha256}, substance=False)
        return item, opened


def _manifest(case: Case) -> dict[str, Any]:
    report = case.reports.last()
    return {
        "case": case.number,
        "narrative": case.narrative_digest,
        "report": {"version": report.version, "sha256": report.sha256} if report else None,
        "evidence": [
            {"number": item.number, "kind": item.kind, "title": item.title, "sha256": item.sha256}
            for item in case.evidence.filter(is_collected=True)
        ],
    }


def build_packet(*, case: Case | str, by: Actor, on: date | None = None) -> Packet:
    """Freeze the file as a list of items and digests (CH-5.3); a second person must check it before hand-over."""
    with acting("build_packet", case=case, by=by, perm=Perm.BUILD_PACKET, on=on) as act:
        manifest = _manifest(act.case)
        digest = hashlib.sha256(orjson.dumps(manifest, option=orjson.OPT_SORT_KEYS)).hexdigest()
        packet = Packet.objects.create(
            case=act.case,
            version=act.case.packets.count() + 1,
            manifest=manifest,
            digest=digest,
            built_by=user(by),
            built_on=act.on,
        )
        act.record(
            "packet.built",
            facts={"packet": packet.version, "digest": digest, "items": len(manifest["evidence"])},
        )
        return packet


def check_packet(*, case: Case | str, by: Actor, on: date | None = None) -> Packet:
    """Confirm the newest packet as a second person, who has compared it with the file (CH-5.3)."""
    with acting("build_packet", case=case, by=by, perm=Perm.BUILD_PACKET, on=on) as act:
        packet = act.case.packets.last()
        if packet is None or packet.checked_on is not None:
            raise Invalid(_("There is no packet to check."), field="packet")
        if packet.built_by == by:
            raise Invalid(_("You built this packet. Another person must check it."), field="packet")
        if packet.manifest != _manifest(act.case):
            raise Invalid(_("The file has changed since the packet was built. Build it again."), field="packet")
        packet.checked_by, packet.checked_on = user(by), act.on
        packet.save(update_fields=["checked_by", "checked_on"])
        CustodyEvent.objects.bulk_create(
            CustodyEvent(evidence=item, act=CustodyAct.FROZEN, by=by.reference)
            for item in act.case.evidence.filter(is_collected=True)
        )
        act.record("packet.checked", facts={"packet": packet.version, "digest": packet.digest})
        return packet
