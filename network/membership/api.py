"""Networks and memberships as open data: read only."""

from __future__ import annotations

import datetime
import re
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers, viewsets
from rest_framework.exceptions import ValidationError

from network.membership.enums import DecisionKind, MemberKind, NetworkKind
from network.membership.models import Membership, Network
from network.translation.api import LANG, REFUSALS, Filters, InLanguage, Link


class NetworkSerializer(serializers.ModelSerializer):
    """A network. `founded_on` is known as exactly as `founded_precision` says."""

    name = serializers.CharField(source="shown_name", read_only=True)
    purpose = serializers.CharField(source="shown_purpose", read_only=True)
    url = serializers.CharField(source="get_absolute_url", read_only=True)
    website = Link()
    parent = serializers.SlugRelatedField("slug", read_only=True, allow_null=True)
    secretariat_city = serializers.SlugRelatedField("slug", read_only=True, allow_null=True)

    class Meta:
        model = Network
        fields = [
            "uuid", "slug", "url", "name", "abbreviation", "kind", "purpose", "founded_on", "founded_precision",
            "parent", "secretariat_city", "enabled_languages", "website", "source",
        ]  # fmt: skip
        read_only_fields = fields


class NetworkFilter(Filters):
    """Filters of the list of networks."""

    kind = django_filters.ChoiceFilter(choices=NetworkKind.choices)

    class Meta:
        model = Network
        fields: list[str] = []


@extend_schema_view(
    list=extend_schema(parameters=[LANG], responses={200: NetworkSerializer(many=True), **REFUSALS}),
    retrieve=extend_schema(parameters=[LANG], responses={200: NetworkSerializer, **REFUSALS}),
)
class NetworkViewSet(InLanguage, viewsets.ReadOnlyModelViewSet):
    """City networks."""

    door = "public"
    queryset = Network.objects.none()
    serializer_class = NetworkSerializer
    lookup_field = "slug"
    lookup_value_regex = "[^/]+"
    filterset_class = NetworkFilter

    def get_queryset(self) -> QuerySet:
        kept = Network.objects.filter(archived_at__isnull=True).select_related("parent", "secretariat_city")
        return kept.for_language(self.language).order_by("slug")


class MembershipSerializer(serializers.ModelSerializer):
    """A city in a network, with its status on the date asked for. `joined_on` is empty where nobody knows."""

    city = serializers.SlugRelatedField("slug", read_only=True)
    network = serializers.SlugRelatedField("slug", read_only=True)
    region = serializers.SlugRelatedField("code", read_only=True, allow_null=True)
    status = serializers.SerializerMethodField()

    class Meta:
        model = Membership
        fields = [
            "uuid",
            "city",
            "network",
            "kind",
            "region",
            "joined_on",
            "joined_precision",
            "act",
            "founding",
            "status",
            "source",
        ]
        read_only_fields = fields

    def get_status(self, membership: Any) -> str:
        return "suspended" if membership.last_decision == DecisionKind.SUSPEND else "current"


class MembershipFilter(Filters):
    """Filters of the list of memberships."""

    network = django_filters.CharFilter("network__slug")
    city = django_filters.CharFilter("city__slug")
    country = django_filters.CharFilter("city__country", lookup_expr="iexact")
    kind = django_filters.ChoiceFilter(choices=MemberKind.choices)
    founding = django_filters.ChoiceFilter(choices=[("true", "yes"), ("false", "no")], method="is_founding")

    class Meta:
        model = Membership
        fields: list[str] = []

    def is_founding(self, memberships: QuerySet, name: str, value: str) -> QuerySet:
        return memberships.filter(founding=value == "true")


ISO_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
AS_OF = OpenApiParameter("as_of", OpenApiTypes.DATE, description="Members on that date (today by default).")


def date_of(given: str | None) -> datetime.date:
    """The date asked for, today where none is. ValidationError where it is no date as 2026-11-20."""
    if given is None:
        return timezone.localdate()
    try:
        if ISO_DATE.fullmatch(given):
            return datetime.date.fromisoformat(given)
    except ValueError:
        pass
    raise ValidationError({"as_of": ["A date as 2026-11-20."]})


@extend_schema_view(
    list=extend_schema(parameters=[LANG, AS_OF], responses={200: MembershipSerializer(many=True), **REFUSALS}),
    retrieve=extend_schema(parameters=[LANG, AS_OF], responses={200: MembershipSerializer, **REFUSALS}),
)
class MembershipViewSet(InLanguage, viewsets.ReadOnlyModelViewSet):
    """Who is a member of what, on any date."""

    door = "public"
    queryset = Membership.objects.none()
    serializer_class = MembershipSerializer
    lookup_field = "uuid"
    lookup_value_converter = "uuid"
    filterset_class = MembershipFilter

    def get_queryset(self) -> QuerySet:
        day = date_of(self.request.query_params.get("as_of"))
        return (
            Membership.objects.of_kept_cities()
            .members_on(day)
            .with_status_on(day)
            .select_related("city", "network", "region")
            .order_by("pk")
        )
