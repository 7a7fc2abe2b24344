"""What the pages show on which a round's criteria and form are built: rows, versions, and which texts are missing, with links."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy as _

from grants.enums import FieldKind
from grants.models import Criterion, FormVersion, Round
from grants.models.questions import say
from grants.queries.answers import Told, told
from grants.queries.form_versions import forms_of, sections_of
from grants.queries.form_words import condition_of, notes_of
from grants.queries.staff import get_known_round
from grants.rules import kinds
from grants.rules.ordering import Raw, find_question, find_section
from grants.rules.rounds import WHOLE, fixed_of
from grants.rules.seen import criterion_mark, mark_of
from grants.rules.wording import Gap, Place, form_gaps, gaps_of, lacking, texts_in
from network.frame.names import language_name
from network.languages import CODES
from network.translation.models import texts_of

Item = dict[str, Any]
# What each kind is for, beside its name where one is chosen.
HINTS: dict[str, Any] = {
    "short_text": _("One line: a name, a title."),
    "long_text": _("Several paragraphs, with a limit of words or characters."),
    "number": _("A whole number, between limits where you set them."),
    "money": _("In the currency of the fund."),
    "date": _("A day, typed in any usual way."),
    "choice": _("Exactly one of the answers that you write."),
    "choices": _("As many of the answers that you write as are true."),
    "themes": _("Among the priority themes of the fund, or the top themes of the classification where it names none."),
    "table": _("Rows with columns of your own."),
    "budget": _("Costs by category, added up and compared with the amount asked for."),
    "milestones": _("What will be done by when."),
    "indicators": _("What will have changed, how it is measured, from which value to which."),
    "organisation": _("Filled in from the organisation’s profile."),
    "address": _("Where the organisation is, filled in from its profile."),
    "file": _("One file, checked for viruses."),
    "declaration": _("A sentence that is confirmed with a tick."),
}


# --- what an address names --------------------------------------------------------------------------------------------


def get_criterion(user: Any, slug: str, number: int, pk: int) -> Criterion:
    """A criterion of a round. Http404 as `get_known_round`, and where the round has none of that number."""
    round_ = get_known_round(user, slug, number)
    row = get_object_or_404(Criterion, round=round_, pk=pk)
    row.round = round_
    return row


def get_form_section(user: Any, slug: str, number: int, key: str) -> tuple[Round, Raw]:
    """A section of the form as it is built now, with its round. Http404 where there is none of that key."""
    round_ = get_known_round(user, slug, number)
    sections, _draft = sections_of(round_)
    place = find_section(sections, key)
    if place is None:
        raise Http404
    return round_, sections[place]


def get_form_question(user: Any, slug: str, number: int, key: str) -> tuple[Round, Raw]:
    """A question of the form as it is built now, with its round. Http404 where there is none of that key."""
    round_ = get_known_round(user, slug, number)
    sections, _draft = sections_of(round_)
    place = find_question(sections, key)
    if place is None:
        raise Http404
    return round_, sections[place[0]]["fields"][place[1]]


def get_version(round_: Round, number: int) -> FormVersion:
    """A version of the round's form. Http404 where there is none of that number."""
    return get_object_or_404(forms_of(round_), number=number)


# --- missing texts ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Missing:
    """A text that is missing: the name of what lacks it, in which languages, and the page where it is written."""

    what: str
    name: str
    languages: list[str]
    url: str


PLACES: dict[Place, Any] = {
    Place.TITLE: _("Title of the round"),
    Place.ELIGIBILITY: _("Eligibility question"),
    Place.CRITERION: _("Criterion"),
    Place.SECTION: _("Section"),
    Place.QUESTION: _("Question"),
}


def language_names(codes: Iterable[str]) -> list[str]:
    """Languages by name for the reader of this page."""
    return [language_name(code) for code in codes]


def missing_texts(round_: Round, gaps: Sequence[Gap]) -> list[Missing]:
    """The gaps with the pages where they are closed."""
    code = get_language() or "en"
    return [
        Missing(str(PLACES[one.place]), say(one.name, code) or one.key, language_names(one.codes), _url(round_, one))
        for one in gaps
    ]


def _url(round_: Round, gap: Gap) -> str:
    here = [round_.fund.slug, round_.number]
    match gap.place:
        case Place.TITLE:
            return reverse("grants:round_terms", args=here)
        case Place.ELIGIBILITY:
            return reverse("grants:question", args=[*here, gap.key])
        case Place.CRITERION:
            return reverse("grants:criterion", args=[*here, gap.key])
        case Place.SECTION:
            return reverse("grants:form_section", args=[*here, gap.key])
        case _:
            return reverse("grants:form_question", args=[*here, gap.key])


def round_lacks(round_: Round) -> list[Missing]:
    """What the round lacks in the languages of its fund. Three queries."""
    return missing_texts(round_, gaps_of(round_, round_.fund.languages))


# --- criteria ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class CriteriaPage:
    """The criteria of a round in their order: dicts row, name, lacking, mark; what their weights add up to, and why they stay."""

    rows: list[Item]
    total: int
    whole: bool
    fixed: str


def criteria_page(round_: Round, at: datetime) -> CriteriaPage:
    """The page's content. One query."""
    code = get_language() or "en"
    rows = list(round_.criteria.order_by("position", "id"))
    total = sum(row.weight for row in rows)
    items = [
        {
            "row": row,
            "name": told(texts_of(row, "name"), code),
            "lacking": language_names(
                lacking([texts_of(row, "name"), texts_of(row, "guidance")], round_.fund.languages)
            ),
            "mark": criterion_mark(row),
        }
        for row in rows
    ]
    return CriteriaPage(items, total, total == WHOLE, str(fixed_of(round_, at).get("criteria", "")))


# --- the form ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class FormPage:
    """A form as it is built now. `draft` is None where nothing differs from what is published; `published` is the newest one.

    sections: dicts key, mark, url, add_url, title, lacking, questions (dicts key, mark, url, place_url, label, notes, when,
    lacking, kept); mark: of all.
    """

    sections: list[Item]
    draft: FormVersion | None
    published: FormVersion | None
    questions: int
    missing: list[Missing]
    fixed: str
    mark: str

    @property
    def untouched(self) -> bool:
        """Whether nobody has built anything yet: what stands there is how a form begins."""
        return self.draft is None and self.published is None


def form_page(round_: Round, at: datetime) -> FormPage:
    """The page's content. Two queries."""
    code = get_language() or "en"
    sections, draft = sections_of(round_)
    published = forms_of(round_).filter(published_at__isnull=False).first()
    languages = round_.fund.languages
    routes = ("form_section", "new_form_question", "form_question", "place_question")
    section_url, add_url, url, place_url = (_addresses(round_, route) for route in routes)
    rows = [
        {
            "key": section["key"],
            "mark": mark_of(section),
            "url": section_url(section["key"]),
            "add_url": add_url(section["key"]),
            "title": told(section["title"], code),
            "lacking": language_names(lacking([section["title"], section.get("help") or {}], languages)),
            "questions": [
                {
                    **_question_row(field, sections, code, languages),
                    "url": url(field["key"]),
                    "place_url": place_url(field["key"]),
                }
                for field in section["fields"]
            ],
        }
        for section in sections
    ]
    return FormPage(
        sections=rows,
        draft=draft,
        published=published,
        questions=sum(len(row["questions"]) for row in rows),
        missing=missing_texts(round_, form_gaps(sections, languages)),
        fixed=str(fixed_of(round_, at).get("form", "")),
        mark=mark_of(sections),
    )


def _addresses(round_: Round, route: str) -> Callable[[str], str]:
    """The address on that route for each key. The route is asked once: a key is a slug, so that each
    stands in its address as it is."""
    before, _key, after = reverse(f"grants:{route}", args=[round_.fund.slug, round_.number, "a-key"]).rpartition(
        "a-key"
    )
    return lambda key: f"{before}{key}{after}"


def _question_row(field: Raw, sections: Sequence[Raw], code: str, languages: Sequence[str]) -> Item:
    return {
        "key": field["key"],
        "mark": mark_of(field),
        "label": told(field["label"], code),
        "notes": notes_of(field),
        "when": condition_of(field, sections, code),
        "lacking": language_names(lacking(texts_in(field), languages)),
        "kept": field["key"] in kinds.KEPT,
    }


def form_languages(round_: Round, sections: Sequence[Raw]) -> list[str]:
    """The languages in which a form is written: those of the fund, the first one first, then others in which it has texts."""
    languages = list(round_.fund.languages)
    written = {
        code
        for section in sections
        for texts in (section["title"], section.get("help") or {}, *(t for f in section["fields"] for t in texts_in(f)))
        for code, text in texts.items()
        if text
    }
    return [*languages, *(code for code in CODES if code in written and code not in languages)]


def kind_choices() -> list[Item]:
    """The kinds of questions to choose from, each with what it is for."""
    return [{"kind": kind.value, "name": kind.label, "hint": HINTS[kind.value]} for kind in FieldKind]


def places_for(sections: Sequence[Raw], key: str) -> list[tuple[str, str]]:
    """Where a question can be put: (section and the question before it, in words). The first place of each section too."""
    code = get_language() or "en"
    found = []
    for section in sections:
        title = say(section["title"], code)
        found.append((f"{section['key']}/", str(_("%(section)s: first") % {"section": title})))
        for field in section["fields"]:
            if field["key"] != key:
                told_ = {"section": title, "question": say(field["label"], code)}
                found.append((f"{section['key']}/{field['key']}", str(_("%(section)s: after “%(question)s”") % told_)))
    return found


def version_rows(round_: Round) -> list[Item]:
    """The versions, the newest first, with how many applications are written with each and the one before. One query."""
    versions = list(forms_of(round_).annotate(used=Count("applications")))
    return [
        {
            "version": one,
            "used": one.used,
            "questions": sum(len(section["fields"]) for section in one.sections),
            "before": versions[n + 1].number if n + 1 < len(versions) else 0,
        }
        for n, one in enumerate(versions)
    ]


def lacking_by_language(sections: Sequence[Raw]) -> list[Item]:
    """For each language of the site how many sections and questions lack a text in it."""
    gaps = form_gaps(sections, CODES)
    return [{"code": code, "count": sum(code in gap.codes for gap in gaps)} for code in CODES]


def lacking_here(round_: Round, sections: Sequence[Raw], code: str) -> list[Missing]:
    """What lacks a text in one language, with links."""
    return missing_texts(round_, form_gaps(sections, [code]))


def told_of(texts: dict[str, str]) -> Told:
    """A text of a form for the reader of this page."""
    return told(texts, get_language() or "en")
