"""The shadow table sees assignments, sent letters and published texts too, and when the transaction began.

`FOUND` marks the assignments that were there before anything saw how they came.
"""

from django.db import migrations, models

NOTE = """
CREATE FUNCTION casework_note_row() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp AS $$
DECLARE
    before text := '';
    after text := '';
BEGIN
    IF TG_OP <> 'INSERT' THEN
        SELECT string_agg(coalesce(to_jsonb(OLD)->>name, ''), ' ' ORDER BY place) INTO before
          FROM unnest(TG_ARGV) WITH ORDINALITY AS noted (name, place);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        SELECT string_agg(coalesce(to_jsonb(NEW)->>name, ''), ' ' ORDER BY place) INTO after
          FROM unnest(TG_ARGV) WITH ORDINALITY AS noted (name, place);
    END IF;
    IF TG_OP <> 'UPDATE' OR before <> after THEN
        INSERT INTO casework_rawchange ("table", "row", act, before, after, began, at)
        VALUES (TG_TABLE_NAME, CASE TG_OP WHEN 'DELETE' THEN OLD.id ELSE NEW.id END, TG_OP,
                left(before, 200), left(after, 200), transaction_timestamp(), clock_timestamp());
    END IF;
    RETURN NULL;
END $$;
"""
NOTED = (
    ("casework_assignment", "INSERT OR UPDATE OR DELETE", "true", "case_id, user_id, role, since, until"),
    ("casework_letter", "UPDATE OR DELETE", "OLD.sent_on IS NOT NULL", "code, sha256, sent_on, party_id, officer_id"),
    ("policy_rules_sectionversion", "UPDATE OR DELETE", "true", "reference, text_digest"),
    ("policy_rules_ruleset", "UPDATE OR DELETE", "true", "reference, data_digest"),
)
TRIGGERS = "".join(
    f"""
    CREATE TRIGGER {table}_note_row AFTER {acts} ON {table}
        FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION casework_note_row({columns});
    ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_note_row;
    """
    for table, acts, when, columns in NOTED
)
REMOVE = "".join(f"DROP TRIGGER {table}_note_row ON {table};" for table, *_ in NOTED)
FOUND = """
INSERT INTO casework_rawchange ("table", "row", act, before, after, at)
SELECT 'casework_assignment', id, 'FOUND', '',
       concat(case_id, ' ', user_id, ' ', role, ' ', since, ' ', until), clock_timestamp() FROM casework_assignment
 ORDER BY id;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0016_statements_of_moves"),
        ("policy_rules", "0007_words_by_which_texts_are_found"),
    ]

    operations = [
        migrations.AddField("rawchange", "began", models.DateTimeField(null=True)),
        migrations.RunSQL(NOTE, "DROP FUNCTION casework_note_row;"),
        migrations.RunSQL(TRIGGERS, REMOVE),
        migrations.RunSQL(FOUND, migrations.RunSQL.noop),
    ]
