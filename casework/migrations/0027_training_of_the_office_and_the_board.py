"""Who of the office and of the review board took part in a session."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("casework", "0026_review_packs_made_when_due"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="OfficeAttendance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "result",
                    models.CharField(
                        choices=[
                            ("completed", "Completed"),
                            ("in_part", "Attended in part"),
                            ("failed", "Did not pass the test"),
                            ("absent", "Absent"),
                        ],
                        max_length=20,
                    ),
                ),
                ("minutes", models.PositiveIntegerField(help_text="Time taken part in.")),
                ("recorded_on", models.DateField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="office_training",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="office_attendance",
                        to="casework.trainingsession",
                    ),
                ),
            ],
            options={
                "ordering": ["session__held_on", "person__name"],
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("session", "person"), name="casework_office_attendance_once"),
                    models.CheckConstraint(
                        condition=models.Q(("result__in", ["completed", "in_part", "failed", "absent"])),
                        name="casework_office_attendance_known",
                    ),
                ],
            },
        ),
    ]
