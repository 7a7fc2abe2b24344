"""The versions of a round's form, what is built at now, and what a form begins with where nobody built one yet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext_noop

from grants.enums import FormKind
from grants.models import FormVersion, Round
from grants.models.questions import AMOUNT, CHOSEN, TITLE, Texts
from grants.rules.ordering import Raw
from network.languages import DEFAULT

PROJECT = gettext_noop("Your project")
NAME = gettext_noop("Title of the project")
BRIEF = gettext_noop("The project in brief")
THEMES = gettext_noop("Themes of the project")
ASKED = gettext_noop("Amount you ask for")


def forms_of(round_: Round) -> QuerySet[FormVersion]:
    """The versions of the round's application form, the newest first."""
    return round_.forms.filter(kind=FormKind.APPLICATION).order_by("-number")


def sections_of(round_: Round) -> tuple[list[Raw], FormVersion | None]:
    """What is built at now: the draft's sections, else those of the newest version, else what a form begins with; and the

    draft. One query.
    """
    versions = list(forms_of(round_))
    draft = next((one for one in versions if one.published_at is None), None)
    newest = draft or next(iter(versions), None)
    return (newest.sections if newest else usual_sections(round_.fund.languages)), draft


def usual_sections(codes: Sequence[str]) -> list[Raw]:
    """One section with the questions by whose answers lists show an application and the round's board counts, in these languages

    as far as the portal itself speaks them.
    """

    def field(key: str, kind: str, label: str, **more: Any) -> Raw:
        plain: Raw = {"help": {}, "required": True, "identifying": False}
        return {"key": key, "kind": kind, "label": _said(label, codes), **plain, **more}

    fields = [
        field(TITLE, "short_text", NAME, max_words=15),
        field("summary", "long_text", BRIEF, max_words=150),
        field("themes", "themes", THEMES, max_choices=CHOSEN) | {"required": False},
        field(AMOUNT, "money", ASKED),
    ]
    return [{"key": "project", "title": _said(PROJECT, codes), "help": {}, "fields": fields}]


def _said(text: str, codes: Sequence[str]) -> Texts:
    found = {}
    for code in codes:
        with translation.override(code):
            told = translation.gettext(text)
        if told != text or code == DEFAULT:
            found[code] = told
    return found or {DEFAULT: text}
