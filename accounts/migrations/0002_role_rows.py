from typing import Any

from django.db import migrations

ROLES = {
    "intake_specialist": "Intake specialist",
    "investigator": "Investigator",
    "supervising_investigator": "Supervising investigator",
    "board_member": "Board member",
    "board_chair": "Board chair",
    "chief": "Chief",
    "auditor": "Auditor",
    "policy_analyst": "Policy analyst",
    "records_officer": "Records officer",
    "training_coordinator": "Training coordinator",
    "report_client": "Report client",
    "system_administrator": "System administrator",
    "commander": "Commander",
    "unit_supervisor": "Unit supervisor",
    "officer": "Officer",
    "representative": "Complainant’s representative",
}


def add_roles(apps: Any, schema_editor: Any) -> None:
    role = apps.get_model("accounts", "Role")
    role.objects.bulk_create(role(code=code, name=name) for code, name in ROLES.items())


def remove_roles(apps: Any, schema_editor: Any) -> None:
    apps.get_model("accounts", "Role").objects.filter(code__in=ROLES).delete()


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_users_roles_tokens")]
    operations = [migrations.RunPython(add_roles, remove_roles)]
