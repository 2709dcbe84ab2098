"""Triggers by which a published text or rule is never edited, also where `session_replication_role` is `replica`."""

from django.db import migrations

KEEP = """
CREATE FUNCTION policy_rules_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF to_jsonb(OLD) - TG_ARGV = to_jsonb(NEW) - TG_ARGV THEN
            RETURN NEW;
        END IF;
        IF to_jsonb(OLD) ? 'effective' THEN
            IF upper_inf(OLD.effective) AND lower(OLD.effective) = lower(NEW.effective)
               AND to_jsonb(OLD) - TG_ARGV - 'effective' = to_jsonb(NEW) - TG_ARGV - 'effective' THEN
                RETURN NEW;
            END IF;
        END IF;
    END IF;
    RAISE EXCEPTION 'What is published is never edited: % on % is refused.', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', HINT = 'Publish a new version; an open end of its days can be set once.';
END
$$;
"""


def keep(table: str, *, but: tuple[str, ...] = (), when: str = "") -> migrations.RunSQL:
    """Refuse every change of a table's rows, except of the columns named and of an open end of `effective`."""
    rows, whole = f"{table}_keeps_its_rows", f"{table}_is_not_emptied"
    columns = ", ".join(f"'{column}'" for column in but)
    return migrations.RunSQL(
        f"""
        CREATE TRIGGER {rows} BEFORE UPDATE OR DELETE ON {table}
            FOR EACH ROW {when} EXECUTE FUNCTION policy_rules_keep({columns});
        ALTER TABLE {table} ENABLE ALWAYS TRIGGER {rows};
        CREATE TRIGGER {whole} BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION policy_rules_keep();
        ALTER TABLE {table} ENABLE ALWAYS TRIGGER {whole};
        """,
        f"DROP TRIGGER {rows} ON {table}; DROP TRIGGER {whole} ON {table};",
    )


class Migration(migrations.Migration):
    dependencies = [("policy_rules", "0002_citation")]

    operations = [
        migrations.RunSQL(KEEP, "DROP FUNCTION policy_rules_keep;"),
        keep("policy_rules_section", but=("order",)),
        keep("policy_rules_sectionversion", but=("evidence_hints",)),
        keep("policy_rules_element"),
        keep("policy_rules_exceptionlink"),
        keep(
            "policy_rules_chapterversion",
            but=("published_on", "docket", "change_note"),
            when="WHEN (OLD.effective IS NOT NULL)",
        ),
        keep("policy_rules_ruleset"),
        keep("policy_rules_authority"),
        keep("policy_rules_citation"),
    ]
