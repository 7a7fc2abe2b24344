"""What is told of a city's own practices, and how the interface's description says it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema_serializer
from rest_framework import serializers

from network.languages import CODES
from network.translation.api import REFUSALS, Refusal
from practices.documents.fact_sheet import short_link
from practices.domain.outside import LONGEST
from practices.enums import State, VersionState
from practices.models import LANGUAGE_CHOICES, Practice, PracticeVersion, VersionSection
from practices.queries.own import OwnPractice, OwnSection, newest_of, own_section
from practices.rules.completeness import LIMITS
from practices.rules.sections import SECTIONS
from practices.rules.writing import Fault

LANGUAGE = gettext_lazy("Koine does not know that language.")
TITLE = gettext_lazy("Enter a title in the original language.")
LENGTH = gettext_lazy("At most {max_length} characters.")
NAME = gettext_lazy("The name elsewhere has 1 to 120 characters.")
LENGTH_OF_NOTE = gettext_lazy("A text of at most 300 characters.")
FAULTS = ("required", "null", "blank", "invalid", "invalid_choice", "max_length")


def said(sentence: Any, **others: Any) -> dict[str, Any]:
    """The sentences of a field: REST framework's own are not in all of our languages."""
    return {**dict.fromkeys(FAULTS, sentence), **others}


class NewPracticeSerializer(serializers.Serializer):
    """A record to begin: the language it is written in, its title, and what the city's own system calls it."""

    language = serializers.ChoiceField(choices=LANGUAGE_CHOICES, error_messages=said(LANGUAGE))
    title = serializers.CharField(max_length=LIMITS["title"].characters, error_messages=said(TITLE, max_length=LENGTH))
    external_id = serializers.CharField(max_length=LONGEST, required=False, allow_blank=True, error_messages=said(NAME))


class NoteSerializer(serializers.Serializer):
    """What is new in a version, for those who decide about it."""

    note = serializers.CharField(max_length=300, required=False, allow_blank=True, error_messages=said(LENGTH_OF_NOTE))


class UploadSerializer(serializers.Serializer):
    """A picture (PNG, JPEG or WebP) or a document (PDF)."""

    file = serializers.FileField()


class FaultSerializer(serializers.Serializer):
    """One thing to put right: where (rows count from 1; 0: in no row), a stable word, and the sentence."""

    section = serializers.CharField()
    field = serializers.CharField()
    row = serializers.IntegerField()
    row_key = serializers.CharField()
    code = serializers.CharField()
    text = serializers.CharField()


class SectionSerializer(serializers.Serializer):
    """A section as it is stored: its revision, its fields (and `rows`) by name, and what is wrong so far."""

    revision = serializers.IntegerField()
    data = serializers.DictField()
    faults = FaultSerializer(many=True)


class BothTextsSerializer(Refusal):
    """Another person saved the section since: their text, yours, and the revision to send next."""

    code = serializers.CharField()
    revision = serializers.IntegerField()
    by = serializers.CharField()
    theirs = serializers.DictField()
    yours = serializers.DictField()


class VersionSerializer(serializers.Serializer):
    """A version: where it is on its way, what the city says is new, and what it was told."""

    number = serializers.IntegerField()
    state = serializers.ChoiceField(choices=VersionState.choices)
    note = serializers.CharField()
    decision = serializers.CharField()
    changed_at = serializers.DateTimeField()
    submitted_at = serializers.DateTimeField(allow_null=True)


class OwnRowSerializer(serializers.Serializer):
    """A practice in the city's list. `version`: the newest; null where none was ever begun here."""

    uuid = serializers.UUIDField()
    slug = serializers.CharField()
    short_link = serializers.URLField()
    external_ids = serializers.ListField(child=serializers.CharField())
    state = serializers.ChoiceField(choices=State.choices)
    original_language = serializers.ChoiceField(choices=LANGUAGE_CHOICES)
    title = serializers.CharField()
    updated_at = serializers.DateTimeField()
    version = VersionSerializer(allow_null=True)


class OwnPracticeSerializer(OwnRowSerializer):
    """A practice with the sections of its newest version. `missing`: what keeps it from being submitted."""

    sections = serializers.DictField(child=SectionSerializer())
    missing = FaultSerializer(many=True)


@extend_schema_serializer(many=False)
class OwnPageSerializer(serializers.Serializer):
    """A page of the city's practices."""

    count = serializers.IntegerField()
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = OwnRowSerializer(many=True)


class CodedRefusal(Refusal):
    """Why it was refused: a stable word, and the sentence."""

    code = serializers.CharField(required=False)


class IncompleteRefusal(CodedRefusal):
    """The same, and what is missing or wrong where that is why."""

    faults = FaultSerializer(many=True, required=False)


SECTION_NAME = OpenApiParameter(
    "section", OpenApiTypes.STR, OpenApiParameter.PATH, enum=[section.key for section in SECTIONS]
)
SECTION = {"application/json": {"type": "object", "additionalProperties": True}}
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    OpenApiTypes.STR,
    OpenApiParameter.HEADER,
    description="1 to 200 visible characters of ASCII, kept for a week: the same request again begins no second record.",
)
IF_MATCH = OpenApiParameter(
    "If-Match", OpenApiTypes.STR, OpenApiParameter.HEADER, required=True, description='The revision that was read: "3".'
)
CONFLICT = OpenApiResponse(CodedRefusal, description="Not in this state, or a name or key that is taken.")
NO_REVISION = OpenApiResponse(CodedRefusal, description="If-Match is missing.")
REFUSED = {
    **REFUSALS,
    401: OpenApiResponse(Refusal, description="No token, or one that opens nothing."),
    403: OpenApiResponse(CodedRefusal, description="The token may not do this."),
}
REFUSED_WRITING = {
    **REFUSED,
    413: OpenApiResponse(Refusal, description="Too much was sent."),
    415: OpenApiResponse(Refusal, description="Not in that media type."),
    422: OpenApiResponse(IncompleteRefusal, description="It makes no sense, or is not whole."),
}
assert {code for code, _name in LANGUAGE_CHOICES} == set(CODES)


def told_fault(fault: Fault) -> dict[str, Any]:
    """A fault for programs."""
    return {
        "section": fault.section,
        "field": fault.field,
        "row": fault.row,
        "row_key": fault.row_key,
        "code": fault.code,
        "text": str(fault.text),
    }


def told_section(row: VersionSection) -> dict[str, Any]:
    """A stored section for programs."""
    return _section(own_section(row))


def _section(section: OwnSection) -> dict[str, Any]:
    return {
        "revision": section.revision,
        "data": dict(section.data),
        "faults": [told_fault(one) for one in section.faults],
    }


def told_row(practice: Practice) -> dict[str, Any]:
    """A practice of the list."""
    version = newest_of(practice)
    return {
        "uuid": str(practice.uuid),
        "slug": practice.slug,
        "short_link": short_link(practice, settings.KOINE_BASE_URL),
        "external_ids": [one.name for one in practice.external_ids.all()],
        "state": practice.state,
        "original_language": practice.original_language,
        "title": getattr(practice, f"title_{practice.original_language}") or "",
        "updated_at": practice.updated_at,
        "version": _version(version) if version else None,
    }


def _version(version: PracticeVersion) -> dict[str, Any]:
    names = ("number", "state", "note", "decision", "changed_at", "submitted_at")
    return {name: getattr(version, name) for name in names}


def told_practice(own: OwnPractice) -> dict[str, Any]:
    """A practice with all its sections."""
    return {
        **told_row(own.practice),
        "sections": {key: _section(section) for key, section in own.sections.items()},
        "missing": [told_fault(one) for one in own.missing],
    }
