"""What programs send into a record: JSON that can be stored, and sections of the shape that `rules.sections` describes."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _, gettext_lazy
from rest_framework import status
from rest_framework.exceptions import APIException, ParseError, ValidationError
from rest_framework.parsers import JSONParser
from rest_framework.request import Request

from network.limits import MOST_BYTES
from practices.rules.sections import Field, Kind, Section
from practices.rules.writing import ROWS


class TooLarge(APIException):
    """More was sent than a record can hold."""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_detail = gettext_lazy("Too much was sent at once.")


class StorableParser(JSONParser):
    """JSON that is not nested without end and whose texts the database can hold: no half of a surrogate pair."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        try:
            data = super().parse(stream, media_type, parser_context)
            json.dumps(data, ensure_ascii=False).encode()
        except RecursionError as error:
            raise ParseError(_("This is nested too deeply.")) from error
        except UnicodeEncodeError as error:
            raise ParseError(_("This holds characters that are none.")) from error
        return data


def length_of(request: Request) -> int:
    """How many bytes were sent, as the request says."""
    said = str(request.META.get("CONTENT_LENGTH") or "0")
    return int(said) if said.isascii() and said.isdigit() else 0


def refuse_too_large(request: Request) -> None:
    """TooLarge where a text is longer than is read. Files are judged where they are taken in."""
    multipart = str(request.content_type or "").startswith("multipart/")
    if not multipart and length_of(request) > MOST_BYTES:
        raise TooLarge


def object_of(request: Request, *, optional: bool = False) -> Mapping[str, Any]:
    """The body as an object. ValidationError where it is something else, or nothing was sent that is not `optional`."""
    if not isinstance(request.data, Mapping) or not (optional or length_of(request)):
        raise ValidationError({"detail": [_("Send a JSON object.")]})
    return request.data


def section_in(section: Section, body: Mapping[str, Any]) -> dict[str, Any]:
    """A section as `rules.writing.clean_section` takes it. ValidationError, by field, for what has no place or no shape.

    What is merely wrong (a date that is none, a text that is too long) is stored and told, as in the form.
    """
    faults: dict[str, list[str]] = {}
    typed: dict[str, Any] = dict(_fields(section.fields, body, faults, ""))
    known = {one.key for one in section.fields} | ({ROWS} if section.rows else set())
    if section.rows and ROWS in body:
        typed[ROWS] = _rows(section, body[ROWS], faults)
    for name in body.keys() - known:
        faults[str(name)[:60]] = [_("The section has no such field.")]
    if faults:
        raise ValidationError(faults)
    return typed


def _rows(section: Section, rows: Any, faults: dict[str, list[str]]) -> list[dict[str, Any]]:
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        faults[ROWS] = [_("Send a list of objects.")]
        return []
    known = {"key", *(one.key for one in section.rows)}
    typed = []
    for number, row in enumerate(rows, start=1):
        said = dict(_fields(section.rows, row, faults, f"{ROWS}.{number}."))
        if "key" in row:
            said["key"] = row["key"] if isinstance(row["key"], str) else ""
        for name in row.keys() - known:
            faults[f"{ROWS}.{number}.{str(name)[:60]}"] = [_("The section has no such field.")]
        typed.append(said)
    return typed


def _fields(
    fields: Iterable[Field], body: Mapping[str, Any], faults: dict[str, list[str]], before: str
) -> Iterable[tuple[str, Any]]:
    for one in fields:
        if one.key in body:
            value = body[one.key]
            if wrong := _shape(one, value):
                faults[before + one.key] = [wrong]
            else:
                yield one.key, value


def _shape(one: Field, value: Any) -> str:
    """What is wrong with the kind of JSON value, in words; nothing where it will do."""
    if value is None:
        return ""
    if one.kind == Kind.FLAG:
        return "" if isinstance(value, bool) else _("Send true or false.")
    if one.kind == Kind.CONCEPTS:
        fine = isinstance(value, list) and all(isinstance(code, str) for code in value)
        return "" if fine else _("Send a list of codes.")
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return _("Send a text or a number.")
    return ""
