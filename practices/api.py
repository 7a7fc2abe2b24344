"""Good practices as open data: read only, published ones, in the language asked for or honestly in the original."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, viewsets

from network.languages import CODES, LANGUAGES
from network.translation.api import LANG, REFUSALS, Filters, InLanguage
from practices.enums import Maturity
from practices.models import Practice, PracticeNarrative
from practices.queries.wanted import of_concept

LANGUAGE_CHOICES = [(code, language.name) for code, language in LANGUAGES.items()]


class PracticeSerializer(serializers.ModelSerializer):
    """A practice in one language: `language` says which the texts are in; `languages` in which it can be read whole."""

    city = serializers.SlugRelatedField("slug", read_only=True)
    language = serializers.CharField(source="shown_language", read_only=True)
    title = serializers.CharField(source="shown_title", read_only=True)
    strapline = serializers.CharField(source="shown_strapline", read_only=True)
    summary = serializers.CharField(source="shown_summary", read_only=True)
    themes = serializers.SlugRelatedField("code", many=True, read_only=True)
    url = serializers.CharField(source="get_absolute_url", read_only=True)

    class Meta:
        model = Practice
        fields = [
            "uuid", "slug", "url", "city", "language", "original_language", "languages", "title", "strapline", "summary",
            "themes", "maturity", "running", "started_on", "started_precision", "published_at", "demo", "source",
        ]  # fmt: skip
        read_only_fields = fields


class PracticeDetailSerializer(PracticeSerializer):
    """A practice with its narrative sections, all in `language`."""

    sections = serializers.SerializerMethodField()

    class Meta(PracticeSerializer.Meta):
        fields = [*PracticeSerializer.Meta.fields, "sections"]
        read_only_fields = fields

    def get_sections(self, practice: Any) -> dict[str, str]:
        columns = {section: f"{section}_{practice.shown_language}" for section in PracticeNarrative.CARD}
        row = PracticeNarrative.objects.filter(practice=practice).values(*columns.values()).first() or {}
        return {section: row.get(column) or "" for section, column in columns.items()}


class PracticeFilter(Filters):
    """Filters of the list of practices."""

    city = django_filters.CharFilter("city__slug")
    country = django_filters.CharFilter("city__country", lookup_expr="iexact")
    theme = django_filters.CharFilter(method="classified", label="Code of a theme, target group or approach")
    maturity = django_filters.ChoiceFilter(choices=Maturity.choices)
    original_language = django_filters.ChoiceFilter(choices=LANGUAGE_CHOICES)
    readable_in = django_filters.ChoiceFilter(
        choices=LANGUAGE_CHOICES, method="readable", label="Complete in this language"
    )

    class Meta:
        model = Practice
        fields: list[str] = []

    def classified(self, practices: QuerySet, name: str, value: str) -> QuerySet:
        """By a concept and what is narrower; a code that was merged means its successor."""
        return practices.filter(pk__in=of_concept(value))

    def readable(self, practices: QuerySet, name: str, value: str) -> QuerySet:
        return practices.filter(languages__contains=[value]) if value in CODES else practices.none()


@extend_schema_view(
    list=extend_schema(parameters=[LANG], responses={200: PracticeSerializer(many=True), **REFUSALS}),
    retrieve=extend_schema(parameters=[LANG], responses={200: PracticeDetailSerializer, **REFUSALS}),
)
class PracticeViewSet(InLanguage, viewsets.ReadOnlyModelViewSet):
    """Published practices, newest first."""

    door = "public"
    queryset = Practice.objects.none()
    lookup_field = "slug"
    lookup_value_regex = "[^/]+"
    filterset_class = PracticeFilter

    def get_queryset(self) -> QuerySet:
        practices = Practice.objects.visible_to(self.request.user).for_language(self.language)
        return practices.select_related("city").prefetch_related("themes").order_by("-published_at", "-pk")

    def get_serializer_class(self) -> type[PracticeSerializer]:
        return PracticeSerializer if self.action == "list" else PracticeDetailSerializer
