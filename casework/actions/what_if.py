"""Running a draft of the rules over past cases: asked for by who works on the manual, carried out by the worker."""

from __future__ import annotations

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from accounts.models import User
from audit.canonical import canonical
from casework.actions.progress import telling
from casework.exceptions import Invalid, NotPermitted
from casework.models import WhatIf
from casework.reporting.what_if import Tally, differences, kept, reading_only
from policy_rules.actions import acts
from policy_rules.canonical import digest
from policy_rules.drafted_rules import drafted_data, drafted_rules
from policy_rules.models import ChapterVersion
from policy_rules.permissions import permissions_on
from policy_rules.roles import PolicyPerm

RUN = "casework.what_if"
"""The job that carries out a run; see casework.tasks."""
AUTHORITY = "begin_drafting"
MOST_KEPT = 5_000
"""Differences that are kept case by case; all are counted."""


def ask(*, version: ChapterVersion, by: User) -> WhatIf:
    """Have the draft's rules run over all cases by the worker; the same draft is not run twice at once.

    Raises NotPermitted for who does not read drafts, and Invalid where the draft changes no rule.
    """
    if PolicyPerm.VIEW_DRAFT not in permissions_on(by, version):
        raise NotPermitted(PolicyPerm.VIEW_DRAFT.label)
    if not version.is_draft or not version.draft_rules.exists():
        raise Invalid(_("This draft changes no rule, so nothing could have been otherwise."))
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [RUN])
        version = ChapterVersion.objects.select_related("chapter__manual").get(pk=version.pk)
        running = WhatIf.objects.under_way().filter(version=version, revision=version.revision).first()
        if running is not None:
            return running
        sealed = digest(canonical(drafted_data(version)))
        run = WhatIf.objects.create(version=version, revision=version.revision, digest=sealed, asked_by=by)
        acts.record(
            "policy.what_if_asked",
            version=version,
            by=by,
            perm=PolicyPerm.VIEW_DRAFT,
            section=acts.authority(AUTHORITY, timezone.localdate()),
            facts={"run": run.pk, "rules_sha256": sealed},
        )
        app.configure_task(RUN, lock=RUN).defer(run=run.pk)
        return run


def carry_out(run: WhatIf) -> WhatIf:
    """Run the draft's rules over all cases and keep what would have been otherwise; no case is changed.

    A run that breaks off keeps the error, which is raised.
    """
    run.started_at = run.told_at = timezone.now()
    run.save(update_fields=["started_at", "told_at"])
    try:
        tally = Tally()
        with telling(run) as progress, reading_only():
            found = kept(differences(drafted_rules(run.version), tally, progress), MOST_KEPT)
    except Exception as error:
        run.error = repr(error)
        raise
    else:
        run.looked_at, run.tallies, run.differences = dict(tally.looked_at), tally.rows(), found
    finally:
        run.finished_at = run.told_at = timezone.now()
        run.doing, run.done, run.total = "", 0, 0
        run.save()
    return run
