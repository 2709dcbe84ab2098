from django.db import migrations

NOTE = """
CREATE FUNCTION casework_note_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before text := '';
    after text := '';
    number bigint;
BEGIN
    IF TG_OP <> 'INSERT' THEN
        before := CASE TG_TABLE_NAME WHEN 'casework_case' THEN to_jsonb(OLD)->>'state'
                  WHEN 'casework_finding' THEN concat_ws(' ', to_jsonb(OLD)->>'stage', to_jsonb(OLD)->>'code')
                  ELSE to_jsonb(OLD)->>'choice' END;
        number := OLD.id;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        after := CASE TG_TABLE_NAME WHEN 'casework_case' THEN to_jsonb(NEW)->>'state'
                 WHEN 'casework_finding' THEN concat_ws(' ', to_jsonb(NEW)->>'stage', to_jsonb(NEW)->>'code')
                 ELSE to_jsonb(NEW)->>'choice' END;
        number := NEW.id;
    END IF;
    IF TG_OP = 'UPDATE' AND before = after AND TG_TABLE_NAME = 'casework_case' THEN
        RETURN NULL;
    END IF;
    INSERT INTO casework_rawchange ("table", "row", act, before, after, at)
    VALUES (TG_TABLE_NAME, number, TG_OP, before, after, clock_timestamp());
    RETURN NULL;
END $$;
"""

TRIGGERS = "\n".join(
    f"""
    CREATE TRIGGER {table}_note_change AFTER INSERT OR UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION casework_note_change();
    ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_note_change;
    """
    for table in ("casework_case", "casework_finding", "casework_vote")
)


class Migration(migrations.Migration):
    dependencies = [("casework", "0001_cases")]

    operations = [migrations.RunSQL(NOTE + TRIGGERS, migrations.RunSQL.noop)]
