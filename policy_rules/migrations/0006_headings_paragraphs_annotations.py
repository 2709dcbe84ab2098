"""The parts of a body of law: headings of many levels, labelled paragraphs, and annotations with their dates."""

import django.db.models.deletion
from django.db import migrations, models

GUARD = """
CREATE TRIGGER {table}_keeps_its_rows BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION policy_rules_keep();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_keeps_its_rows;
CREATE TRIGGER {table}_is_not_emptied BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION policy_rules_keep();
ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_is_not_emptied;
"""
SECTION = """
DROP TRIGGER policy_rules_section_keeps_its_rows ON policy_rules_section;
CREATE TRIGGER policy_rules_section_keeps_its_rows BEFORE UPDATE OR DELETE ON policy_rules_section
    FOR EACH ROW EXECUTE FUNCTION policy_rules_keep({columns});
ALTER TABLE policy_rules_section ENABLE ALWAYS TRIGGER policy_rules_section_keeps_its_rows;
"""


def key() -> models.BigAutoField:
    return models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")


def guard(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(GUARD.format(table=table), migrations.RunSQL.noop)


class Migration(migrations.Migration):
    dependencies = [("policy_rules", "0005_draft_sections")]

    operations = [
        migrations.CreateModel(
            name="Container",
            fields=[
                ("id", key()),
                ("code", models.CharField(max_length=40)),
                ("prefix", models.CharField(blank=True, max_length=40)),
                ("number", models.CharField(max_length=40)),
                ("heading", models.CharField(max_length=300)),
                ("order", models.PositiveIntegerField()),
                (
                    "manual",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="containers",
                        to="policy_rules.manual",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="inside",
                        to="policy_rules.container",
                    ),
                ),
            ],
            options={
                "ordering": ["order"],
                "constraints": [models.UniqueConstraint(fields=("manual", "code"), name="policy_rules_container_code")],
            },
        ),
        migrations.AddField(
            model_name="section",
            name="container",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="sections",
                to="policy_rules.container",
            ),
        ),
        migrations.CreateModel(
            name="Paragraph",
            fields=[
                ("id", key()),
                ("label", models.CharField(max_length=40)),
                ("heading", models.TextField(blank=True)),
                ("text", models.TextField(blank=True)),
                ("depth", models.PositiveSmallIntegerField(default=0)),
                ("order", models.PositiveIntegerField()),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="paragraphs",
                        to="policy_rules.sectionversion",
                    ),
                ),
            ],
            options={
                "ordering": ["order"],
                "constraints": [
                    models.UniqueConstraint(fields=("version", "order"), name="policy_rules_paragraph_order")
                ],
            },
        ),
        migrations.CreateModel(
            name="Annotation",
            fields=[
                ("id", key()),
                ("kind", models.CharField(max_length=60)),
                ("text", models.TextField()),
                ("document", models.CharField(blank=True, max_length=200)),
                ("date", models.DateField(blank=True, null=True)),
                ("is_note", models.BooleanField(default=False)),
                ("order", models.PositiveIntegerField()),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="annotations",
                        to="policy_rules.sectionversion",
                    ),
                ),
            ],
            options={
                "ordering": ["order"],
                "constraints": [
                    models.UniqueConstraint(fields=("version", "order"), name="policy_rules_annotation_order")
                ],
            },
        ),
        guard("policy_rules_paragraph"),
        guard("policy_rules_annotation"),
        migrations.RunSQL(SECTION.format(columns="'order', 'container_id'"), SECTION.format(columns="'order'")),
    ]
