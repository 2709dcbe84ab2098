"""What a draft is to say, section by section, while it is being written."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

KINDS = [
    ("duty", "Duty"),
    ("prohibition", "Prohibition"),
    ("exception", "Exception"),
    ("definition", "Definition"),
    ("administrative", "Administrative provision"),
]
DESCENT = [
    ("added", "Added"),
    ("removed", "Removed"),
    ("renumbered", "Renumbered"),
    ("split", "Split"),
    ("merged", "Merged"),
]
STATES = [
    "drafting", "legal_review", "public_comment", "comment_disposition", "adopted", "in_force", "under_review",
    "superseded", "rescinded",
]  # fmt: skip


def codes() -> django.contrib.postgres.fields.ArrayField:
    return django.contrib.postgres.fields.ArrayField(
        base_field=models.CharField(max_length=60), default=list, size=None
    )


class Migration(migrations.Migration):
    dependencies = [("policy_rules", "0004_stage_of_a_version")]

    operations = [
        migrations.AddConstraint(
            "chapterversion",
            models.CheckConstraint(condition=models.Q(("state__in", STATES)), name="policy_rules_known_state"),
        ),
        migrations.CreateModel(
            name="DraftSection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=60)),
                ("order", models.PositiveIntegerField()),
                ("number", models.CharField(max_length=60)),
                ("title", models.CharField(max_length=300)),
                ("kind", models.CharField(choices=KINDS, max_length=20)),
                ("allegable", models.BooleanField()),
                ("discipline_class", models.CharField(blank=True, max_length=20)),
                ("standard_of_proof", models.CharField(blank=True, max_length=40)),
                ("text", models.TextField()),
                (
                    "elements",
                    models.JSONField(default=list, help_text="Pairs of permanent code and text, in order."),
                ),
                ("links", codes()),
                ("deadlines", models.JSONField(default=dict)),
                ("details", models.JSONField(default=dict)),
                ("evidence_hints", codes()),
                ("is_retired", models.BooleanField(default=False)),
                ("reason", models.TextField(blank=True)),
                (
                    "source",
                    models.TextField(
                        blank=True, help_text="What the change follows: a case, a comment, a law, a model policy."
                    ),
                ),
                ("how", models.CharField(blank=True, choices=DESCENT, max_length=12)),
                ("came_from", codes()),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="draft_sections",
                        to="policy_rules.chapterversion",
                    ),
                ),
            ],
            options={
                "ordering": ["order", "pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("version", "code"), name="policy_rules_draft_section_once"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", [code for code, _label in KINDS])),
                        name="policy_rules_draft_known_kind",
                    ),
                ],
            },
        ),
    ]
