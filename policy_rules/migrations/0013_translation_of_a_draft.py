"""What a drafted section says in another language, with the words that it translates."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("policy_rules", "0012_a_published_curriculum_is_never_edited"),
    ]

    operations = [
        migrations.CreateModel(
            name="DraftTranslation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("language", models.CharField(max_length=8)),
                ("title", models.CharField(max_length=300)),
                ("text", models.TextField()),
                (
                    "elements",
                    models.JSONField(default=list, help_text="Texts of the elements, in the order of the section."),
                ),
                ("wording_digest", models.CharField(max_length=64)),
                (
                    "section",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="translations",
                        to="policy_rules.draftsection",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("section", "language"), name="policy_rules_draft_translation_once")
                ],
            },
        ),
    ]
