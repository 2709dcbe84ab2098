"""The letters of a case over the API, and what became of them."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.tokens import Scope
from casework.actions import letters
from casework.api.entrance import CaseView, person_of
from casework.models import Dispatch, Letter
from casework.permissions import access_case
from casework.vocabulary import DeliveryProof, LetterWay, Perm
from moves.api import read_body


class DispatchSerializer(serializers.ModelSerializer[Dispatch]):
    """One sending of a letter, and what became of it."""

    class Meta:
        model = Dispatch
        fields = ("id", "way", "on", "posted_on", "delivered_on", "delivery_proof", "returned_on", "return_reason")
        read_only_fields = fields


class LetterSerializer(serializers.ModelSerializer[Letter]):
    """A letter by its code and reader's alias; its words are in the file, whose digest stands here."""

    reader = serializers.SerializerMethodField()
    dispatches = DispatchSerializer(many=True, read_only=True)

    class Meta:
        model = Letter
        fields = ("id", "code", "reader", "language", "drafted_on", "approved_on", "sent_on", "sha256", "dispatches")
        read_only_fields = fields

    def get_reader(self, letter: Letter) -> str:
        """Return the alias of the civilian or the label of the officer; empty for an agency."""
        return str(letter.party or (letter.officer.label if letter.officer else ""))


class AfterSerializer(serializers.Serializer[Any]):
    """What is stated of a letter that was sent: each act reads its own of these."""

    on = serializers.DateField(required=False, allow_null=True, default=None)
    proof = serializers.ChoiceField(DeliveryProof.choices, required=False, help_text="delivered: what shows it")
    reason = serializers.CharField(required=False, max_length=300, help_text="returned: why it came back")
    way = serializers.ChoiceField(LetterWay.choices, required=False, help_text="again: how it goes")
    address = serializers.CharField(required=False, max_length=300, help_text="again: a corrected address")


class CaseLetters(CaseView):
    """The letters of a case."""

    scopes: ClassVar = {"GET": Scope.CASES_READ}

    @extend_schema(responses=LetterSerializer(many=True), operation_id="case_letters")
    def get(self, request: Request, number: str) -> Response:
        """Return each letter with its sendings."""
        case = access_case(person_of(request), number, Perm.VIEW_FILE)
        rows = case.letters.select_related("party", "officer").prefetch_related("dispatches")
        return Response(LetterSerializer(rows, many=True).data)


class AfterLetter(CaseView):
    """Record what became of a letter."""

    scopes: ClassVar = {"POST": Scope.CASES_WRITE}
    NEEDS: ClassVar = {
        "posted": (),
        "delivered": ("proof",),
        "returned": ("reason",),
        "again": ("way", "address"),
        "mail": (),
    }

    @extend_schema(request=AfterSerializer, responses=LetterSerializer, operation_id="case_letter_after")
    def post(self, request: Request, number: str, letter: int, act: str) -> Response:
        """Record that its newest sending left on paper (`posted`), was `delivered` or `returned`; send it `again`.

        `mail` mails the reader once more that it waits on the tracking page, where that mail could not be sent.
        """
        person = person_of(request)
        case = access_case(person, number, Perm.SEND_LETTER)
        found = case.letters.filter(pk=letter).first()
        last = found.dispatches.last() if found else None
        if found is None or last is None or act not in self.NEEDS:
            raise Http404
        given = read_body(request, AfterSerializer)
        stated = {name: given.get(name, "") for name in self.NEEDS[act]}
        match act:
            case "again":
                letters.send_again(letter=found, by=person, on=given["on"], **stated)
            case "mail":
                letters.mail_again(dispatch=last, by=person, on=given["on"])
            case "posted":
                letters.record_posting(dispatch=last, by=person, on=given["on"])
            case "delivered":
                letters.record_delivery(dispatch=last, by=person, on=given["on"], **stated)
            case _:
                letters.record_return(dispatch=last, by=person, on=given["on"], **stated)
        return Response(LetterSerializer(Letter.objects.get(pk=found.pk)).data)
