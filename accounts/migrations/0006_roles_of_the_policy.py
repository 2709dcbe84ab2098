from typing import Any

from django.db import migrations

ROLES = {"counsel": "Counsel", "city_manager": "City manager"}


def add_roles(apps: Any, schema_editor: Any) -> None:
    role = apps.get_model("accounts", "Role")
    role.objects.bulk_create([role(code=code, name=name) for code, name in ROLES.items()], ignore_conflicts=True)


def remove_roles(apps: Any, schema_editor: Any) -> None:
    apps.get_model("accounts", "Role").objects.filter(code__in=ROLES).delete()


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_cache_table")]
    operations = [migrations.RunPython(add_roles, remove_roles)]
