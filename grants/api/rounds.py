"""Rounds as open data: what is open, until when, for how much, and by which criteria. Read only."""

from __future__ import annotations

from typing import Any

import django_filters
from django.conf import settings
from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers, viewsets
from rest_framework.reverse import reverse

from grants.enums import Moment
from grants.models import Criterion, EligibilityCriterion, Fund, Round, Tier
from grants.rules.rounds import standing_in, standing_of
from network.translation.api import LANG, REFUSALS, Filters, InLanguage


class TierSerializer(serializers.ModelSerializer):
    """A size of grant in the fund's currency; `match`: what is brought from elsewhere, per cent of the grant."""

    class Meta:
        model = Tier
        fields = ["minimum", "maximum", "match"]
        read_only_fields = fields


class CriterionSerializer(serializers.ModelSerializer):
    """What applications are judged by: weight in per cent, scores from `minimum` to `maximum`."""

    name = serializers.CharField(source="shown_name", read_only=True)
    guidance = serializers.CharField(source="shown_guidance", read_only=True)

    class Meta:
        model = Criterion
        fields = ["name", "guidance", "weight", "minimum", "maximum"]
        read_only_fields = fields


class EligibilitySerializer(serializers.ModelSerializer):
    """A question of the eligibility check; `blocking`: a wrong answer ends it."""

    question = serializers.CharField(source="shown_question", read_only=True)

    class Meta:
        model = EligibilityCriterion
        fields = ["key", "kind", "question", "blocking"]
        read_only_fields = fields


class RoundFundSerializer(serializers.ModelSerializer):
    """The fund of a round. `themes`: codes of the portal's classification."""

    title = serializers.CharField(source="shown_title", read_only=True)

    class Meta:
        model = Fund
        fields = ["uuid", "slug", "title", "currency", "themes"]
        read_only_fields = fields


class OpenRoundSerializer(serializers.ModelSerializer):
    """A call for applications: open from `opens_at` (included) to `closes_at` (excluded), decided in `timezone` (IANA).

    `state` is as at the moment of the answer. `url`: its page; `call`: all that is asked and by what it is judged, as PDF.
    """

    title = serializers.CharField(source="shown_title", read_only=True)
    fund = RoundFundSerializer(read_only=True)
    state = serializers.SerializerMethodField()
    sizes = TierSerializer(source="tiers", many=True, read_only=True)
    criteria = CriterionSerializer(many=True, read_only=True)
    eligibility = EligibilitySerializer(many=True, read_only=True)
    url = serializers.SerializerMethodField()
    call = serializers.SerializerMethodField()

    class Meta:
        model = Round
        fields = [
            "uuid", "fund", "number", "title", "state", "opens_at", "closes_at", "timezone", "award_min", "award_max",
            "sizes", "max_per_organisation", "blind", "criteria", "eligibility", "url", "call", "demo",
        ]  # fmt: skip
        read_only_fields = fields

    @extend_schema_field(serializers.ChoiceField(choices=Moment.choices))
    def get_state(self, round_: Round) -> str:
        return str(standing_of(round_, self.context["request"].received_at))

    @extend_schema_field(serializers.URLField())
    def get_url(self, round_: Round) -> str:
        return settings.KOINE_BASE_URL + round_.fund.get_absolute_url()

    @extend_schema_field(serializers.URLField())
    def get_call(self, round_: Round) -> str:
        return settings.KOINE_BASE_URL + reverse("grants:fund_pdf", args=[round_.fund.slug])


class RoundFilter(Filters):
    """Filters of the list of rounds."""

    state = django_filters.ChoiceFilter(
        method="by_state", choices=[(one, one.label) for one in (Moment.UPCOMING, Moment.OPEN, Moment.CLOSED)]
    )
    fund = django_filters.CharFilter(field_name="fund__slug")
    currency = django_filters.CharFilter(field_name="fund__currency", lookup_expr="iexact")

    class Meta:
        model = Round
        fields: list[str] = []

    def by_state(self, rounds: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        """Where a round stands at the moment of the request; within the grace it counts as closed."""
        return rounds.filter(standing_in(value, self.request.received_at))


@extend_schema_view(
    list=extend_schema(parameters=[LANG], responses={200: OpenRoundSerializer(many=True), **REFUSALS}),
    retrieve=extend_schema(parameters=[LANG], responses={200: OpenRoundSerializer, **REFUSALS}),
)
class RoundViewSet(InLanguage, viewsets.ReadOnlyModelViewSet):
    """Published rounds of public funds, the next deadline first."""

    door = "public"
    queryset = Round.objects.none()
    serializer_class = OpenRoundSerializer
    lookup_field = "uuid"
    lookup_value_converter = "uuid"
    filterset_class = RoundFilter

    def get_queryset(self) -> QuerySet[Any]:
        funds = Fund.objects.visible_to(self.request.user)
        return (
            Round.objects.filter(published=True, fund__in=funds)
            .for_language(self.language)
            .prefetch_related(
                Prefetch("fund", Fund.objects.for_language(self.language)),
                "tiers",
                Prefetch("criteria", Criterion.objects.for_language(self.language)),
                Prefetch("eligibility", EligibilityCriterion.objects.for_language(self.language)),
            )
            .order_by("closes_at", "id")
        )
