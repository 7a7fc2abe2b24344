"""What a program's API token opens, told to the program."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from network.people import scopes
from network.people.api import ByToken
from network.people.enums import ScopeKind, TokenRight
from network.translation.api import LANG, REFUSALS, InLanguage, Refusal


class TokenSerializer(serializers.Serializer):
    """A token: what it is for (`scope` and the UUID of that thing), whether it may write, and until when."""

    name = serializers.CharField()
    scope = serializers.ChoiceField(choices=ScopeKind.choices, source="scope_kind")
    scope_key = serializers.UUIDField()
    scope_name = serializers.SerializerMethodField()
    right = serializers.ChoiceField(choices=TokenRight.choices)
    expires_at = serializers.DateTimeField()

    def get_scope_name(self, token) -> str:
        return scopes.name_of(*token.scope)


class Token(InLanguage, ByToken, APIView):
    """The token that the request carries."""

    token_scope = ""

    @extend_schema(
        parameters=[LANG],
        responses={
            200: TokenSerializer,
            400: REFUSALS[400],
            401: OpenApiResponse(Refusal, description="No token, or one that opens nothing."),
            429: REFUSALS[429],
        },
    )
    def get(self, request: Request) -> Response:
        return Response(TokenSerializer(request.auth).data)
