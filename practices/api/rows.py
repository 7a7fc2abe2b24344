"""The rows of a practice for programs: each text with the language it is in."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from practices.enums.labels import LabelState


class SaidSerializer(serializers.Serializer):
    """A text and the language it is in."""

    text = serializers.CharField()
    language = serializers.CharField()


class FileSerializer(serializers.Serializer):
    """A file: its address, media type, size in bytes and, of a picture, pixels."""

    url = serializers.SerializerMethodField()
    mime = serializers.CharField()
    size = serializers.IntegerField()
    width = serializers.IntegerField()
    height = serializers.IntegerField()

    def get_url(self, file: Any) -> str:
        return self.context["origin"] + reverse("practices:file", args=[file.uuid])


class BlockSerializer(serializers.Serializer):
    """A building block: a piece that another city can take up by itself."""

    title = SaidSerializer()
    text = SaidSerializer()
    factors = SaidSerializer()
    lesson = SaidSerializer()


class PartnerSerializer(serializers.Serializer):
    """An organisation that took part."""

    name = serializers.CharField()
    role = SaidSerializer()


class ResultSerializer(serializers.Serializer):
    """A measured result: before and after, and how many were measured."""

    indicator = SaidSerializer()
    unit = SaidSerializer()
    method = SaidSerializer()
    baseline = serializers.DecimalField(max_digits=14, decimal_places=2, allow_null=True)
    value = serializers.DecimalField(max_digits=14, decimal_places=2)
    sample = serializers.IntegerField(allow_null=True)


class EvidenceSerializer(serializers.Serializer):
    """A document or study, `independent` of those who ran the practice or not."""

    title = SaidSerializer()
    side_effects = SaidSerializer()
    kind = serializers.CharField()
    independent = serializers.BooleanField()
    year = serializers.IntegerField(allow_null=True)
    url = serializers.CharField()
    file = FileSerializer(allow_null=True)


class KindAndTextSerializer(serializers.Serializer):
    """A lesson, or what another city needs: its kind, and what it says."""

    kind = serializers.CharField()
    text = SaidSerializer()


class ImageSerializer(serializers.Serializer):
    """A picture: what it shows for those who do not see it, its caption and who made it."""

    file = FileSerializer()
    alt = SaidSerializer()
    caption = SaidSerializer()
    credit = serializers.CharField()


class PartsSerializer(serializers.Serializer):
    """Every row of a practice, in order."""

    blocks = BlockSerializer(many=True)
    partners = PartnerSerializer(many=True)
    results = ResultSerializer(many=True)
    evidence = EvidenceSerializer(many=True)
    lessons = KindAndTextSerializer(many=True)
    conditions = KindAndTextSerializer(many=True)
    images = ImageSerializer(many=True)


class PointsSerializer(serializers.Serializer):
    """The means of the reviewers' points on each criterion, from 1 to 5."""

    relevance = serializers.DecimalField(max_digits=3, decimal_places=2)
    participation = serializers.DecimalField(max_digits=3, decimal_places=2)
    impact = serializers.DecimalField(max_digits=3, decimal_places=2)
    transferability = serializers.DecimalField(max_digits=3, decimal_places=2)


class LabelSerializer(serializers.Serializer):
    """A network's label, with the points it was given for. `state` is that of today: upcoming, valid, expired or withdrawn;

    it follows from the days alone (both are included), so that a copy knows when it ends. `label` and `network` are slugs.
    """

    label = serializers.CharField(source="kind_slug")
    name = serializers.CharField()
    network = serializers.CharField(source="network_slug")
    network_name = serializers.CharField(source="network")
    state = serializers.ChoiceField(LabelState.values)
    awarded_on = serializers.DateField(source="label.awarded_on")
    valid_from = serializers.DateField(source="label.valid_from")
    valid_until = serializers.DateField(source="label.valid_until")
    withdrawn_on = serializers.DateField(source="label.withdrawn_on", allow_null=True)
    points = PointsSerializer(source="label")
    reviews = serializers.IntegerField(source="label.reviewers")
    reviewed_on = serializers.DateField(source="label.reviewed_on")
    grounds = serializers.SerializerMethodField()

    @extend_schema_field(SaidSerializer(allow_null=True))
    def get_grounds(self, row: Any) -> Any:
        return SaidSerializer(row.grounds).data if row.grounds else None


class AdoptionSerializer(serializers.Serializer):
    """Another city that took the practice up; `confirmed` by the city that wrote it or not yet."""

    city = serializers.CharField(source="city_slug")
    name = serializers.CharField(source="city")
    country = serializers.CharField()
    when = serializers.CharField()
    status = serializers.CharField()
    confirmed = serializers.BooleanField()
    what_changed = SaidSerializer()
    result = SaidSerializer()
