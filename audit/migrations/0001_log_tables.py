import django.db.models.deletion
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import BrinIndex
from django.db import migrations, models
from django.db.models import lookups


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("leaf", models.TextField()),
                ("occurred_at", models.DateTimeField()),
                ("actor", models.TextField()),
                ("actor_role", models.TextField()),
                ("action", models.TextField()),
                ("subject", models.TextField()),
                ("n", models.PositiveIntegerField()),
                ("object_references", ArrayField(base_field=models.TextField(), db_column="objects", size=None)),
                ("basis", ArrayField(base_field=models.TextField(), size=None)),
            ],
            options={
                "indexes": [
                    BrinIndex(fields=["occurred_at"], name="audit_entry_occurred_at"),
                    models.Index(
                        fields=["subject"],
                        condition=models.Q(("action", "log.detail_erased")),
                        name="audit_entry_erasures",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("subject", "n"), name="audit_entry_order_in_subject"),
                    models.CheckConstraint(
                        condition=lookups.LessThan(
                            models.Func("leaf", function="octet_length", output_field=models.IntegerField()), 65536
                        ),
                        name="audit_entry_leaf_fits_a_bundle",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Pending",
            fields=[
                (
                    "entry",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="pending",
                        serialize=False,
                        to="audit.entry",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Leaf",
            fields=[
                ("position", models.BigIntegerField(primary_key=True, serialize=False)),
                (
                    "entry",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="placement",
                        to="audit.entry",
                    ),
                ),
                ("leaf_hash", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="Tile",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "level", "index", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("level", models.SmallIntegerField()),
                ("index", models.BigIntegerField()),
                ("hashes", models.BinaryField()),
                ("root", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="Checkpoint",
            fields=[
                ("size", models.BigIntegerField(primary_key=True, serialize=False)),
                ("previous", models.BigIntegerField(unique=True)),
                ("root", models.BinaryField()),
                ("note", models.TextField()),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("previous__gte", 0), ("size__gt", models.F("previous"))),
                        name="audit_checkpoint_grows",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Detail",
            fields=[
                (
                    "entry",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="detail",
                        serialize=False,
                        to="audit.entry",
                    ),
                ),
                ("salt", models.BinaryField()),
                ("value", models.TextField()),
            ],
        ),
    ]
