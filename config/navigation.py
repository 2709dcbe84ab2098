"""The two menus: of the public, and of those who work here. An entry whose route is not installed is left out."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

HANDLERS = frozenset({"intake_specialist", "investigator", "supervising_investigator"})
STAFF = HANDLERS | {"records_officer"}
BOARD = frozenset({"board_member", "board_chair"})
DRAFTERS = frozenset({"policy_analyst", "counsel", "chief", "city_manager", "auditor"})
TRAINERS = frozenset({"training_coordinator", "chief", "auditor", "commander", "unit_supervisor"})
MEMBERS = frozenset({"officer", "unit_supervisor", "commander", "chief"})
OVERSEERS = frozenset({"auditor", "policy_analyst"})
RECOMMENDING = frozenset({
    "board_member", "board_chair", "investigator", "supervising_investigator", "auditor", "chief", "city_manager",
    "policy_analyst", "training_coordinator", "counsel",
})  # fmt: skip


@dataclass(frozen=True)
class Place:
    """An entry of a menu: its words, its route, and the office roles it is for (none: everyone)."""

    label: str | Promise
    route: str
    roles: frozenset[str] = frozenset()


PUBLIC = (
    Place(_("Make a complaint"), "portal:start"),
    Place(_("Check a complaint"), "portal:track"),
    Place(_("Policies"), "policies:contents"),
    Place(_("Results and data"), "results:overview"),
)
ABOUT = (
    Place(_("How we decide"), "how_we_decide"),
    Place(_("Who sees your information"), "your_information"),
    Place(_("The public log"), "log:front"),
    Place(_("Accessibility"), "accessibility"),
    Place(_("Contact and help"), "contact"),
    Place(_("In an emergency"), "emergency"),
)
WORK = (
    Place(_("My work"), "staff:my_work", (STAFF | DRAFTERS | TRAINERS) - {"auditor"}),
    Place(_("Cases"), "staff:cases", STAFF | {"chief", "auditor", "commander", "unit_supervisor"}),
    Place(_("News"), "staff:news", STAFF | BOARD | {"chief", "auditor"}),
    Place(_("Board"), "board:reviews", BOARD),
    Place(_("People and roles"), "account_people", frozenset({"system_administrator"})),
    Place(_("Changes asked for"), "staff:recommendations", RECOMMENDING),
    Place(_("Policies"), "policies:contents"),
    Place(_("Policy drafts"), "policy_office:overview", DRAFTERS),
    Place(_("Training"), "training:overview", TRAINERS),
    Place(_("My training"), "training:mine", MEMBERS | BOARD | HANDLERS),
    Place(_("Audit"), "audit:state", OVERSEERS | {"system_administrator"}),
    Place(_("Erasures"), "audit:erasures", frozenset({"records_officer"})),
    Place(_("API tokens"), "account_tokens", frozenset({"report_client"})),
)


def menu(request: HttpRequest, places: Collection[Place], roles: Collection[str] = ()) -> list[dict[str, Any]]:
    """Return the entries for someone with these roles; the longest address above this page is current."""
    entries: list[dict[str, Any]] = []
    for place in places:
        if place.roles and place.roles.isdisjoint(roles):
            continue
        try:
            url = reverse(place.route)
        except NoReverseMatch:
            continue
        entries.append({"label": place.label, "url": url, "route": place.route, "current": False})
    here = [entry for entry in entries if request.path.startswith(entry["url"])]
    if here:
        max(here, key=lambda entry: len(entry["url"]))["current"] = True
    return entries
