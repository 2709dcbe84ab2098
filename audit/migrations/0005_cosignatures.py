"""The table of what witnesses signed; like the others it only grows."""

from django.db import migrations, models

GUARD = """
CREATE TRIGGER audit_cosignature_keeps_its_rows BEFORE UPDATE OR DELETE ON audit_cosignature
    FOR EACH ROW EXECUTE FUNCTION audit_refuse();
ALTER TABLE audit_cosignature ENABLE ALWAYS TRIGGER audit_cosignature_keeps_its_rows;
CREATE TRIGGER audit_cosignature_is_not_emptied BEFORE TRUNCATE ON audit_cosignature
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
ALTER TABLE audit_cosignature ENABLE ALWAYS TRIGGER audit_cosignature_is_not_emptied;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0004_deletes_by_function")]

    operations = [
        migrations.CreateModel(
            name="Cosignature",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "size", "key", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("size", models.BigIntegerField()),
                ("key", models.TextField()),
                ("line", models.TextField()),
            ],
        ),
        migrations.RunSQL(
            GUARD,
            "DROP TRIGGER audit_cosignature_keeps_its_rows ON audit_cosignature;"
            "DROP TRIGGER audit_cosignature_is_not_emptied ON audit_cosignature;",
        ),
    ]
