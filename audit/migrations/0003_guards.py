"""Triggers that refuse every change of the log, also where `session_replication_role` is `replica`."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The log only grows: % on % is refused.', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', HINT = 'Record a new entry that puts the matter right.';
END
$$;
"""

# A pending row goes only once its entry has a position, else the entry would be lost to the log.
PENDING = """
CREATE FUNCTION audit_pending_is_placed() RETURNS trigger LANGUAGE plpgsql
    SET search_path = public, pg_temp SET enable_seqscan = off AS $$
BEGIN
    IF EXISTS (SELECT FROM gone WHERE NOT EXISTS (SELECT FROM audit_leaf WHERE audit_leaf.entry_id = gone.entry_id)) THEN
        RAISE EXCEPTION 'A pending entry without a position stays pending: DELETE on audit_pending is refused.'
            USING ERRCODE = 'restrict_violation', HINT = 'Run manage.py integrate_audit_log.';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER audit_pending_is_placed AFTER DELETE ON audit_pending
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION audit_pending_is_placed();
ALTER TABLE audit_pending ENABLE ALWAYS TRIGGER audit_pending_is_placed;
"""

# A detail goes only after an entry that names it by its commitment, and so states by what authority it was erased.
DETAIL = r"""
CREATE FUNCTION audit_detail_is_erased() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    name text := 'detail:' || encode(sha256(OLD.salt || convert_to(OLD.value, 'UTF8')), 'hex');
BEGIN
    IF NOT EXISTS (SELECT FROM audit_entry WHERE action = 'log.detail_erased' AND objects @> ARRAY[name]) THEN
        RAISE EXCEPTION 'No entry erases this detail: DELETE on audit_detail is refused.'
            USING ERRCODE = 'restrict_violation', HINT = 'Record log.detail_erased with the object ' || name || ' first.';
    END IF;
    RETURN OLD;
END
$$;
CREATE TRIGGER audit_detail_is_erased BEFORE DELETE ON audit_detail
    FOR EACH ROW EXECUTE FUNCTION audit_detail_is_erased();
ALTER TABLE audit_detail ENABLE ALWAYS TRIGGER audit_detail_is_erased;
"""


def refuse(table: str, *changes: str) -> migrations.RunSQL:
    rows, whole = f"{table}_keeps_its_rows", f"{table}_is_not_emptied"
    return migrations.RunSQL(
        f"""
        CREATE TRIGGER {rows} BEFORE {" OR ".join(changes)} ON {table}
            FOR EACH ROW EXECUTE FUNCTION audit_refuse();
        ALTER TABLE {table} ENABLE ALWAYS TRIGGER {rows};
        CREATE TRIGGER {whole} BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
        ALTER TABLE {table} ENABLE ALWAYS TRIGGER {whole};
        """,
        f"DROP TRIGGER {rows} ON {table}; DROP TRIGGER {whole} ON {table};",
    )


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_append")]

    operations = [
        migrations.RunSQL(REFUSE, "DROP FUNCTION audit_refuse;"),
        refuse("audit_entry", "UPDATE", "DELETE"),
        refuse("audit_leaf", "UPDATE", "DELETE"),
        refuse("audit_tile", "UPDATE", "DELETE"),
        refuse("audit_checkpoint", "UPDATE", "DELETE"),
        refuse("audit_pending", "UPDATE"),
        refuse("audit_detail", "UPDATE"),
        migrations.RunSQL(
            PENDING, "DROP TRIGGER audit_pending_is_placed ON audit_pending; DROP FUNCTION audit_pending_is_placed;"
        ),
        migrations.RunSQL(
            DETAIL, "DROP TRIGGER audit_detail_is_erased ON audit_detail; DROP FUNCTION audit_detail_is_erased;"
        ),
    ]
