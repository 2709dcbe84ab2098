"""Triggers by which a published curriculum is never edited; an open end of its days can be set once."""

from django.db import migrations

GUARD = """
CREATE TRIGGER {table}_keeps_its_rows BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION policy_rules_keep();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_keeps_its_rows;
CREATE TRIGGER {table}_is_not_emptied BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION policy_rules_keep();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_is_not_emptied;
"""
FREE = """
DROP TRIGGER {table}_keeps_its_rows ON {table};
DROP TRIGGER {table}_is_not_emptied ON {table};
"""


def guard(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(GUARD.format(table=table), FREE.format(table=table))


class Migration(migrations.Migration):
    dependencies = [("policy_rules", "0011_courses_curricula_and_their_panel")]

    operations = [
        guard("policy_rules_curriculum"),
        guard("policy_rules_taughtsection"),
    ]
