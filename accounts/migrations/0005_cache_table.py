"""The table of Django's database cache. Unlogged: after a crash it is empty, and nothing but counts of tries is lost."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_holding_ends_after_it_begins")]
    operations = [
        migrations.RunSQL(
            """
            CREATE UNLOGGED TABLE accounts_cache (
                cache_key varchar(255) PRIMARY KEY,
                value text NOT NULL,
                expires timestamp with time zone NOT NULL
            );
            CREATE INDEX accounts_cache_expires ON accounts_cache (expires);
            """,
            "DROP TABLE accounts_cache",
        ),
    ]
