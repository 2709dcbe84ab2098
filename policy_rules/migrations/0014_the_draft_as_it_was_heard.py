"""What the public was asked about, section by section. Drafts that are before the public keep what they say now."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models


def keep_texts(apps: Any, _schema: Any) -> None:
    """Keep the sections of each draft that was put before the public."""
    docket = apps.get_model("policy_rules", "Docket")
    text = apps.get_model("policy_rules", "HeardText")
    for row in docket.objects.select_related("version__chapter__manual"):
        text.objects.bulk_create(
            text(
                docket=row,
                code=section.code,
                language=row.version.chapter.manual.language,
                title=section.title,
                text=section.text,
                is_retired=section.is_retired,
                elements=[words for _code, words in section.elements],
            )
            for section in row.version.draft_sections.all()
        )


class Migration(migrations.Migration):
    dependencies = [
        ("policy_rules", "0013_translation_of_a_draft"),
    ]

    operations = [
        migrations.CreateModel(
            name="HeardText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=60)),
                ("language", models.CharField(max_length=8)),
                ("title", models.CharField(max_length=300)),
                ("text", models.TextField()),
                ("is_retired", models.BooleanField(default=False)),
                ("elements", models.JSONField(default=list, help_text="Texts of what must be proved, in order.")),
                (
                    "rules",
                    models.JSONField(
                        help_text=(
                            "Rules kept as data that come from the section, by their path; null where not kept."
                        ),
                        null=True,
                    ),
                ),
                (
                    "digest",
                    models.CharField(
                        blank=True, help_text="Of the drafted section, in its own language.", max_length=64
                    ),
                ),
                (
                    "docket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="texts",
                        to="policy_rules.docket",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("docket", "code", "language"), name="policy_rules_heard_text_once")
                ],
            },
        ),
        migrations.RunPython(keep_texts, migrations.RunPython.noop),
    ]
