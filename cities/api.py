"""Cities as open data: read only, no contact addresses."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import serializers, viewsets

from cities.enums import CityKind, WorldRegion
from cities.models import City
from network.languages import CODES
from network.translation.api import LANG, REFUSALS, Filters, InLanguage, Link
from network.translation.models import texts_of


class CitySerializer(serializers.ModelSerializer):
    """A city in one language. `native_name` is in the city's own language; coordinates are WGS 84 degrees."""

    name = serializers.CharField(source="shown_name", read_only=True)
    url = serializers.CharField(source="get_absolute_url", read_only=True)
    website = Link()

    class Meta:
        model = City
        fields = [
            "uuid", "slug", "url", "kind", "name", "native_name", "native_language", "country", "region",
            "latitude", "longitude", "population", "population_year", "population_source", "languages", "website", "source",
        ]  # fmt: skip
        read_only_fields = fields


class CityDetailSerializer(CitySerializer):
    """A city with its names in every language and its ids in other lists."""

    names = serializers.SerializerMethodField()
    identifiers = serializers.SerializerMethodField()

    class Meta(CitySerializer.Meta):
        fields = [*CitySerializer.Meta.fields, "names", "identifiers"]
        read_only_fields = fields

    def get_names(self, city: City) -> dict[str, str]:
        return texts_of(city, "name")

    def get_identifiers(self, city: City) -> dict[str, str]:
        return {identifier.scheme: identifier.value for identifier in city.identifiers.all()}


class CityFilter(Filters):
    """Filters of the list of cities; `q` searches names in any language, script and transliteration."""

    q = django_filters.CharFilter(method="search", label="Free text")
    kind = django_filters.ChoiceFilter(choices=CityKind.choices)
    region = django_filters.ChoiceFilter(choices=WorldRegion.choices)
    country = django_filters.CharFilter(lookup_expr="iexact", label="ISO 3166-1, two letters")
    language = django_filters.CharFilter(method="speaking", label="BCP 47")

    class Meta:
        model = City
        fields: list[str] = []

    def search(self, cities: Any, name: str, value: str) -> Any:
        return cities.matching(value[:200])

    def speaking(self, cities: QuerySet, name: str, value: str) -> QuerySet:
        return cities.filter(languages__contains=[value])


@extend_schema_view(
    list=extend_schema(parameters=[LANG], responses={200: CitySerializer(many=True), **REFUSALS}),
    retrieve=extend_schema(parameters=[LANG], responses={200: CityDetailSerializer, **REFUSALS}),
)
class CityViewSet(InLanguage, viewsets.ReadOnlyModelViewSet):
    """Member cities."""

    door = "public"
    queryset = City.objects.none()
    lookup_field = "slug"
    lookup_value_regex = "[^/]+"
    filterset_class = CityFilter

    def get_queryset(self) -> QuerySet:
        cities = City.objects.visible_to(self.request.user)
        if self.action == "list":
            return cities.for_language(self.language).order_by("slug")
        return cities.for_language(self.language).prefetch_related("identifiers")

    def get_object(self) -> City:
        city = super().get_object()
        # One row: loading every name at once beats a query for each deferred column.
        for field, value in City.objects.filter(pk=city.pk).values(*[f"name_{code}" for code in CODES]).get().items():
            setattr(city, field, value)
        return city

    def get_serializer_class(self) -> type[CitySerializer]:
        return CitySerializer if self.action == "list" else CityDetailSerializer
