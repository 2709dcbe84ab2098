"""Let the open end of a rule set be set once, as that of a text: a trigger without arguments has no list of them."""

from django.db import migrations

KEEP = """
CREATE OR REPLACE FUNCTION policy_rules_keep() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free text[] := {free};
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF to_jsonb(OLD) - free = to_jsonb(NEW) - free THEN
            RETURN NEW;
        END IF;
        IF to_jsonb(OLD) ? 'effective' THEN
            IF upper_inf(OLD.effective) AND lower(OLD.effective) = lower(NEW.effective)
               AND to_jsonb(OLD) - free - 'effective' = to_jsonb(NEW) - free - 'effective' THEN
                RETURN NEW;
            END IF;
        END IF;
    END IF;
    RAISE EXCEPTION 'What is published is never edited: % on % is refused.', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', HINT = 'Publish a new version; an open end of its days can be set once.';
END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("policy_rules", "0008_rules_of_a_draft")]

    operations = [
        migrations.RunSQL(KEEP.format(free="coalesce(TG_ARGV, '{}'::text[])"), KEEP.format(free="TG_ARGV")),
    ]
