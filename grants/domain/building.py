"""Building a round's form: sections and questions written, put in order, doubled and taken away in a draft, which is published.

Whatever is changed is changed in the next version, a draft that nobody applies with. A published version stays as it is.
Keys are made of the first text and never change: what was answered in one version is found again in the next.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import get_language, gettext as _, ngettext

from grants.domain.asking import keep_shown
from grants.domain.funds import STALE, STILL_THERE
from grants.domain.questions import Asking, Wording, asked, free_key, worded
from grants.domain.rounds import check_sections, hold_round
from grants.enums import FormKind
from grants.models import FormVersion, Round
from grants.models.questions import Texts, say
from grants.queries.form_versions import forms_of, sections_of
from grants.rules import kinds
from grants.rules.ordering import Broken, Raw, broken, depending, find_question, find_section
from grants.rules.seen import mark_of, section_mark
from network.doors import DomainError
from network.languages import DEFAULT
from network.people.models import User


def _change(round_: Round, by: User, at: datetime, change: Callable[[list[Raw]], Any]) -> Any:
    """Let `change` alter the sections, look whether the form still holds together, and keep it as the draft."""
    locked = hold_round(round_, "form", by=by, at=at)
    sections, draft = sections_of(locked)
    result = change(sections)
    if fault := broken(sections):
        raise DomainError(_broken_words(fault, sections), code="when")
    if draft is None:
        draft = FormVersion(round=locked, kind=FormKind.APPLICATION, number=_next_number(locked))
    draft.sections = sections
    draft.save()
    return result


def _next_number(locked: Round) -> int:
    return (forms_of(locked).order_by().aggregate(last=Max("number"))["last"] or 0) + 1


def _name(texts: Texts) -> str:
    return say(texts, get_language() or DEFAULT)


def _broken_words(fault: Broken, sections: list[Raw]) -> str:
    there = find_question(sections, fault.on)
    on = _name(sections[there[0]]["fields"][there[1]]["label"]) if there else fault.on
    told = {"question": _name(fault.name), "other": on}
    match fault.fault:
        case "gone":
            return _("“%(question)s” is asked by an answer to a question that would not be there any more.") % told
        case "late":
            return _("“%(question)s” is asked by the answer to “%(other)s”, so it stands after it.") % told
        case _:
            return _("“%(question)s” is asked by an answer that “%(other)s” does not have.") % told


def _section(sections: list[Raw], key: str) -> int:
    place = find_section(sections, key)
    if place is None:
        raise DomainError(_("Somebody took this section away meanwhile."), code="gone")
    return place


def _question(sections: list[Raw], key: str) -> tuple[int, int]:
    place = find_question(sections, key)
    if place is None:
        raise DomainError(_("Somebody took this question away meanwhile."), code="gone")
    return place


def _keys(sections: list[Raw]) -> set[str]:
    return {field["key"] for section in sections for field in section["fields"]}


# --- sections ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def add_section(round_: Round, wording: Wording, *, by: User, at: datetime) -> str:
    """Put a section at the end of the form; answers its key. DomainError without a title, or where there are too many."""

    def change(sections: list[Raw]) -> str:
        if len(sections) >= kinds.MOST_SECTIONS:
            raise DomainError(
                ngettext(
                    "A form has at most %(most)d section.", "A form has at most %(most)d sections.", kinds.MOST_SECTIONS
                )
                % {"most": kinds.MOST_SECTIONS},
                code="many",
            )
        made = worded({}, wording)
        # "new" is the address of the page on which a section is added.
        key = free_key(made["title"], {one["key"] for one in sections} | {"new"}, "section")
        sections.append({"key": key, **made, "fields": []})
        return key

    return str(_change(round_, by, at, change))


@transaction.atomic
def change_section(round_: Round, key: str, wording: Wording, *, seen: str, by: User, at: datetime) -> None:
    """Write a section's title and help; languages not named stay. `seen`: `section_mark` of what `by` read.

    DomainError where somebody changed them since or took the section away.
    """

    def change(sections: list[Raw]) -> None:
        place = _section(sections, key)
        if section_mark(sections[place]) != seen:
            raise DomainError(STALE, code="stale")
        sections[place] = worded(sections[place], wording)

    _change(round_, by, at, change)


@transaction.atomic
def move_section(round_: Round, key: str, steps: int, *, by: User, at: datetime) -> None:
    """Move a section by so many places, at most to the first or last one. DomainError where a question would come before the

    one by whose answer it is asked.
    """

    def change(sections: list[Raw]) -> None:
        place = _section(sections, key)
        moved = sections.pop(place)
        sections.insert(min(max(place + steps, 0), len(sections)), moved)

    _change(round_, by, at, change)


@transaction.atomic
def drop_section(round_: Round, key: str, *, seen: str, by: User, at: datetime) -> None:
    """Take a section away with its questions. `seen`: `mark_of` the section as `by` read it, its questions among it.

    DomainError where one of them is kept, another question depends on it, or somebody changed any of it since.
    """

    def change(sections: list[Raw]) -> None:
        place = _section(sections, key)
        if mark_of(sections[place]) != seen:
            raise DomainError(STILL_THERE, code="stale")
        for field in sections[place]["fields"]:
            _insist_free(field)
        del sections[place]

    _change(round_, by, at, change)


# --- questions --------------------------------------------------------------------------------------------------------


def _insist_room(sections: list[Raw]) -> None:
    if len(_keys(sections)) >= kinds.MOST_QUESTIONS:
        raise DomainError(
            ngettext(
                "A form has at most %(most)d question.", "A form has at most %(most)d questions.", kinds.MOST_QUESTIONS
            )
            % {"most": kinds.MOST_QUESTIONS},
            code="many",
        )


def _insist_free(field: Raw) -> None:
    if field["key"] in kinds.KEPT:
        raise DomainError(
            _("Lists show each application by the answer to “%(question)s”, so it stays. Its texts can be changed.")
            % {"question": _name(field["label"])},
            code="kept",
        )


@transaction.atomic
def add_question(round_: Round, section: str, asking: Asking, *, by: User, at: datetime) -> str:
    """Put a question at the end of a section; answers its key. DomainError with the setting's name where it makes no sense."""

    def change(sections: list[Raw]) -> str:
        place = _section(sections, section)
        _insist_room(sections)
        texts = asked({}, asking, "")["label"]
        # A question that happens to be called "Title" is not the one that lists go by.
        key = free_key(texts, _keys(sections) | set(kinds.KEPT), "question")
        sections[place]["fields"].append(asked({}, asking, key))
        return key

    return str(_change(round_, by, at, change))


@transaction.atomic
def change_question(round_: Round, key: str, asking: Asking, *, seen: str, by: User, at: datetime) -> None:
    """Write a question anew; texts in other languages stay. `seen`: `mark_of` the question as `by` read it.

    DomainError as `add_question`, where another question needs an answer that would go, and where somebody changed the
    question since or took it away.
    """

    def change(sections: list[Raw]) -> None:
        place, n = _question(sections, key)
        there = sections[place]["fields"][n]
        if mark_of(there) != seen:
            raise DomainError(STALE, code="stale")
        sections[place]["fields"][n] = asked(there, asking, key)

    _change(round_, by, at, change)


@transaction.atomic
def move_question(round_: Round, key: str, steps: int, *, by: User, at: datetime) -> None:
    """Move a question one place up (-1) or down (1): from the edge of its section into the one beside it. DomainError where it

    would come before the one by whose answer it is asked.
    """

    def change(sections: list[Raw]) -> None:
        place, n = _question(sections, key)
        there = sections[place]["fields"]
        if 0 <= n + steps < len(there):
            there.insert(n + steps, there.pop(n))
        elif 0 <= place + steps < len(sections):
            beside = sections[place + steps]["fields"]
            beside.insert(0 if steps > 0 else len(beside), there.pop(n))

    _change(round_, by, at, change)


@transaction.atomic
def place_question(round_: Round, key: str, section: str, after: str, *, by: User, at: datetime) -> None:
    """Put a question into a section, first or after another question there. DomainError as `move_question`."""

    def change(sections: list[Raw]) -> None:
        place, n = _question(sections, key)
        if after == key:
            return
        moved = sections[place]["fields"].pop(n)
        into = sections[_section(sections, section)]["fields"]
        if not after:
            into.insert(0, moved)
            return
        found = next((m for m, one in enumerate(into) if one["key"] == after), None)
        if found is None:
            raise DomainError(_("Somebody moved the questions meanwhile. Choose the place again."), code="place")
        into.insert(found + 1, moved)

    _change(round_, by, at, change)


@transaction.atomic
def double_question(round_: Round, key: str, *, by: User, at: datetime) -> str:
    """Put the same question once more after this one, under a key of its own; answers that key."""

    def change(sections: list[Raw]) -> str:
        _insist_room(sections)
        place, n = _question(sections, key)
        there = sections[place]["fields"][n]
        made = free_key(there["label"], _keys(sections) | set(kinds.KEPT), "question")
        sections[place]["fields"].insert(n + 1, {**there, "key": made})
        return made

    return str(_change(round_, by, at, change))


@transaction.atomic
def drop_question(round_: Round, key: str, *, seen: str, by: User, at: datetime) -> None:
    """Take a question away. `seen`: `mark_of` the question as `by` read it.

    DomainError where lists go by it, another one is asked by its answer, or somebody changed it since or took it away.
    """

    def change(sections: list[Raw]) -> None:
        place, n = _question(sections, key)
        there = sections[place]["fields"][n]
        if mark_of(there) != seen:
            raise DomainError(STILL_THERE, code="stale")
        _insist_free(there)
        if others := depending(sections, key):
            told = {"question": _name(there["label"]), "other": _name(others[0]["label"])}
            raise DomainError(
                _("“%(other)s” is asked by the answer to “%(question)s”. Change that first.") % told, code="when"
            )
        del sections[place]["fields"][n]

    _change(round_, by, at, change)


# --- versions ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def publish_draft(round_: Round, *, seen: str, by: User, at: datetime) -> FormVersion:
    """Let new applications be written with the draft; those that were begun keep their version. `seen`: `mark_of` its sections.

    DomainError where there is no draft, somebody changed it since, a section asks nothing, or everybody sees the round
    and a text lacks one of the fund's languages.
    """
    locked = hold_round(round_, "form", by=by, at=at)
    _sections, draft = sections_of(locked)
    if draft is None:
        raise DomainError(_("There is no draft of the form to publish."), code="state")
    if mark_of(draft.sections) != seen:
        raise DomainError(_("Somebody changed the form meanwhile. Look at it again, then publish it."), code="stale")
    for section in draft.sections:
        if not section["fields"]:
            raise DomainError(
                _("The section “%(section)s” asks nothing yet. Write a question or take it away.")
                % {"section": _name(section["title"])},
                code="empty",
            )
    check_sections(draft.sections)
    last = forms_of(locked).filter(published_at__isnull=False).first()
    if last is not None and last.sections == draft.sections:
        raise DomainError(_("The draft is the same as what is published."), code="same")
    if last is not None and last.number > draft.number:
        draft.number = _next_number(locked)
    draft.published_at = at
    draft.save()
    keep_shown(locked)
    return draft


@transaction.atomic
def drop_draft(round_: Round, *, seen: str, by: User, at: datetime) -> None:
    """Throw the draft away; what is published stays. `seen`: `mark_of` its sections as `by` read them.

    DomainError where there is none, or somebody changed any of it since.
    """
    locked = hold_round(round_, "form", by=by, at=at)
    _sections, draft = sections_of(locked)
    if draft is None:
        raise DomainError(_("There is no draft of the form."), code="state")
    if mark_of(draft.sections) != seen:
        raise DomainError(STILL_THERE, code="stale")
    draft.delete()
