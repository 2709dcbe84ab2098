"""Triggers by which a published curriculum is never edited; an open end of its days can be set once."""

from django.db import migrations

KEEP = """
CREATE OR REPLACE FUNCTION policy_rules_keep() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free text[] := coalesce(TG_ARGV::text[], ARRAY[]::text[]);
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF to_jsonb(OLD) - free = to_jsonb(NEW) - free THEN
            RETURN NEW;
        END IF;
        IF to_jsonb(OLD) ? 'effective' THEN
            IF upper_inf(OLD.effective) AND lower(OLD.effective) = lower(NEW.effective)
               AND to_jsonb(OLD) - free - 'effective'::text = to_jsonb(NEW) - free - 'effective'::text THEN
                RETURN NEW;
            END IF;
        END IF;
    END IF;
    RAISE EXCEPTION 'What is published is never edited: % on % is refused.', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', HINT = 'Publish a new version; an open end of its days can be set once.';
END
$$;
"""
"""As before, and right also for a trigger that names no column: its arguments are NULL then, and no comparison held."""
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
    dependencies = [("policy_rules", "0008_courses_curricula_and_their_panel")]

    operations = [
        migrations.RunSQL(KEEP, migrations.RunSQL.noop),
        guard("policy_rules_curriculum"),
        guard("policy_rules_taughtsection"),
    ]
