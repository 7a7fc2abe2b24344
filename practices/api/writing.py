"""Writing records with a city's token, by the verbs of the form: begun, written section by section, submitted.

A section is replaced as a whole, by whoever says which revision they read: `If-Match: "3"`. Where somebody saved since, the
answer is 412 with both texts, and nothing is changed. Beginning a record takes an `Idempotency-Key`: asked twice, it is
begun once. Nothing is published here: people decide about what is submitted.
"""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from typing import Any

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.exceptions import APIException, NotFound, ValidationError
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from cities.models import City
from network.doors import DomainError
from network.limits import within
from network.people.api import ByToken
from network.people.enums import ScopeKind
from network.sections import StaleSection
from network.translation.api import LANG, PAGING, InLanguage, pages
from practices.api import own_schema as schema
from practices.api.body import StorableParser, object_of, refuse_too_large, section_in
from practices.api.own_schema import told_practice, told_row, told_section
from practices.domain.files import attach_file
from practices.domain.outside import start_once
from practices.domain.versions import (
    Incomplete,
    NewRecord,
    save_section,
    start_version,
    submit_version,
    take_back_version,
)
from practices.enums import OPEN, WRITABLE
from practices.models import PracticeVersion
from practices.queries.own import OwnPractice, own_practice, own_practices, section_of
from practices.rules.sections import BY_KEY, FILES, Section
from practices.rules.writing import clean_section

KEY = re.compile(r"[!-~]{1,200}")
REVISION = re.compile(r'(?:W/)?"(\d{1,9})"', re.ASCII)
# Files an hour, with one token.
MOST_UPLOADS, HOUR = 120, 3600


class Refused(APIException):
    """A verb's refusal for a program: its sentence, its code, and what else it has to say."""

    def __init__(self, code: int, error: DomainError, **more: Any) -> None:
        super().__init__()
        # Set here: given to `APIException` it would become text through and through.
        self.detail: Any = {"detail": str(error), "code": error.code, **more}
        self.status_code = code


STATUSES = {"denied": 403, "external_id": 409, "key": 409, "stale": 412}


def refused(error: DomainError, **more: Any) -> Refused:
    """The status that a verb's refusal is answered with: 403 or 409 by its code, else 422."""
    return Refused(STATUSES.get(error.code, status.HTTP_422_UNPROCESSABLE_ENTITY), error, **more)


class Own(InLanguage, ByToken, APIView):
    """A view on the practices of the token's city."""

    token_scope = ScopeKind.CITY
    parser_classes = [StorableParser]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        refuse_too_large(request)

    @property
    def city_uuid(self) -> str:
        """The city that the token is for."""
        return self.request.auth.scope_key

    def found(self, practice: uuid.UUID) -> OwnPractice:
        """A practice of the token's city; 404 for others."""
        return own_practice(self.city_uuid, practice)

    def version_of(self, practice: uuid.UUID) -> PracticeVersion:
        """The version that is on its way. 409 where there is none."""
        version = self.found(practice).version
        if version is None or version.state not in OPEN:
            raise Refused(409, DomainError(_("No version is on its way: begin one first."), code="no_version"))
        return version

    def writable(self, practice: uuid.UUID) -> PracticeVersion:
        """The version that can be written now. 409 where there is none."""
        version = self.version_of(practice)
        if version.state not in WRITABLE:
            text = _("This version is submitted. Take it back, or wait for the answer, to change it.")
            raise Refused(409, DomainError(text, code="submitted"))
        return version

    def answer(self, practice: uuid.UUID, code: int = 200) -> Response:
        """The practice as it is now."""
        return Response(told_practice(self.found(practice)), status=code)


class OwnPractices(Own):
    """The city's practices, whatever their state."""

    @extend_schema(
        operation_id="own_practices_list",
        parameters=[LANG, *PAGING],
        responses={200: schema.OwnPageSerializer, **schema.REFUSED},
    )
    def get(self, request: Request) -> Response:
        paging = pages()
        rows = paging.paginate_queryset(own_practices(self.city_uuid), request, view=self)
        return paging.get_paginated_response([told_row(row) for row in rows or ()])

    @extend_schema(
        parameters=[LANG, schema.IDEMPOTENCY_KEY],
        request=schema.NewPracticeSerializer,
        responses={
            200: schema.OwnPracticeSerializer,
            201: schema.OwnPracticeSerializer,
            409: schema.CONFLICT,
            **schema.REFUSED_WRITING,
        },
    )
    def post(self, request: Request) -> Response:
        """Begin a record: a draft that nobody sees. 200 instead of 201 where the same key began it before."""
        body = object_of(request)
        asked = schema.NewPracticeSerializer(data=body)
        asked.is_valid(raise_exception=True)
        key = request.headers.get("Idempotency-Key", "")
        if key and not KEY.fullmatch(key):
            raise ValidationError({"Idempotency-Key": [_("1 to 200 visible characters of ASCII.")]})
        city = City.objects.visible_to(request.user).filter(uuid=self.city_uuid).first()
        if city is None:
            raise NotFound
        said = asked.validated_data
        new = NewRecord(city, said["language"], said["title"])
        fingerprint = hashlib.sha256(json.dumps(body, sort_keys=True, default=str).encode()).hexdigest()
        try:
            version, made = start_once(
                request.auth, key, fingerprint, new, said.get("external_id", ""), by=request.user
            )
        except DomainError as error:
            raise refused(error) from error
        response = self.answer(version.practice.uuid, 201 if made else 200)
        response["Location"] = request.build_absolute_uri(f"{version.practice.uuid}/")
        return response


class OwnPracticeView(Own):
    """One practice of the city: its state, its version, and every section with its revision and what is wrong in it."""

    @extend_schema(parameters=[LANG], responses={200: schema.OwnPracticeSerializer, **schema.REFUSED})
    def get(self, request: Request, practice: uuid.UUID) -> Response:
        return self.answer(practice)


class OwnVersion(Own):
    """The next version of a record."""

    @extend_schema(
        parameters=[LANG], request=None, responses={200: schema.OwnPracticeSerializer, **schema.REFUSED_WRITING}
    )
    def post(self, request: Request, practice: uuid.UUID) -> Response:
        """Begin the next version from what the record says now, or go on with the one that is on its way."""
        try:
            start_version(self.found(practice).practice, by=request.user)
        except DomainError as error:
            raise refused(error) from error
        return self.answer(practice)


class OwnSectionView(Own):
    """A section of the version that is on its way."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if kwargs["section"] not in BY_KEY:
            raise NotFound

    @extend_schema(
        parameters=[LANG, schema.SECTION_NAME],
        responses={200: schema.SectionSerializer, 409: schema.CONFLICT, **schema.REFUSED},
    )
    def get(self, request: Request, practice: uuid.UUID, section: str) -> Response:
        row = section_of(self.version_of(practice), section)
        return self._told(row.revision, told_section(row))

    @extend_schema(
        parameters=[LANG, schema.SECTION_NAME, schema.IF_MATCH],
        request=schema.SECTION,
        responses={
            200: schema.SectionSerializer,
            409: schema.CONFLICT,
            412: schema.BothTextsSerializer,
            428: schema.NO_REVISION,
            **schema.REFUSED_WRITING,
        },
    )
    def put(self, request: Request, practice: uuid.UUID, section: str) -> Response:
        """Replace the section. Rows keep their `key`, and with it their translations; one without a key is new."""
        revision = revision_of(request)
        version, asked = self.writable(practice), BY_KEY[section]
        data = clean_section(asked, section_in(asked, object_of(request)))
        try:
            saved = save_section(version, section, data, revision=revision, by=request.user, at=request.received_at)
        except StaleSection as stale:
            texts = {"revision": stale.theirs.revision, "by": stale.by_name, "theirs": stale.theirs.data, "yours": data}
            raise refused(stale, **texts) from stale
        except DomainError as error:
            raise refused(error) from error
        return self._told(saved.revision, told_section(section_of(version, section)))

    def _told(self, revision: int, body: dict[str, Any]) -> Response:
        return Response(body, headers={"ETag": f'"{revision}"'})


class OwnFile(Own):
    """The picture or document of one row of a section."""

    parser_classes = [MultiPartParser]

    @extend_schema(
        parameters=[LANG, schema.SECTION_NAME],
        request={"multipart/form-data": schema.UploadSerializer},
        responses={200: schema.SectionSerializer, 409: schema.CONFLICT, **schema.REFUSED_WRITING},
    )
    def put(self, request: Request, practice: uuid.UUID, section: str, row: uuid.UUID) -> Response:
        """Upload it. A row of a new key, which the program makes up, is added with it."""
        asked = _with_files(section)
        upload = request.FILES.get("file")
        if upload is None:
            raise ValidationError({"file": [_("Choose the file.")]})
        version = self.writable(practice)
        try:
            if not within("practices.upload", f"token {request.auth.pk}", MOST_UPLOADS, HOUR):
                raise DomainError(_("These are many files within an hour. Try again later."), code="file")
            attach_file(version, asked.key, row, upload, by=request.user, at=request.received_at)
        except DomainError as error:
            raise refused(error) from error
        stored = section_of(version, asked.key)
        return Response(told_section(stored), headers={"ETag": f'"{stored.revision}"'})


class OwnSubmission(Own):
    """Handing a version in."""

    @extend_schema(
        parameters=[LANG],
        request=schema.NoteSerializer,
        responses={200: schema.OwnPracticeSerializer, 409: schema.CONFLICT, **schema.REFUSED_WRITING},
    )
    def post(self, request: Request, practice: uuid.UUID) -> Response:
        """Submit the version. 422 with what is missing or wrong where it is not whole; nothing is changed then."""
        note = schema.NoteSerializer(data=object_of(request, optional=True))
        note.is_valid(raise_exception=True)
        try:
            submit_version(self.writable(practice), by=request.user, note=note.validated_data.get("note", ""))
        except Incomplete as incomplete:
            raise refused(incomplete, faults=[schema.told_fault(one) for one in incomplete.faults]) from incomplete
        except DomainError as error:
            raise refused(error) from error
        return self.answer(practice)

    @extend_schema(
        parameters=[LANG], responses={200: schema.OwnPracticeSerializer, 409: schema.CONFLICT, **schema.REFUSED_WRITING}
    )
    def delete(self, request: Request, practice: uuid.UUID) -> Response:
        """Take the version back, as long as no review has begun, to write on."""
        try:
            take_back_version(self.version_of(practice), by=request.user)
        except DomainError as error:
            raise Refused(409, error) from error
        return self.answer(practice)


def revision_of(request: Request) -> int:
    """The revision that the program read. 428 where it does not say."""
    found = REVISION.fullmatch(request.headers.get("If-Match", "").strip())
    if found is None:
        text = _('Say which revision you read: If-Match: "3".')
        raise Refused(428, DomainError(text, code="no_revision"))
    return int(found[1])


def _with_files(section: str) -> Section:
    found = BY_KEY.get(section)
    if found is None or not any(one.kind in FILES for one in found.rows):
        raise NotFound
    return found
