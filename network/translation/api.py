"""The language of an answer to a program: `?lang=`, else `Accept-Language`, else English."""

from __future__ import annotations

import hashlib
from functools import partial
from typing import Any

import django_filters
from django.conf import settings
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.module_loading import import_string
from django.utils.translation.trans_real import parse_accept_lang_header
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response

from network.languages import CODES, DEFAULT

PAGING = [
    OpenApiParameter("page", {"type": "integer", "minimum": 1, "maximum": 10**9}),
    OpenApiParameter("page_size", {"type": "integer", "minimum": 1, "maximum": 100, "default": 25}),
]


def pages() -> Any:
    """The interface's paging, for views that are no view sets."""
    return import_string(settings.REST_FRAMEWORK["DEFAULT_PAGINATION_CLASS"])()


class Refusal(serializers.Serializer):
    """Why a request was refused, in words."""

    detail = serializers.CharField()


class Filters(django_filters.FilterSet):
    """The filters of a list. A choice that is given must be one of the choices: an empty one is refused, not ignored."""

    def is_valid(self) -> bool:
        if self.is_bound:
            for name, one in self.filters.items():
                if isinstance(one, django_filters.ChoiceFilter) and self.data.get(name) == "":
                    self.form.add_error(name, "Choose one, or leave the parameter out.")
        return bool(super().is_valid())


class Link(serializers.URLField):
    """An address on the web; null where none is known."""

    def __init__(self, **options: Any) -> None:
        super().__init__(read_only=True, allow_null=True, **options)

    def to_representation(self, value: str) -> str | None:
        return value or None


LANG = OpenApiParameter(
    "lang", OpenApiTypes.STR, enum=list(CODES), description="Language of the texts; else Accept-Language."
)
REFUSALS = {
    400: OpenApiResponse(OpenApiTypes.OBJECT, description="A parameter can't be understood."),
    404: OpenApiResponse(Refusal, description="No such thing."),
    429: OpenApiResponse(Refusal, description="Too many requests."),
}


def without_null_bytes(result: Any, generator: Any, request: Any, public: bool) -> Any:
    """Say in the interface's description what is true of every address: a text in it holds no null byte."""
    for methods in result["paths"].values():
        for operation in methods.values():
            for parameter in operation.get("parameters", ()):
                schema = parameter["schema"].get("items", parameter["schema"])
                if schema.get("type") == "string" and not schema.keys() & {"enum", "pattern", "format"}:
                    schema["pattern"] = r"^[^\u0000]*$"
    return result


def spoken(request: Request) -> str:
    """The first of the languages a program accepts that Koine has; English where it names none. Cookies do not count."""
    for accepted, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "")):
        code = accepted.partition("-")[0]
        if code in CODES:
            return code
    return DEFAULT


class InLanguage:
    """Mixin of API views: resolves the language once, activates it for the answer, says it in `Content-Language`.

    An answer to a reading, but for files, has an ETag: who has it already is told so (304) instead of getting it again. A
    view that writes by revisions gives its own, which goes back in `If-Match`.
    """

    language = DEFAULT

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        wanted = request.query_params.get("lang")
        if wanted is not None and wanted not in CODES:
            raise ValidationError({"lang": [f"One of: {', '.join(CODES)}."]})
        self.language = wanted or spoken(request)
        translation.activate(self.language)
        super().initial(request, *args, **kwargs)  # type: ignore[misc]

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, response, *args, **kwargs)  # type: ignore[misc]
        response["Content-Language"] = self.language
        response["Vary"] = "Accept-Language, Accept"
        if request.method in SAFE_METHODS and response.status_code == 200:
            response.setdefault("Cache-Control", "no-cache")
            if isinstance(response, Response) and "ETag" not in response:
                response.add_post_render_callback(partial(_unless_known, request))
        return response


def _unless_known(request: Request, response: Any) -> Any:
    """A 304 where the program has this very answer."""
    etag = f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    response["ETag"] = etag
    return get_conditional_response(request, etag=etag, response=response)
