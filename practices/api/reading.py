"""Good practices as open data: published ones, searched and filtered as on the page, in the language asked for or honestly
in the original."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_serializer, extend_schema_view
from rest_framework import serializers, viewsets
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from network.translation.api import LANG, REFUSALS, InLanguage
from practices.api.parameters import PARAMETERS, Wrong, wanted_by
from practices.api.rows import AdoptionSerializer, LabelSerializer, PartsSerializer
from practices.documents.fact_sheet import short_link
from practices.models import Practice, PracticeNarrative
from practices.queries.adoptions import adoption_row, adoptions_of
from practices.queries.facets import Filter, filters_of
from practices.queries.finding import COUNTED, find
from practices.queries.labels import labels_among, labels_of
from practices.queries.parts import parts_of


class PracticeSerializer(serializers.ModelSerializer):
    """A practice in one language: `language` says which the texts are in; `languages` in which it can be read whole.

    `themes` are the codes of all its concepts: themes, target groups and approaches. `short_link` is kept for ever.
    `licence` is SPDX's identifier, or `reserved`; null where the city has not said. `last_verified` is the day on which its
    city last confirmed that it is still as described, `review_due` that by which it is to do so again: in the past where
    it has not, null where the practice is over. `labels`: those that
    are valid first.
    """

    city = serializers.SlugRelatedField("slug", read_only=True)
    country = serializers.CharField(source="city.country", read_only=True)
    language = serializers.CharField(source="shown_language", read_only=True)
    title = serializers.CharField(source="shown_title", read_only=True)
    strapline = serializers.CharField(source="shown_strapline", read_only=True)
    summary = serializers.CharField(source="shown_summary", read_only=True)
    themes = serializers.SlugRelatedField("code", many=True, read_only=True)
    url = serializers.CharField(source="get_absolute_url", read_only=True)
    short_link = serializers.SerializerMethodField()
    licence = serializers.SerializerMethodField()
    last_verified = serializers.DateField(source="verified_on", read_only=True, allow_null=True)
    review_due = serializers.DateField(source="review_due_on", read_only=True, allow_null=True)
    labels = LabelSerializer(many=True, source="label_rows", read_only=True)

    class Meta:
        model = Practice
        fields = [
            "uuid", "slug", "url", "short_link", "city", "country", "language", "original_language", "languages", "title",
            "strapline", "summary", "themes", "maturity", "running", "labels", "started_on", "started_precision",
            "ended_on", "published_at", "updated_at", "last_verified", "review_due", "licence", "demo", "source",
        ]  # fmt: skip
        read_only_fields = fields

    def get_short_link(self, practice: Any) -> str:
        return short_link(practice, self.context["origin"])

    def get_licence(self, practice: Any) -> str | None:
        return practice.licence or None


class PracticeDetailSerializer(PracticeSerializer):
    """A practice with its narrative sections, all in `language`, its rows, and the cities that took it up.

    A text of a row stands in `language` where it is translated, else in the original; it says which.
    """

    sections = serializers.SerializerMethodField()
    rows = serializers.SerializerMethodField()
    adoptions = serializers.SerializerMethodField()

    class Meta(PracticeSerializer.Meta):
        fields = [*PracticeSerializer.Meta.fields, "sections", "rows", "adoptions"]
        read_only_fields = fields

    def get_sections(self, practice: Any) -> dict[str, str]:
        columns = {section: f"{section}_{practice.shown_language}" for section in PracticeNarrative.CARD}
        row = PracticeNarrative.objects.filter(practice=practice).values(*columns.values()).first() or {}
        return {section: row.get(column) or "" for section, column in columns.items()}

    @extend_schema_field(PartsSerializer)
    def get_rows(self, practice: Any) -> Any:
        return PartsSerializer(parts_of(practice, practice.shown_language), context=self.context).data

    @extend_schema_field(AdoptionSerializer(many=True))
    def get_adoptions(self, practice: Any) -> Any:
        language = practice.shown_language
        rows = [adoption_row(row, language) for row in adoptions_of(practice, language)]
        return AdoptionSerializer(rows, many=True).data


class ChoiceSerializer(serializers.Serializer):
    """A choice of a filter: how many practices it would leave, and whether it is in force."""

    value = serializers.CharField()
    label = serializers.CharField()
    count = serializers.IntegerField(allow_null=True)
    chosen = serializers.BooleanField()


@extend_schema_serializer(many=False)
class PracticePageSerializer(serializers.Serializer):
    """A page of what was found. `count` ends at 10,000; where there are `more`, only their number is not told.

    `facets`: for each filter its choices, the concepts in the order of their tree; null where they were not wanted. Their
    numbers count all that was found, or the newest 2,000 of a search by words, 4,000 in another order.
    """

    count = serializers.IntegerField()
    more = serializers.BooleanField()
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    facets = serializers.DictField(child=ChoiceSerializer(many=True), allow_null=True)
    results = PracticeSerializer(many=True)


@extend_schema_view(
    list=extend_schema(parameters=[LANG, *PARAMETERS], responses={200: PracticePageSerializer, **REFUSALS}),
    retrieve=extend_schema(parameters=[LANG], responses={200: PracticeDetailSerializer, **REFUSALS}),
)
class PracticeViewSet(InLanguage, viewsets.ReadOnlyModelViewSet):
    """Published practices: by relevance where words are looked for, else the newest first."""

    door = "public"
    queryset = Practice.objects.none()
    lookup_field = "slug"
    lookup_value_regex = "[^/]+"
    filter_backends = ()

    def get_queryset(self) -> QuerySet:
        practices = Practice.objects.visible_to(self.request.user).for_language(self.language)
        return practices.select_related("city").prefetch_related("themes")

    def get_object(self) -> Practice:
        practice: Any = super().get_object()
        practice.label_rows = labels_of(practice, self.language)
        return practice

    def get_serializer_class(self) -> type[PracticeSerializer]:
        return PracticeSerializer if self.action == "list" else PracticeDetailSerializer

    def get_serializer_context(self) -> dict[str, Any]:
        return {**super().get_serializer_context(), "origin": settings.KOINE_BASE_URL}

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        try:
            wanted, readable_in, facets = wanted_by(request.query_params, self.language)
        except Wrong as wrong:
            raise ValidationError(wrong.faults) from wrong
        pages: Any = self.paginator
        page, size = pages.get_page_number(request, None), pages.get_page_size(request)
        if (page - 1) * size >= COUNTED:
            raise NotFound
        size = min(size, COUNTED - (page - 1) * size)
        found = find(wanted, readable_in, size, (page - 1) * pages.get_page_size(request), counts=facets)
        if not found.ids and page > 1:
            raise NotFound
        count = min(found.total, COUNTED)
        last = page * pages.get_page_size(request) >= count
        offered = filters_of(found, wanted, self.language) if facets else None
        return Response(
            {
                "count": count,
                "more": found.total > COUNTED,
                "next": None if last else _page_address(request, page + 1),
                "previous": _page_address(request, page - 1) if page > 1 else None,
                "facets": _facets(offered) if offered is not None else None,
                "results": self.get_serializer(self._in_order(found.ids), many=True).data,
            }
        )

    def _in_order(self, ids: Sequence[int]) -> list[Practice]:
        rows = {practice.pk: practice for practice in self.get_queryset().filter(pk__in=ids).order_by()}
        labels = labels_among(list(rows), self.language)
        for pk, practice in rows.items():
            practice.label_rows = labels[pk]  # type: ignore[attr-defined]
        return [rows[pk] for pk in ids if pk in rows]


def _facets(offered: Sequence[Filter]) -> dict[str, list[dict[str, Any]]]:
    return {one.name: [ChoiceSerializer(option).data for option in one.options] for one in offered}


def _page_address(request: Request, page: int) -> str:
    return replace_query_param(request.build_absolute_uri(), "page", page)
