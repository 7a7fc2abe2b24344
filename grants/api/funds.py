"""Funds and their rounds as open data: read only."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, viewsets

from grants.enums import FundStatus
from grants.models import Contribution, Fund, Round
from network.translation.api import LANG, REFUSALS, Filters, InLanguage


class ContributionSerializer(serializers.ModelSerializer):
    """What one funder pays in; the amount in the fund's currency."""

    funder = serializers.SlugRelatedField("slug", read_only=True)

    class Meta:
        model = Contribution
        fields = ["funder", "amount"]
        read_only_fields = fields


class RoundSerializer(serializers.ModelSerializer):
    """A call for applications: open from `opens_at` (included) to `closes_at` (excluded), decided in `timezone` (IANA)."""

    title = serializers.CharField(source="shown_title", read_only=True)

    class Meta:
        model = Round
        fields = [
            "uuid",
            "number",
            "title",
            "opens_at",
            "closes_at",
            "timezone",
            "award_min",
            "award_max",
            "max_per_organisation",
            "demo",
        ]
        read_only_fields = fields


class FundSerializer(serializers.ModelSerializer):
    """A fund with its funders and rounds; amounts in `currency` (ISO 4217), `themes` as codes of the classification.

    All of a round, and what is open now, is at `/api/v1/rounds/`.
    """

    title = serializers.CharField(source="shown_title", read_only=True)
    purpose = serializers.CharField(source="shown_purpose", read_only=True)
    url = serializers.CharField(source="get_absolute_url", read_only=True)
    owner_city = serializers.SlugRelatedField("slug", read_only=True, allow_null=True)
    owner_network = serializers.SlugRelatedField("slug", read_only=True, allow_null=True)
    contributions = ContributionSerializer(many=True, read_only=True)
    rounds = RoundSerializer(many=True, read_only=True)

    class Meta:
        model = Fund
        fields = [
            "uuid", "slug", "url", "title", "purpose", "owner_city", "owner_network", "currency", "budget", "committed",
            "status", "themes", "contributions", "rounds", "source",
        ]  # fmt: skip
        read_only_fields = fields


class FundFilter(Filters):
    """Filters of the list of funds."""

    status = django_filters.ChoiceFilter(choices=[c for c in FundStatus.choices if c[0] != FundStatus.DRAFT])
    currency = django_filters.CharFilter(lookup_expr="iexact")

    class Meta:
        model = Fund
        fields: list[str] = []


@extend_schema_view(
    list=extend_schema(parameters=[LANG], responses={200: FundSerializer(many=True), **REFUSALS}),
    retrieve=extend_schema(parameters=[LANG], responses={200: FundSerializer, **REFUSALS}),
)
class FundViewSet(InLanguage, viewsets.ReadOnlyModelViewSet):
    """Public funds."""

    door = "public"
    queryset = Fund.objects.none()
    serializer_class = FundSerializer
    lookup_field = "slug"
    lookup_value_regex = "[^/]+"
    filterset_class = FundFilter

    def get_queryset(self) -> QuerySet[Any]:
        rounds = Round.objects.filter(published=True).for_language(self.language).order_by("number")
        return (
            Fund.objects.visible_to(self.request.user)
            .for_language(self.language)
            .select_related("owner_city", "owner_network")
            .prefetch_related(Prefetch("rounds", rounds), "contributions__funder")
            .order_by("slug")
        )
