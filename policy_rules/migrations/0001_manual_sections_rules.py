import uuid

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.db import migrations, models

import policy_rules.models.dates


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Chapter",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=40)),
                ("number", models.CharField(max_length=40)),
                ("title", models.CharField(max_length=300)),
                ("order", models.PositiveIntegerField()),
                (
                    "earlier_rule",
                    models.TextField(blank=True, help_text="What applied before the first version of the chapter."),
                ),
                ("annexes", models.JSONField(default=dict, help_text="Reviews and training, kept as stated.")),
            ],
            options={
                "ordering": ["order"],
            },
        ),
        migrations.CreateModel(
            name="Element",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=60)),
                ("text", models.TextField()),
                ("order", models.PositiveSmallIntegerField()),
            ],
            options={
                "ordering": ["order"],
            },
        ),
        migrations.CreateModel(
            name="SectionTranslation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("language", models.CharField(max_length=8)),
                ("title", models.CharField(max_length=300)),
                ("text", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="ChapterVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.CharField(max_length=20)),
                ("effective", django.contrib.postgres.fields.ranges.DateRangeField(blank=True, null=True)),
                ("published_on", models.DateField(blank=True, null=True)),
                ("adopted_on", models.DateField(blank=True, null=True)),
                ("adopted_by", models.CharField(blank=True, max_length=200)),
                ("docket", models.CharField(blank=True, max_length=60)),
                ("change_note", models.TextField(blank=True)),
                (
                    "chapter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="policy_rules.chapter"
                    ),
                ),
            ],
            options={
                "ordering": (models.OrderBy(models.F("effective"), nulls_first=True), "pk"),
            },
        ),
        migrations.CreateModel(
            name="Manual",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=60, unique=True)),
                ("title", models.CharField(max_length=300)),
                ("agency", models.CharField(blank=True, max_length=300)),
                ("jurisdiction", models.CharField(blank=True, max_length=300)),
                ("language", models.CharField(max_length=8)),
                (
                    "governs",
                    models.BooleanField(
                        default=False,
                        help_text="Its sections empower the acts of this office. At most one manual does.",
                    ),
                ),
                (
                    "annexes",
                    models.JSONField(
                        default=dict,
                        help_text="What the manual states besides its text: kinds, comments, courses; kept as stated.",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("governs", True)),
                        fields=("governs",),
                        name="policy_rules_one_governing_manual",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="chapter",
            name="manual",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="chapters", to="policy_rules.manual"
            ),
        ),
        migrations.CreateModel(
            name="ManualTranslation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("language", models.CharField(max_length=8)),
                ("title", models.CharField(max_length=300)),
                ("rule", models.TextField(blank=True)),
                ("prevails", models.CharField(max_length=8)),
                ("human_checked", models.BooleanField(default=False)),
                ("chapters", models.JSONField(default=dict)),
                ("terms", models.JSONField(default=dict)),
                (
                    "manual",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="translations",
                        to="policy_rules.manual",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Revision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token", models.UUIDField(default=uuid.uuid4)),
                ("published_at", models.DateTimeField(auto_now=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("pk", 1)), name="policy_rules_one_revision")
                ],
            },
        ),
        migrations.CreateModel(
            name="RuleSet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("effective", django.contrib.postgres.fields.ranges.DateRangeField()),
                ("reference", models.CharField(max_length=150, unique=True)),
                ("data", models.JSONField()),
                ("data_digest", models.CharField(max_length=64)),
                (
                    "manual",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="rule_sets", to="policy_rules.manual"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Section",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=60)),
                ("order", models.PositiveIntegerField()),
                (
                    "chapter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sections", to="policy_rules.chapter"
                    ),
                ),
                (
                    "manual",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sections", to="policy_rules.manual"
                    ),
                ),
            ],
            options={
                "ordering": ["chapter__order", "order"],
            },
        ),
        migrations.CreateModel(
            name="Lineage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "how",
                    models.CharField(
                        choices=[
                            ("added", "Added"),
                            ("removed", "Removed"),
                            ("renumbered", "Renumbered"),
                            ("split", "Split"),
                            ("merged", "Merged"),
                        ],
                        max_length=12,
                    ),
                ),
                ("from_number", models.CharField(blank=True, max_length=60)),
                ("to_number", models.CharField(blank=True, max_length=60)),
                ("note", models.TextField(blank=True)),
                ("order", models.PositiveIntegerField()),
                (
                    "chapter_version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lineage",
                        to="policy_rules.chapterversion",
                    ),
                ),
                ("earlier", models.ManyToManyField(related_name="became", to="policy_rules.section")),
                ("later", models.ManyToManyField(related_name="came_from", to="policy_rules.section")),
            ],
            options={
                "ordering": ["order"],
            },
        ),
        migrations.CreateModel(
            name="Authority",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("move", "Move of a case"),
                            ("clock", "Time limit"),
                            ("act", "Other act"),
                            ("policy_move", "Step in the life of a policy"),
                            ("two_person", "Agreement of a second person"),
                            ("rule", "Rule"),
                        ],
                        max_length=12,
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                (
                    "rule_set",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="authorities",
                        to="policy_rules.ruleset",
                    ),
                ),
                (
                    "section",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="empowers", to="policy_rules.section"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ElementTranslation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.TextField()),
                (
                    "element",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="translations",
                        to="policy_rules.element",
                    ),
                ),
                (
                    "translation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="elements",
                        to="policy_rules.sectiontranslation",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SectionVersion",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("effective", django.contrib.postgres.fields.ranges.DateRangeField()),
                ("reference", models.CharField(max_length=150, unique=True)),
                ("number", models.CharField(max_length=60)),
                ("title", models.CharField(max_length=300)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("duty", "Duty"),
                            ("prohibition", "Prohibition"),
                            ("exception", "Exception"),
                            ("definition", "Definition"),
                            ("administrative", "Administrative provision"),
                        ],
                        max_length=20,
                    ),
                ),
                ("allegable", models.BooleanField()),
                ("discipline_class", models.CharField(blank=True, max_length=20)),
                ("standard_of_proof", models.CharField(blank=True, max_length=40)),
                ("text", models.TextField()),
                ("deadlines", models.JSONField(default=dict)),
                ("details", models.JSONField(default=dict)),
                (
                    "evidence_hints",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), default=list, size=None
                    ),
                ),
                ("text_digest", models.CharField(max_length=64)),
                (
                    "wording_digest",
                    models.CharField(
                        help_text="Equal for two versions that say the same, whatever their number.", max_length=64
                    ),
                ),
                (
                    "chapter_version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sections",
                        to="policy_rules.chapterversion",
                    ),
                ),
                (
                    "section",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="versions", to="policy_rules.section"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="sectiontranslation",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="translations",
                to="policy_rules.sectionversion",
            ),
        ),
        migrations.CreateModel(
            name="ExceptionLink",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("order", models.PositiveSmallIntegerField()),
                (
                    "section",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="named_by", to="policy_rules.section"
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="links",
                        to="policy_rules.sectionversion",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="element",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="elements", to="policy_rules.sectionversion"
            ),
        ),
        migrations.AddConstraint(
            model_name="chapterversion",
            constraint=models.UniqueConstraint(fields=("chapter", "version"), name="policy_rules_chapter_version"),
        ),
        migrations.AddConstraint(
            model_name="chapterversion",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[(policy_rules.models.dates.SameRow("chapter_id"), "&&"), ("effective", "&&")],
                name="policy_rules_one_chapter_in_force",
            ),
        ),
        migrations.AddConstraint(
            model_name="chapterversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("effective__isnull", True),
                    models.Q(
                        ("adopted_on__isnull", False), ("effective__isempty", False), ("effective__lower_inf", False)
                    ),
                    _connector="OR",
                ),
                name="policy_rules_adopted_from_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="chapter",
            constraint=models.UniqueConstraint(fields=("manual", "code"), name="policy_rules_chapter_code"),
        ),
        migrations.AddConstraint(
            model_name="manualtranslation",
            constraint=models.UniqueConstraint(fields=("manual", "language"), name="policy_rules_manual_translation"),
        ),
        migrations.AddConstraint(
            model_name="ruleset",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[(policy_rules.models.dates.SameRow("manual_id"), "&&"), ("effective", "&&")],
                name="policy_rules_one_rule_set_in_force",
            ),
        ),
        migrations.AddConstraint(
            model_name="ruleset",
            constraint=models.CheckConstraint(
                condition=models.Q(("effective__isempty", False), ("effective__lower_inf", False)),
                name="policy_rules_rules_from_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="section",
            constraint=models.UniqueConstraint(fields=("manual", "code"), name="policy_rules_section_code"),
        ),
        migrations.AddConstraint(
            model_name="lineage",
            constraint=models.CheckConstraint(
                condition=models.Q(("how__in", ["added", "removed", "renumbered", "split", "merged"])),
                name="policy_rules_known_lineage",
            ),
        ),
        migrations.AddConstraint(
            model_name="authority",
            constraint=models.UniqueConstraint(fields=("rule_set", "kind", "name"), name="policy_rules_one_authority"),
        ),
        migrations.AddConstraint(
            model_name="authority",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["move", "clock", "act", "policy_move", "two_person", "rule"])),
                name="policy_rules_known_authority",
            ),
        ),
        migrations.AddConstraint(
            model_name="elementtranslation",
            constraint=models.UniqueConstraint(
                fields=("translation", "element"), name="policy_rules_element_translation"
            ),
        ),
        migrations.AddConstraint(
            model_name="sectionversion",
            constraint=models.UniqueConstraint(
                fields=("section", "chapter_version"), name="policy_rules_section_version"
            ),
        ),
        migrations.AddConstraint(
            model_name="sectionversion",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[(policy_rules.models.dates.SameRow("section_id"), "&&"), ("effective", "&&")],
                name="policy_rules_one_text_in_force",
            ),
        ),
        migrations.AddConstraint(
            model_name="sectionversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("effective__isempty", False), ("effective__lower_inf", False)),
                name="policy_rules_text_from_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="sectionversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["duty", "prohibition", "exception", "definition", "administrative"])),
                name="policy_rules_known_kind",
            ),
        ),
        migrations.AddConstraint(
            model_name="sectionversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("allegable", False), ("kind__in", ["duty", "prohibition", "administrative"]), _connector="OR"
                ),
                name="policy_rules_only_rules_are_alleged",
            ),
        ),
        migrations.AddConstraint(
            model_name="sectionversion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("text_digest__regex", "^[0-9a-f]{64}$"), ("wording_digest__regex", "^[0-9a-f]{64}$")
                ),
                name="policy_rules_digests",
            ),
        ),
        migrations.AddConstraint(
            model_name="sectiontranslation",
            constraint=models.UniqueConstraint(fields=("version", "language"), name="policy_rules_section_translation"),
        ),
        migrations.AddConstraint(
            model_name="exceptionlink",
            constraint=models.UniqueConstraint(fields=("version", "section"), name="policy_rules_link_once"),
        ),
        migrations.AddConstraint(
            model_name="element",
            constraint=models.UniqueConstraint(fields=("version", "code"), name="policy_rules_element_code"),
        ),
        migrations.AddConstraint(
            model_name="element",
            constraint=models.UniqueConstraint(fields=("version", "order"), name="policy_rules_element_order"),
        ),
    ]
