"""What a draft of the rules would have changed in past cases: ask for a run, follow it, read what it found."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.errors import RefusedSerializer
from accounts.tokens import Scope
from casework.actions import what_if as acts
from casework.api.entrance import CaseView, person_of
from casework.models import WhatIf
from casework.vocabulary import WhatIfKind
from policy_rules.api.drafting import draft_of


class WhatIfRowSerializer(serializers.Serializer[Any]):
    """How many times something would have been otherwise."""

    kind = serializers.CharField(help_text=", ".join(WhatIfKind.values))
    subject = serializers.CharField(help_text="A time limit, a class, a finding or a row of the outcome table.")
    before = serializers.CharField()
    after = serializers.CharField()
    number = serializers.IntegerField()


class WhatIfSerializer(serializers.ModelSerializer[WhatIf]):
    """One run of a draft's rules over all cases. Cases are counted and not named."""

    version = serializers.CharField(source="version.reference")
    rules_sha256 = serializers.CharField(source="digest")
    is_of_the_draft_as_it_is = serializers.BooleanField(help_text="Whether the draft has not changed since.")
    is_finished = serializers.BooleanField(read_only=True, help_text="Whether the counts are complete.")
    looked_at = serializers.DictField(child=serializers.IntegerField())
    differences = WhatIfRowSerializer(source="tallies", many=True)

    class Meta:
        model = WhatIf
        fields = (
            "id", "version", "rules_sha256", "is_of_the_draft_as_it_is", "asked_at", "is_finished", "finished_at",
            "done", "total", "looked_at", "differences",
        )  # fmt: skip


class DraftWhatIf(CaseView):
    """What the rules of a draft would have changed in past cases. No case is touched."""

    scopes: ClassVar = {"GET": Scope.POLICIES_READ, "POST": Scope.POLICIES_WRITE}

    @extend_schema(responses={200: WhatIfSerializer}, operation_id="policy_what_if")
    def get(self, request: Request, code: str, version: str) -> Response:
        """Return the newest run of the draft; 404 where there was none yet."""
        run = draft_of(request, code, version).what_ifs.order_by("-pk").first()
        if run is None:
            raise Http404
        return Response(WhatIfSerializer(run).data)

    @extend_schema(
        request=None, responses={202: WhatIfSerializer, 400: RefusedSerializer}, operation_id="policy_what_if_ask"
    )
    def post(self, request: Request, code: str, version: str) -> Response:
        """Have all cases gone through; the run that goes on already is returned where there is one."""
        run = acts.ask(version=draft_of(request, code, version), by=person_of(request))
        return Response(WhatIfSerializer(run).data, status=status.HTTP_202_ACCEPTED)
