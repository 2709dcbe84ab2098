"""The two deletes that the log allows, as functions of the tables' owner: the application's role needs no DELETE."""

from django.db import migrations

UNQUEUE = """
CREATE FUNCTION audit_unqueue(from_position bigint) RETURNS void
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    DELETE FROM audit_pending USING audit_leaf
     WHERE audit_leaf.entry_id = audit_pending.entry_id AND position >= from_position
$$;
"""

ERASE = """
CREATE FUNCTION audit_erase(of_entry bigint) RETURNS boolean
    LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH gone AS (DELETE FROM audit_detail WHERE entry_id = of_entry RETURNING entry_id)
    SELECT EXISTS (SELECT FROM gone)
$$;
"""

PINNED = "ALTER FUNCTION audit_refuse() SET search_path = public, pg_temp;"


class Migration(migrations.Migration):
    dependencies = [("audit", "0003_guards")]

    operations = [
        migrations.RunSQL(UNQUEUE, "DROP FUNCTION audit_unqueue;"),
        migrations.RunSQL(ERASE, "DROP FUNCTION audit_erase;"),
        migrations.RunSQL(PINNED, "ALTER FUNCTION audit_refuse() RESET search_path;"),
    ]
