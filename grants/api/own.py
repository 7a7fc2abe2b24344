"""An organisation's own applications, read with a token that one of its people made: what was sent and when, with receipts,
and what stands in the draft. Nothing is written here: an application is sent by a person who has read what it says."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from grants.enums import FieldKind
from grants.models import Application, ApplicationVersion, Attachment
from grants.models.questions import say
from grants.queries.answers import answer_text, draft_answers, draft_files
from grants.queries.own import SENT, SHOWN, own_application, own_applications, own_file, shown_state
from grants.rules.answers import layout
from grants.rules.asked import asked_of, sections_asked
from network.people.api import ByToken
from network.people.enums import ScopeKind
from network.scanner import Scan
from network.translation.api import LANG, PAGING, REFUSALS, InLanguage, Refusal, pages

REFUSED = {
    **{code: REFUSALS[code] for code in (400, 404, 429)},
    401: OpenApiResponse(Refusal, description="No token, or one that opens nothing."),
    403: OpenApiResponse(Refusal, description="A token for something else, or whose owner may not do this any more."),
}
STATES = sorted({*SHOWN.values(), SENT})


class ApplicationFileSerializer(serializers.Serializer):
    """A file: the question it answers, name, size in bytes, SHA-256 and, where it may be read, its address."""

    field = serializers.CharField()
    name = serializers.CharField()
    size = serializers.IntegerField()
    sha256 = serializers.CharField()
    url = serializers.URLField(allow_blank=True)


class ApplicationVersionSerializer(serializers.Serializer):
    """What was sent, and its receipt: `content_hash` is SHA-256 of answers and files as canonical JSON."""

    number = serializers.IntegerField()
    received_at = serializers.DateTimeField()
    in_grace = serializers.BooleanField()
    receipt_code = serializers.CharField()
    content_hash = serializers.CharField()


class ApplicationRowSerializer(serializers.Serializer):
    """An application in a list. `state`: draft, sent, lapsed or withdrawn; `reference`: empty until it is first sent."""

    uuid = serializers.UUIDField()
    reference = serializers.CharField()
    fund = serializers.CharField(source="round.fund.slug")
    round = serializers.UUIDField(source="round.uuid")
    title = serializers.CharField()
    amount_requested = serializers.DecimalField(14, 2, allow_null=True)
    currency = serializers.CharField(source="round.fund.currency")
    state = serializers.SerializerMethodField()
    closes_at = serializers.DateTimeField()
    changed_at = serializers.DateTimeField()
    versions = ApplicationVersionSerializer(many=True)
    url = serializers.SerializerMethodField()

    @extend_schema_field(serializers.ChoiceField(choices=STATES))
    def get_state(self, application: Application) -> str:
        return shown_state(application)

    @extend_schema_field(serializers.URLField())
    def get_url(self, application: Application) -> str:
        return settings.KOINE_BASE_URL + application.get_absolute_url()


class AnswerSerializer(serializers.Serializer):
    """A question and its answer: text, true or false, a list of choices or of themes (codes of the classification), or rows and
    parts as objects of texts. What was sent has figures as plain decimals and days as ISO 8601; a draft has what was typed.
    `text` is the answer in words, in the answer's language; several choices, rows and parts stand in lines."""

    key = serializers.CharField()
    kind = serializers.ChoiceField(choices=FieldKind.choices)
    question = serializers.CharField()
    answer = serializers.JSONField(allow_null=True)
    text = serializers.CharField(allow_blank=True)


class AnsweredSectionSerializer(serializers.Serializer):
    """A group of questions."""

    key = serializers.CharField()
    title = serializers.CharField()
    answers = AnswerSerializer(many=True)


class ApplicationContentSerializer(serializers.Serializer):
    """What an application says, in the questions' words of the answer's language."""

    sections = AnsweredSectionSerializer(many=True)
    files = ApplicationFileSerializer(many=True)


class ApplicationSerializer(ApplicationRowSerializer):
    """An application whole: `sent` is the version that counts (null before the first), `draft` what stands in the form while
    it is one, or when its time ran out."""

    sent = ApplicationContentSerializer(allow_null=True)
    draft = ApplicationContentSerializer(allow_null=True)


class ApplicationPageSerializer(serializers.Serializer):
    """A page of applications."""

    count = serializers.IntegerField()
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = ApplicationRowSerializer(many=True)


class Own(InLanguage, ByToken, APIView):
    """A view on the applications of the token's organisation that its owner is a member of."""

    token_scope = ScopeKind.ORGANISATION

    def found(self, request: Request, application: uuid.UUID) -> Application:
        """One of them; 404 for others."""
        return own_application(request.user, request.auth.scope_key, application)


class OwnApplications(Own):
    """The organisation's applications, the last changed first."""

    @extend_schema(
        operation_id="own_applications_list",
        parameters=[LANG, *PAGING],
        responses={200: ApplicationPageSerializer, **REFUSED},
    )
    def get(self, request: Request) -> Response:
        paging = pages()
        rows = paging.paginate_queryset(own_applications(request.user, request.auth.scope_key), request, view=self)
        return paging.get_paginated_response(ApplicationRowSerializer(rows, many=True).data)


class OwnApplicationView(Own):
    """One application with its answers."""

    @extend_schema(parameters=[LANG], responses={200: ApplicationSerializer, **REFUSED})
    def get(self, request: Request, application: uuid.UUID) -> Response:
        found = self.found(request, application)
        row: dict[str, Any] = dict(ApplicationRowSerializer(found).data)
        version = found.current_version
        writing = shown_state(found) in {"draft", "lapsed"}
        return Response(
            {
                **row,
                "sent": _sent(request, found, version, self.language) if version else None,
                "draft": _draft(request, found, self.language) if writing else None,
            }
        )


class OwnApplicationFile(Own):
    """A file of an application."""

    @extend_schema(
        parameters=[LANG],
        responses={(200, "application/octet-stream"): OpenApiTypes.BINARY, **REFUSED},
    )
    def get(self, request: Request, application: uuid.UUID, file: uuid.UUID) -> FileResponse:
        found = own_file(self.found(request, application), file)
        response = FileResponse(found.file.open("rb"), as_attachment=True, filename=found.name, content_type=found.mime)
        response["X-Content-Type-Options"] = "nosniff"
        return response


def _sent(request: Request, application: Application, version: ApplicationVersion, code: str) -> dict[str, Any]:
    application.form = version.form
    files = [_file(request, application, one) for one in version.files]
    return {"sections": _sections(application, version.answers, code), "files": files}


def _draft(request: Request, application: Application, code: str) -> dict[str, Any]:
    files = [
        _file(
            request,
            application,
            {"field": key, "name": one.name, "size": one.size, "sha256": one.sha256, "uuid": str(one.uuid)},
            one,
        )
        for key, one in draft_files(application).items()
    ]
    return {"sections": _sections(application, draft_answers(application), code), "files": files}


def _sections(application: Application, answers: Mapping[str, Mapping[str, Any]], code: str) -> list[dict[str, Any]]:
    sections = layout(application.form)
    asked, currency = asked_of(sections, answers), application.round.fund.currency
    return [
        {
            "key": section.key,
            "title": say(section.title, code),
            "answers": [
                {
                    "key": one.key,
                    "kind": one.kind,
                    "question": say(one.label, code),
                    "answer": (answer := answers.get(section.key, {}).get(one.key)),
                    "text": answer_text(one, answer, currency, code),
                }
                for one in section.written
                if one.key in asked
            ],
        }
        for section in sections_asked(sections, asked)
    ]


def _file(
    request: Request, application: Application, told: Mapping[str, Any], draft: Attachment | None = None
) -> dict[str, Any]:
    readable = draft is None or draft.scan == Scan.CLEAN
    place = reverse("api:own_application_file", args=[application.uuid, told["uuid"]], request=request)
    return {key: told[key] for key in ("field", "name", "size", "sha256")} | {"url": place if readable else ""}
