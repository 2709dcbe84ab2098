"""Each recommendation says in which language it is written; those made before are in the language of the office."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("casework", "0023_checks_say_what_they_read")]

    operations = [
        migrations.AddField(
            model_name="recommendation",
            name="language",
            field=models.CharField(default=settings.LANGUAGE_CODE, help_text="Of title and text.", max_length=10),
        ),
    ]
