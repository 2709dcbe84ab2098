"""Receipts of a case over the API: which there are, and each as the file that verify_receipt.py reads."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import Http404, HttpResponse
from django.utils.translation import get_language
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.tokens import Scope
from audit.receipts import NotSealedYet
from casework.api.entrance import CaseView, person_of
from casework.documents.receipts import FORMS, receipt_for, receipts_for, written
from casework.documents.render import PdfUnavailable
from casework.permissions import access_case
from casework.vocabulary import Perm


class KeptSerializer(serializers.Serializer[Any]):
    """An entry of the case of which the person may have a receipt."""

    n = serializers.IntegerField(help_text="The entry's number among those of the case.")
    action = serializers.CharField(source="entry.action")
    recorded_at = serializers.DateTimeField(source="entry.occurred_at")
    position = serializers.IntegerField(source="entry.position", allow_null=True, help_text="null while it is pending")
    own = serializers.BooleanField(help_text="Whether the receipt holds what the person wrote.")


class BehindSerializer(serializers.Serializer[Any]):
    """What lies behind the entry: the salt in hexadecimal and the text."""

    salt = serializers.CharField()
    text = serializers.CharField()


class ReceiptSerializer(serializers.Serializer[Any]):
    """A receipt; docs/how-to/verify-a-receipt.md explains its fields. Keep the answer to the byte."""

    format = serializers.CharField()
    leaf = serializers.CharField()
    index = serializers.IntegerField()
    proof = serializers.ListField(child=serializers.CharField())
    checkpoint = serializers.CharField()
    detail = BehindSerializer(allow_null=True)


class CaseReceipts(CaseView):
    """The receipts of a case."""

    scopes: ClassVar = {"GET": Scope.CASES_READ}

    @extend_schema(responses=KeptSerializer(many=True), operation_id="case_receipts")
    def get(self, request: Request, number: str) -> Response:
        """Return the complaint, messages, letters, votes and results of which there is a receipt."""
        person = person_of(request)
        case = access_case(person, number, Perm.VIEW)
        return Response(KeptSerializer(receipts_for(person, case), many=True).data)


class CaseReceipt(CaseView):
    """One receipt."""

    scopes: ClassVar = {"GET": Scope.CASES_READ}

    @extend_schema(
        responses={200: ReceiptSerializer},
        operation_id="case_receipt",
        parameters=[OpenApiParameter("form", enum=sorted(FORMS), description="`json` where it is left out.")],
    )
    def get(self, request: Request, number: str, n: int) -> HttpResponse:
        """Return the receipt of the n-th entry of the case; 404 where there is none, not yet, or not in this form."""
        person, form = person_of(request), request.query_params.get("form", "json")
        case = access_case(person, number, Perm.VIEW)
        kept = receipt_for(person, case, n) if form in FORMS else None
        if kept is None:
            raise Http404
        try:
            content = written(kept, case, form, language=get_language() or "en", told=person)
        except (NotSealedYet, PdfUnavailable) as missing:
            raise Http404 from missing
        return HttpResponse(content, content_type=FORMS[form])
