"""Dockets, sessions, comments and their answers. Drafts that are before the public already get their docket."""

import datetime
from typing import Any

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models
from django.utils import timezone


def open_dockets(apps: Any, _schema: Any) -> None:
    """Open a docket for each draft that was published for comment before there were dockets."""
    docket = apps.get_model("policy_rules", "Docket")
    versions = apps.get_model("policy_rules", "ChapterVersion")
    for version in versions.objects.filter(state__in=["public_comment", "comment_disposition"]):
        opened = version.published_on or timezone.localdate()
        closes = version.comment_closes_on or opened
        docket.objects.create(
            version=version,
            code=version.docket or f"docket-{version.pk}",
            opened_at=timezone.make_aware(datetime.datetime.combine(opened, datetime.time())),
            closes_at=timezone.make_aware(datetime.datetime.combine(closes, datetime.time(23, 59, 59))),
        )


class Migration(migrations.Migration):
    dependencies = [
        ("policy_rules", "0009_the_open_end_of_rules"),
    ]

    operations = [
        migrations.CreateModel(
            name="Docket",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=60, unique=True)),
                ("opened_at", models.DateTimeField()),
                ("closes_at", models.DateTimeField()),
                ("title", models.CharField(blank=True, max_length=200)),
                ("title_es", models.CharField(blank=True, max_length=200)),
                ("summary", models.TextField(blank=True)),
                ("summary_es", models.TextField(blank=True)),
                ("was_carried_over", models.BooleanField(default=False)),
                (
                    "version",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consultation",
                        to="policy_rules.chapterversion",
                    ),
                ),
            ],
            options={
                "ordering": ["-opened_at", "pk"],
            },
        ),
        migrations.CreateModel(
            name="CommentGroup",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("title", models.CharField(blank=True, max_length=200)),
                (
                    "answer",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("accepted", "Accepted"),
                            ("accepted_in_part", "Accepted in part"),
                            ("already_covered", "Already covered"),
                            ("deferred_to_training", "Deferred to training"),
                            ("deferred_to_next_review", "Deferred to the next review"),
                            ("rejected", "Rejected"),
                            ("out_of_scope", "Out of scope"),
                        ],
                        max_length=30,
                    ),
                ),
                ("rationale", models.TextField(blank=True)),
                ("rationale_es", models.TextField(blank=True)),
                (
                    "change",
                    models.CharField(
                        blank=True, help_text="Code of the section in which the change is read.", max_length=60
                    ),
                ),
                ("answered_on", models.DateField(blank=True, null=True)),
                (
                    "docket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="groups", to="policy_rules.docket"
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="ListeningSession",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("starts_at", models.DateTimeField()),
                ("minutes", models.PositiveIntegerField(default=120, help_text="How long it is to last.")),
                ("place", models.CharField(max_length=200)),
                ("district", models.CharField(blank=True, max_length=100)),
                (
                    "languages",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), default=list, size=None
                    ),
                ),
                ("interpreters", models.PositiveIntegerField(default=0)),
                ("accessibility", models.CharField(blank=True, max_length=300)),
                ("facilitator", models.CharField(blank=True, max_length=200)),
                ("attendance", models.PositiveIntegerField(blank=True, null=True)),
                ("notes", models.TextField(blank=True)),
                ("recording", models.URLField(blank=True, max_length=500)),
                ("cancelled_because", models.CharField(blank=True, max_length=300)),
                (
                    "docket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sessions", to="policy_rules.docket"
                    ),
                ),
            ],
            options={
                "ordering": ["starts_at", "number"],
            },
        ),
        migrations.CreateModel(
            name="Comment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField()),
                ("received_on", models.DateField()),
                ("entered_at", models.DateTimeField(auto_now_add=True)),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("web", "Web form"),
                            ("mail", "Letter or e-mail"),
                            ("voice", "By telephone or in person"),
                            ("session", "At a listening session"),
                        ],
                        max_length=10,
                    ),
                ),
                ("language", models.CharField(max_length=8)),
                (
                    "section",
                    models.CharField(
                        blank=True, help_text="Code of a section; empty for the whole draft.", max_length=60
                    ),
                ),
                ("section_digest", models.CharField(blank=True, max_length=64)),
                ("starts", models.PositiveIntegerField(blank=True, null=True)),
                ("ends", models.PositiveIntegerField(blank=True, null=True)),
                ("quote", models.TextField(blank=True)),
                ("text", models.TextField()),
                (
                    "words_digest",
                    models.CharField(
                        db_index=True,
                        help_text="Equal for two comments of the same words, however they are typed.",
                        max_length=64,
                    ),
                ),
                (
                    "signatures",
                    models.PositiveIntegerField(default=1, help_text="People who sent or signed these words."),
                ),
                (
                    "capacity",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("resident", "As a resident"),
                            ("organisation", "For an organization"),
                            ("member", "As an officer or another employee of the department"),
                            ("other", "Otherwise"),
                        ],
                        max_length=20,
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=200)),
                ("district", models.CharField(blank=True, max_length=100)),
                (
                    "withheld",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("private_person", "it names or describes a private person"),
                            ("threat", "it threatens someone"),
                            ("unlawful", "the law forbids publishing it"),
                            ("advertising", "it advertises something and does not speak of the draft"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="comments",
                        to="policy_rules.commentgroup",
                    ),
                ),
                (
                    "docket",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="comments", to="policy_rules.docket"
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="comments",
                        to="policy_rules.listeningsession",
                    ),
                ),
            ],
            options={
                "ordering": ["number"],
            },
        ),
        migrations.AddConstraint(
            model_name="docket",
            constraint=models.CheckConstraint(
                condition=models.Q(("closes_at__gt", models.F("opened_at"))), name="policy_rules_docket_lasts"
            ),
        ),
        migrations.AddConstraint(
            model_name="commentgroup",
            constraint=models.UniqueConstraint(fields=("docket", "number"), name="policy_rules_group_number"),
        ),
        migrations.AddConstraint(
            model_name="commentgroup",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("answer", ""), ("answered_on", None)),
                    models.Q(
                        (
                            "answer__in",
                            [
                                "accepted",
                                "accepted_in_part",
                                "already_covered",
                                "deferred_to_training",
                                "deferred_to_next_review",
                                "rejected",
                                "out_of_scope",
                            ],
                        ),
                        ("answered_on__isnull", False),
                        models.Q(("rationale", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="policy_rules_comment_answer_has_reasons",
            ),
        ),
        migrations.AddConstraint(
            model_name="listeningsession",
            constraint=models.UniqueConstraint(fields=("docket", "number"), name="policy_rules_session_number"),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.UniqueConstraint(fields=("docket", "number"), name="policy_rules_comment_number"),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ends", None), ("quote", ""), ("starts", None)),
                    models.Q(
                        ("ends__gt", models.F("starts")),
                        models.Q(("section", ""), _negated=True),
                        models.Q(("quote", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="policy_rules_comment_passage",
            ),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.CheckConstraint(
                condition=models.Q(("signatures__gte", 1)), name="policy_rules_comment_from_someone"
            ),
        ),
        migrations.RunPython(open_dockets, migrations.RunPython.noop),
    ]
