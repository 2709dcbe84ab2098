"""Counting the tables anew is the owner's right; the program asks for it by a function. Also pins a search path."""

from django.db import migrations

TELL = """
CREATE FUNCTION casework_tell_planner() RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    ANALYZE casework_case, casework_allegation, casework_caseofficer, casework_importedrow;
END
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("casework", "0013_drop_source_state")]

    operations = [
        migrations.RunSQL(TELL, "DROP FUNCTION casework_tell_planner;"),
        migrations.RunSQL(
            "ALTER FUNCTION casework_note_change() SET search_path = public, pg_temp;",
            "ALTER FUNCTION casework_note_change() RESET search_path;",
        ),
    ]
