"""The table of time stamps; like the others it only grows."""

from django.db import migrations, models

GUARD = """
CREATE TRIGGER audit_timestamp_keeps_its_rows BEFORE UPDATE OR DELETE ON audit_timestamp
    FOR EACH ROW EXECUTE FUNCTION audit_refuse();
ALTER TABLE audit_timestamp ENABLE ALWAYS TRIGGER audit_timestamp_keeps_its_rows;
CREATE TRIGGER audit_timestamp_is_not_emptied BEFORE TRUNCATE ON audit_timestamp
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
ALTER TABLE audit_timestamp ENABLE ALWAYS TRIGGER audit_timestamp_is_not_emptied;
"""


class Migration(migrations.Migration):
    dependencies = [("audit", "0005_cosignatures")]

    operations = [
        migrations.CreateModel(
            name="TimeStamp",
            fields=[
                ("size", models.BigIntegerField(primary_key=True, serialize=False)),
                ("authority", models.TextField()),
                ("answer", models.BinaryField()),
                ("stamped_at", models.DateTimeField()),
            ],
        ),
        migrations.RunSQL(
            GUARD,
            "DROP TRIGGER audit_timestamp_keeps_its_rows ON audit_timestamp;"
            "DROP TRIGGER audit_timestamp_is_not_emptied ON audit_timestamp;",
        ),
    ]
