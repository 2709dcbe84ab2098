"""How the API refuses: one shape, whatever is wrong."""

from typing import Any

from rest_framework import serializers


class ReasonSerializer(serializers.Serializer[Any]):
    """One reason: its code, a sentence, and the field or the rule that it is about."""

    code = serializers.CharField()
    detail = serializers.CharField()
    attr = serializers.CharField(allow_null=True)


class RefusedSerializer(serializers.Serializer[Any]):
    """Every reason why the request was refused."""

    type = serializers.CharField(help_text="`validation_error`, or `client_error` for what is not about the input.")
    errors = ReasonSerializer(many=True)  # type: ignore[assignment]  # a key of the answer
