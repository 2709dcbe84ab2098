"""Receipts of a case over the API: which there are, and each as the file that verify_receipt.py reads."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import Http404, HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.tokens import Scope
from audit import receipts as log_receipts
from casework.api.entrance import CaseView, person_of
from casework.documents.receipts import receipt_for, receipts_for
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

    @extend_schema(responses=ReceiptSerializer, operation_id="case_receipt")
    def get(self, request: Request, number: str, n: int) -> HttpResponse:
        """Return the receipt of the n-th entry of the case; 404 where there is none, or not yet."""
        person = person_of(request)
        kept = receipt_for(person, access_case(person, number, Perm.VIEW), n)
        try:
            made = kept.receipt() if kept else None
        except log_receipts.NotSealedYet as pending:
            raise Http404 from pending
        if made is None:
            raise Http404
        return HttpResponse(log_receipts.as_json(made), content_type="application/json")
