"""What a record holds, for whoever writes a program that sends one: every section, field and row, with its bounds."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from network.translation.api import LANG, REFUSALS, InLanguage
from practices.rules.sections import SECTIONS, Field, Kind


class ValueSerializer(serializers.Serializer):
    """A value of a choice, and what it is called."""

    value = serializers.CharField()
    label = serializers.CharField()


class FieldSerializer(serializers.Serializer):
    """A field: its name, how it is written, and its bounds (0: none). `needed`: submitting asks for it."""

    key = serializers.CharField()
    kind = serializers.ChoiceField(choices=[(kind.value, kind.value) for kind in Kind])
    label = serializers.CharField()
    hint = serializers.CharField()
    needed = serializers.BooleanField()
    words = serializers.IntegerField()
    characters = serializers.IntegerField()
    choices = ValueSerializer(many=True)
    concepts = serializers.CharField()


class FormSectionSerializer(serializers.Serializer):
    """A section: its fields, and those of each of up to `most` rows."""

    key = serializers.CharField()
    title = serializers.CharField()
    help = serializers.CharField()
    fields = FieldSerializer(many=True)
    rows = FieldSerializer(many=True)
    most = serializers.IntegerField()


class FormSerializer(serializers.Serializer):
    """The sections of a record, in order."""

    sections = FormSectionSerializer(many=True)


class Form(InLanguage, APIView):
    """What a record holds. Concepts are codes of the classification at /practices/themes.jsonld."""

    door = "public"

    @extend_schema(parameters=[LANG], responses={200: FormSerializer, 400: REFUSALS[400], 429: REFUSALS[429]})
    def get(self, request: Request) -> Response:
        told = [
            {
                "key": section.key,
                "title": str(section.title),
                "help": str(section.help),
                "fields": [_field(one) for one in section.fields],
                "rows": [_field(one) for one in section.rows],
                "most": section.most,
            }
            for section in SECTIONS
        ]
        return Response({"sections": told})


def _field(one: Field) -> dict[str, Any]:
    return {
        "key": one.key,
        "kind": one.kind.value,
        "label": str(one.label),
        "hint": str(one.hint),
        "needed": one.needed,
        "words": one.words,
        "characters": one.characters,
        "choices": [{"value": value, "label": str(label)} for value, label in one.choices],
        "concepts": one.concept_kind,
    }
