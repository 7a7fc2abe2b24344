"""The first page of the interface: where everything is."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from network.translation.api import LANG, REFUSALS, InLanguage

LISTS = {
    "cities": "api:city-list",
    "networks": "api:network-list",
    "memberships": "api:membership-list",
    "practices": "api:practice-list",
    "funds": "api:fund-list",
}


class RootSerializer(serializers.Serializer):
    """Addresses of the lists and of the schema."""

    cities = serializers.URLField()
    networks = serializers.URLField()
    memberships = serializers.URLField()
    practices = serializers.URLField()
    funds = serializers.URLField()
    schema = serializers.URLField()


class Root(InLanguage, APIView):
    """Where everything is."""

    door = "public"

    @extend_schema(parameters=[LANG], responses={200: RootSerializer, 400: REFUSALS[400], 429: REFUSALS[429]})
    def get(self, request: Request) -> Response:
        return Response(
            {name: reverse(route, request=request) for name, route in {**LISTS, "schema": "api:schema"}.items()}
        )
