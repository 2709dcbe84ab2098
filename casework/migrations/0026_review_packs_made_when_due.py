"""Files of figures that Redress makes by itself name the review they are for, and nobody who asked."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0025_holds_on_records"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(model_name="reviewpack", name="due_on", field=models.DateField(blank=True, null=True)),
        migrations.AlterField(
            model_name="reviewpack",
            name="asked_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewpack",
            constraint=models.CheckConstraint(
                condition=models.Q(("asked_by__isnull", True), ("due_on__isnull", False))
                | models.Q(("asked_by__isnull", False), ("due_on", None)),
                name="casework_review_pack_asked_or_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="reviewpack",
            constraint=models.UniqueConstraint(
                fields=("chapter", "due_on", "language"), name="casework_review_pack_once_for_a_review"
            ),
        ),
    ]
