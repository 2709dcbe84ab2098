"""A passage can be read, and quoted, in a translation of the draft."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("policy_rules", "0014_the_draft_as_it_was_heard"),
    ]

    operations = [
        migrations.AddField(
            model_name="comment",
            name="quote_language",
            field=models.CharField(
                blank=True,
                help_text="Language in which the passage was read; empty for the manual's own.",
                max_length=8,
            ),
        ),
    ]
