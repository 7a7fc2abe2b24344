"""The first page of the interface: where everything is."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.utils import translation
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from network.languages import DEFAULT
from network.translation.api import LANG, REFUSALS, InLanguage

LISTS = {
    "cities": "api:city-list",
    "networks": "api:network-list",
    "memberships": "api:membership-list",
    "practices": "api:practice-list",
    "funds": "api:fund-list",
    "rounds": "api:round-list",
}


class RootSerializer(serializers.Serializer):
    """Addresses of the lists and of the schema."""

    cities = serializers.URLField()
    networks = serializers.URLField()
    memberships = serializers.URLField()
    practices = serializers.URLField()
    funds = serializers.URLField()
    rounds = serializers.URLField()
    schema = serializers.URLField()


class Root(InLanguage, APIView):
    """Where everything is."""

    door = "public"

    @extend_schema(parameters=[LANG], responses={200: RootSerializer, 400: REFUSALS[400], 429: REFUSALS[429]})
    def get(self, request: Request) -> Response:
        return Response(
            {name: reverse(route, request=request) for name, route in {**LISTS, "schema": "api:schema"}.items()}
        )


@cache
def document() -> dict[str, Any]:
    """The schema, in English. Made once per process: making it costs half a second, and it changes with the code only."""
    with translation.override(DEFAULT):
        return SchemaGenerator().get_schema(request=None, public=True)


class Schema(SpectacularAPIView):
    """The interface described in OpenAPI 3.1: YAML, or JSON where `Accept` or `?format=json` asks for it."""

    door = "public"

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        named = f'inline; filename="{self._get_filename(request, None)}"'
        return Response(document(), headers={"Content-Disposition": named})


class Nothing(InLanguage, APIView):
    """An address of the interface that does not exist: programs get their 404 in JSON, whatever they wanted to do there."""

    door = "public"

    def http_method_not_allowed(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        raise NotFound

    @extend_schema(exclude=True)
    def get(self, request: Request, **kwargs: Any) -> Response:
        raise NotFound
