"""A city's own system says that its city takes a practice up, changes that, and takes it back: with the city's token, by the verbs
of the page.

A city says it once of a practice, so that asking twice records it once: the second time is a 409. It is changed by whoever says
which version they read: `If-Match: "3"`. Where somebody changed it since, the answer is 412 with both, and nothing is changed.
"""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from cities.models import City
from network.doors import DomainError
from network.translation.api import LANG
from network.translation.models import texts_of
from practices.api import own_schema as schema
from practices.api.body import object_of
from practices.api.own_schema import LANGUAGE, LENGTH, said
from practices.api.rows import SaidSerializer
from practices.api.writing import Own, Refused, revision_of
from practices.domain import AdoptionFields, correct_adoption, record_adoption, withdraw_adoption
from practices.enums import AdoptionState, AdoptionStatus
from practices.models import LANGUAGE_CHOICES, Adoption, Practice
from practices.queries.adoptions import own_adoption

YEAR = gettext_lazy("Enter the year, or the first day.")
DAY = gettext_lazy("Enter a day such as 2026-11-30.")
HOW_FAR = gettext_lazy("Say how far you are.")
CHANGED = gettext_lazy("Say in a sentence or two what you do differently, or that nothing changed.")
TEXT = gettext_lazy("Send a text or a number.")
# Longer than the domain takes in any language: it counts words and says how many there are.
LONGEST = 20_000
STATUSES = {"denied": 403, "already": 409, "state": 409, "changed": 412}


class AdoptionBodySerializer(serializers.Serializer):
    """What the city says: how far it is, since which `year` or day (`started_on`), what it does differently and what came of it,
    both in `language`. Sent again in another language, the texts stand beside the first."""

    status = serializers.ChoiceField(choices=AdoptionStatus.choices, error_messages=said(HOW_FAR))
    year = serializers.IntegerField(
        required=False, allow_null=True, error_messages=said(YEAR, max_string_length=YEAR), min_value=1, max_value=9999
    )
    started_on = serializers.DateField(required=False, allow_null=True, error_messages=said(DAY, datetime=DAY))
    language = serializers.ChoiceField(choices=LANGUAGE_CHOICES, error_messages=said(LANGUAGE))
    what_changed = serializers.CharField(max_length=LONGEST, error_messages=said(CHANGED, max_length=LENGTH))
    result = serializers.CharField(
        max_length=LONGEST, required=False, allow_blank=True, error_messages=said(TEXT, max_length=LENGTH)
    )

    def fields_said(self) -> AdoptionFields:
        """As the domain takes it."""
        data = self.validated_data
        return AdoptionFields(
            status=data["status"],
            language=data["language"],
            what_changed=data["what_changed"],
            result=data.get("result", ""),
            year=data.get("year"),
            started_on=data.get("started_on"),
        )


class NewAdoptionSerializer(AdoptionBodySerializer):
    """The same to begin with; without a `status` the city is trying the practice."""

    status = serializers.ChoiceField(
        choices=AdoptionStatus.choices, default=AdoptionStatus.TRYING, error_messages=said(HOW_FAR)
    )


class OwnAdoptionSerializer(serializers.Serializer):
    """What the token's city says of the practice. Texts by language; `language` is the one they were first written in.

    `state`: whether the city that wrote the practice has confirmed it, or questions it, and then with which `question`. `version`
    goes back in `If-Match`.
    """

    practice = serializers.CharField()
    city = serializers.CharField()
    state = serializers.ChoiceField(choices=AdoptionState.choices)
    status = serializers.ChoiceField(choices=AdoptionStatus.choices)
    year = serializers.IntegerField()
    started_on = serializers.DateField(allow_null=True)
    language = serializers.ChoiceField(choices=LANGUAGE_CHOICES)
    what_changed = serializers.DictField(child=serializers.CharField())
    result = serializers.DictField(child=serializers.CharField())
    question = SaidSerializer(allow_null=True)
    version = serializers.IntegerField()
    recorded_at = serializers.DateTimeField()
    changed_at = serializers.DateTimeField()


class BothAdoptionsSerializer(schema.CodedRefusal):
    """Another person changed it since: what stands now, with its version, and what was sent."""

    theirs = OwnAdoptionSerializer()
    yours = serializers.DictField()


CONFLICT = OpenApiResponse(
    schema.CodedRefusal, description="The city has said so already, or the practice is not published."
)


def told(adoption: Adoption) -> dict[str, Any]:
    """An adoption for the system of the city that says it."""
    plain = ("state", "status", "year", "language", "version", "recorded_at", "changed_at")
    question = {"text": adoption.question, "language": adoption.question_language}
    return {
        "practice": adoption.practice.slug,
        "city": adoption.city.slug,
        **{name: getattr(adoption, name) for name in plain},
        "started_on": adoption.started_on.isoformat() if adoption.started_on else None,
        "what_changed": texts_of(adoption, "what_changed"),
        "result": texts_of(adoption, "result"),
        "question": question if adoption.question else None,
    }


def answered(adoption: Adoption, status: int = 200, **headers: str) -> Response:
    """The adoption, with the version that goes back in `If-Match` as its ETag."""
    return Response(told(adoption), status=status, headers={"ETag": f'"{adoption.version}"', **headers})


def refused(error: DomainError, **more: Any) -> Refused:
    """A verb's refusal: 403, 409 or 412 by its code, else 422."""
    return Refused(STATUSES.get(error.code, status.HTTP_422_UNPROCESSABLE_ENTITY), error, **more)


class Adoptions(Own):
    """Taking a practice up."""

    @extend_schema(
        operation_id="adoptions_create",
        parameters=[LANG],
        request=NewAdoptionSerializer,
        responses={201: OwnAdoptionSerializer, 409: CONFLICT, **schema.REFUSED_WRITING},
    )
    def post(self, request: Request, slug: str) -> Response:
        """Say that the token's city takes the practice up. The city that wrote it is asked to confirm it."""
        asked = NewAdoptionSerializer(data=object_of(request))
        asked.is_valid(raise_exception=True)
        practice = get_object_or_404(Practice.objects.visible_to(request.user), slug=slug)
        city = City.objects.visible_to(request.user).filter(uuid=self.city_uuid).first()
        if city is None:
            raise NotFound
        try:
            adoption = record_adoption(practice, city, asked.fields_said(), by=request.user)
        except DomainError as error:
            raise refused(error) from error
        return answered(adoption, 201, Location=request.build_absolute_uri("own/"))


class OwnAdoption(Own):
    """What the token's city says of a practice; 404 where it says nothing, or no longer."""

    @extend_schema(parameters=[LANG], responses={200: OwnAdoptionSerializer, **schema.REFUSED})
    def get(self, request: Request, slug: str) -> Response:
        return answered(own_adoption(self.city_uuid, slug))

    @extend_schema(
        parameters=[LANG, schema.IF_MATCH],
        request=AdoptionBodySerializer,
        responses={
            200: OwnAdoptionSerializer,
            412: BothAdoptionsSerializer,
            428: schema.NO_REVISION,
            **schema.REFUSED_WRITING,
        },
    )
    def put(self, request: Request, slug: str) -> Response:
        """Change it. What was questioned waits for the other city anew; what was confirmed stays so."""
        version = revision_of(request)
        asked = AdoptionBodySerializer(data=object_of(request))
        asked.is_valid(raise_exception=True)
        adoption = own_adoption(self.city_uuid, slug)
        try:
            changed = correct_adoption(adoption, asked.fields_said(), by=request.user, expected_version=version)
        except DomainError as error:
            raise self._refused(error, slug, yours=dict(request.data)) from error
        return answered(changed)

    @extend_schema(
        parameters=[LANG, schema.IF_MATCH],
        responses={204: None, 412: BothAdoptionsSerializer, 428: schema.NO_REVISION, **schema.REFUSED_WRITING},
    )
    def delete(self, request: Request, slug: str) -> Response:
        """Take it back: the city does not take the practice up after all. It may say so again later."""
        version = revision_of(request)
        adoption = own_adoption(self.city_uuid, slug)
        try:
            withdraw_adoption(adoption, by=request.user, expected_version=version)
        except DomainError as error:
            raise self._refused(error, slug, yours={}) from error
        return Response(status=204)

    def _refused(self, error: DomainError, slug: str, **more: Any) -> Refused:
        if error.code != "changed":
            return refused(error)
        try:
            return refused(error, theirs=told(own_adoption(self.city_uuid, slug)), **more)
        except Http404:
            raise NotFound from error
