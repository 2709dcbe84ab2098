"""The fixed cast of the tests: the office, the board and the department of Harrow Bend, a city that does not exist."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import Role, RoleHolding, User
from casework.models import ConfidentialityAgreement, Officer
from policy_rules.importers.yaml_format import read_manual
from policy_rules.manuals import DEMO_MANUAL
from policy_rules.publishing import publish

STAFF = {
    "oferrant": ("Odalys Ferrant", "intake_specialist"),
    "bteasley": ("Bram Teasley", "intake_specialist"),
    "ivosslind": ("Imara Vosslind", "investigator"),
    "tbanning": ("Teodric Banning", "investigator"),
    "rambersole": ("Ruth Ambersole", "supervising_investigator"),
    "cdreyfield": ("Callum Dreyfield", "supervising_investigator"),
    "wtarrow": ("Wilhelmina Tarrow", "board_chair"),
    "jpenhallis": ("Josiah Penhallis", "board_member"),
    "larborcruz": ("Luz Arborcruz", "board_member"),
    "hmintwater": ("Harold Mintwater", "board_member"),
    "nadeyoun": ("Nkechi Adeyoun", "board_member"),
    "glathsill": ("Gwen Lathsill", "board_member"),
    "twarsanel": ("Talib Warsanel", "board_member"),
    "tveldhorn": ("Tomasina Veldhorn", "board_member"),
    "pulmwood": ("Preston Ulmwood", "board_member"),
    "ecastlemayne": ("Eleanor Castlemayne", "chief"),
    "vsundarell": ("Vikram Sundarell", "auditor"),
    "nhalvaney": ("Noor Halvaney", "policy_analyst"),
    "lquillfeather": ("Leona Quillfeather", "counsel"),
    "mstrandberg": ("Matthias Strandberg", "city_manager"),
    "bollerby": ("Bettina Ollerby", "records_officer"),
    "dpassmoor": ("Dwight Passmoor", "training_coordinator"),
    "kbrandvold": ("Keiko Brandvold", "system_administrator"),
    "omaddocks": ("Orrin Maddocks", "commander"),
    "tminch": ("Tobias Minch", "unit_supervisor"),
}
BADGES = {"ecastlemayne": "1000", "tminch": "1006"}
OFFICERS = {
    "1000": ("Eleanor Castlemayne", "Chief", "Command"),
    "1006": ("Tobias Minch", "Sergeant", "Downtown Patrol"),
    "1013": ("Dane Kessrow", "Officer", "North Patrol"),
    "1014": ("Priya Naldar", "Officer", "North Patrol"),
    "1022": ("Kyle Drennick", "Officer", "Southeast Patrol"),
}
BOARD = tuple(login for login, (_name, role) in STAFF.items() if role.startswith("board_"))
LONG_AGO = timedelta(days=2000)


def person(login: str) -> User:
    """Return a member of the cast."""
    return User.objects.get(login=login)


@transaction.atomic
def load() -> None:
    """Enter the shipped manual and the cast, with agreements of the board that bind today."""
    publish(read_manual(DEMO_MANUAL), actor="system", role="system")
    today = date.today()  # noqa: DTZ011
    for login, (name, role) in STAFF.items():
        user = User.objects.create_user(login, name=name, badge=BADGES.get(login, ""))
        Role.objects.get_or_create(code=role, defaults={"name": role})
        RoleHolding.objects.create(user=user, role_id=role, since=timezone.now() - LONG_AGO)
        if role.startswith("board_"):
            ConfidentialityAgreement.objects.create(
                user=user, signed_on=today - timedelta(days=200), valid_until=today + timedelta(days=165)
            )
    for badge, (name, rank, unit) in OFFICERS.items():
        Officer.objects.create(badge=badge, name=name, rank=rank, unit=unit)
