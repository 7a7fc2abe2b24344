"""Building a round's form, for those who run its fund: its sections and questions, in every language of the fund."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grants.domain import building
from grants.enums import FieldKind
from grants.forms.building import Lines, PlaceForm, QuestionForm, SectionForm
from grants.models import Round
from grants.queries.building import (
    form_languages,
    form_page,
    get_form_question,
    get_form_section,
    kind_choices,
    places_for,
    told_of,
)
from grants.queries.form_differences import form_differences
from grants.queries.form_versions import forms_of, sections_of
from grants.queries.form_words import question_in_words, section_in_words, texts_in_words
from grants.queries.funds import shown_title
from grants.queries.staff import get_known_round
from grants.rules import kinds
from grants.rules.funds import can_manage_fund, can_manage_round
from grants.rules.ordering import Raw, earlier, find_question, find_section
from grants.rules.rounds import fixed_of
from grants.rules.seen import mark_of, section_mark
from grants.views.placing import Standing, posted, status_of, still_there
from network.doors import DomainError, Verdict, needs

METHODS = ["GET", "HEAD", "POST"]


def can_manage_part(user: Any, part: tuple[Round, Raw]) -> Verdict:
    """Whoever runs the fund builds the form of its rounds."""
    return can_manage_fund(user, part[0].fund)


def about(round_: Round) -> dict[str, Any]:
    """What every page about a round shows of it."""
    return {"round": round_, "fund": round_.fund, "title": shown_title(round_.fund), "round_title": shown_title(round_)}


def form_desk(round_: Round, anchor: str = "") -> HttpResponse:
    """The way back to the form, at a section or question of it."""
    address = redirect("grants:round_form", round_.fund.slug, round_.number)
    if anchor:
        address["Location"] += f"#{anchor}"
    return address


def fixed(request: HttpRequest, round_: Round) -> HttpResponse | None:
    """Back to the form with the reason where it can't be built any more."""
    if reason := fixed_of(round_, request.received_at).get("form"):
        messages.warning(request, reason)
        return form_desk(round_)
    return None


@needs(can_manage_round, get_known_round)
@require_safe
def form(request: HttpRequest, round_: Round) -> HttpResponse:
    """The form as it is built now."""
    return render(request, "grants/form.html", {**about(round_), "page": form_page(round_, request.received_at)})


@needs(can_manage_round, get_known_round)
@require_POST
def form_act(request: HttpRequest, round_: Round) -> HttpResponse:
    """Move or double a section or question; take one away, or throw the draft away, as it was seen."""
    act, _colon, rest = request.POST.get("act", "").partition(":")
    key, _colon, seen = rest.partition(":")
    more: dict[str, Any] = {"by": request.user, "at": request.received_at}
    verbs: dict[str, Callable[[], Any]] = {
        "section-up": lambda: building.move_section(round_, key, -1, **more),
        "section-down": lambda: building.move_section(round_, key, 1, **more),
        "section-drop": lambda: building.drop_section(round_, key, seen=seen, **more),
        "up": lambda: building.move_question(round_, key, -1, **more),
        "down": lambda: building.move_question(round_, key, 1, **more),
        "double": lambda: building.double_question(round_, key, **more),
        "drop": lambda: building.drop_question(round_, key, seen=seen, **more),
        "discard": lambda: building.drop_draft(round_, seen=seen, **more),
    }
    if act in verbs:
        try:
            made = verbs[act]()
        except DomainError as error:
            if error.code == "stale":
                return still_there(request, about(round_), error, _standing(round_, act, key))
            messages.error(request, str(error))
        else:
            messages.success(request, _("Done."))
            if act == "double":
                return redirect("grants:form_question", round_.fund.slug, round_.number, made)
    kind = "section" if act.startswith("section") else "question"
    return form_desk(round_, f"{kind}-{key}" if key and "drop" not in act else "")


def _standing(round_: Round, act: str, key: str) -> Standing:
    """What was to be taken away, as somebody else left it."""
    here = [round_.fund.slug, round_.number]
    sections, _draft = sections_of(round_)
    more: dict[str, Any] = {}
    if act == "drop":
        there: Any = _question_now(round_, key)
        name, more["rows"] = there["label"], question_in_words(there, sections, {})
    elif act == "section-drop":
        there = _section_now(round_, key)
        name, more["rows"] = there["title"], section_in_words(there)
    else:
        there, name = sections, {get_language() or "en": _("Form")}
        last = forms_of(round_).filter(published_at__isnull=False).first()
        changes = form_differences(last.sections if last else [], sections, get_language() or "en")
        more |= {"changes": changes, "is_draft": True}
    return Standing(
        told_of(name),
        act=f"{act}:{key}:{mark_of(there)}",
        action=reverse("grants:form_act", args=here),
        back=reverse("grants:round_form", args=here),
        **more,
    )


# --- sections ---------------------------------------------------------------------------------------------------------


@needs(can_manage_round, get_known_round)
@require_http_methods(METHODS)
def new_section(request: HttpRequest, round_: Round) -> HttpResponse:
    """Another section, at the end."""
    return _section(request, round_, None)


@needs(can_manage_part, get_form_section)
@require_http_methods(METHODS)
def form_section(request: HttpRequest, part: tuple[Round, Raw]) -> HttpResponse:
    """A section's title and help."""
    return _section(request, *part)


def _section(request: HttpRequest, round_: Round, section: Raw | None) -> HttpResponse:
    if away := fixed(request, round_):
        return away
    codes = form_languages(round_, sections_of(round_)[0])
    form = SectionForm(posted(request), codes=codes, section=section)
    refusal, status, now = "", 200, None
    if request.method == "POST":
        status = 400
        if form.is_valid():
            more: dict[str, Any] = {"by": request.user, "at": request.received_at}
            try:
                if section is None:
                    key = building.add_section(round_, form.wording(), **more)
                else:
                    key = section["key"]
                    building.change_section(round_, key, form.wording(), seen=form.cleaned_data["seen"], **more)
            except DomainError as error:
                refusal, status = form.place(error), status_of(error)
                if section is not None and error.code == "stale":
                    there = _section_now(round_, section["key"])
                    form.read_again(section_mark(there))
                    now = [
                        *texts_in_words("title", _("Title"), there["title"], form.data),
                        *texts_in_words("help", _("Help"), there.get("help") or {}, form.data),
                    ]
            else:
                messages.success(request, _("The section is saved."))
                return form_desk(round_, f"section-{key}")
    context = {**about(round_), "form": form, "section": section, "refusal": refusal, "now": now}
    return render(request, "grants/form_section.html", context, status=status)


def _section_now(round_: Round, key: str) -> Raw:
    sections, _draft = sections_of(round_)
    place = find_section(sections, key)
    assert place is not None, "a section that is gone is refused as gone"
    return sections[place]


# --- questions --------------------------------------------------------------------------------------------------------


@needs(can_manage_part, get_form_section)
@require_http_methods(METHODS)
def new_form_question(request: HttpRequest, part: tuple[Round, Raw]) -> HttpResponse:
    """Another question of a section: first its kind is chosen, then it is written."""
    round_, section = part
    kind = request.GET.get("kind", "")
    if kind in FieldKind.values and kind in kinds.SETTINGS:
        return _question(request, round_, section, None, kind)
    if away := fixed(request, round_):
        return away
    context = {**about(round_), "section": section, "told": told_of(section["title"]), "kinds": kind_choices()}
    return render(request, "grants/form_kinds.html", context)


@needs(can_manage_part, get_form_question)
@require_http_methods(METHODS)
def form_question(request: HttpRequest, part: tuple[Round, Raw]) -> HttpResponse:
    """A question of the form."""
    round_, question = part
    return _question(request, round_, None, question, question["kind"])


def _question(
    request: HttpRequest, round_: Round, section: Raw | None, question: Raw | None, kind: str
) -> HttpResponse:
    if away := fixed(request, round_):
        return away
    code = get_language() or "en"
    sections, _draft = sections_of(round_)
    codes = form_languages(round_, sections)
    before = earlier(sections, question["key"] if question else "", section["key"] if section else "")
    made: dict[str, Any] = {"codes": codes, "kind": kind, "question": question, "before": before, "reader": code}
    form = QuestionForm(posted(request), **made)
    name = next((one for one in ("options", "columns") if one in kinds.settings_of(kind)), "")
    lines = Lines.stored(name, codes, question)
    refusal, status, now = "", 200, None
    if request.method == "POST":
        lines = Lines.sent(name, codes, request.POST)
        if act := request.POST.get("line"):
            lines.act(act)
            fresh = QuestionForm(**made)
            fresh.take_typed(form)
            form = fresh
        else:
            status = 400
            if form.is_valid():
                try:
                    key = _save(request, round_, section, question, form, lines)
                except DomainError as error:
                    refusal, status = form.place(error), status_of(error)
                    if question is not None and error.code == "stale":
                        there = _question_now(round_, question["key"])
                        now = question_in_words(there, sections_of(round_)[0], form.data)
                        form.read_again(mark_of(there))
                else:
                    messages.success(request, _("The question is saved."))
                    return form_desk(round_, f"question-{key}")
    context = {
        **about(round_),
        "form": form,
        "question": question,
        "kind": FieldKind(kind),
        "lines": lines.forms() if name else [],
        "lines_name": name,
        "told": told_of(question["label"]) if question else None,
        "refusal": refusal,
        "now": now,
        "is_new": question is None,
    }
    return render(request, "grants/form_question.html", context, status=status)


def _save(
    request: HttpRequest, round_: Round, section: Raw | None, question: Raw | None, form: QuestionForm, lines: Lines
) -> str:
    there = lines.lines()
    asking = form.asking(there if lines.name == "options" else (), there if lines.name == "columns" else ())
    more: dict[str, Any] = {"by": request.user, "at": request.received_at}
    if question is None:
        assert section is not None, "a new question belongs to a section"
        return building.add_question(round_, section["key"], asking, **more)
    building.change_question(round_, question["key"], asking, seen=form.cleaned_data["seen"], **more)
    return str(question["key"])


def _question_now(round_: Round, key: str) -> Raw:
    """A question as somebody else left it."""
    sections, _draft = sections_of(round_)
    place = find_question(sections, key)
    assert place is not None, "a question that is gone is refused as gone"
    return sections[place[0]]["fields"][place[1]]


@needs(can_manage_part, get_form_question)
@require_http_methods(METHODS)
def place_question(request: HttpRequest, part: tuple[Round, Raw]) -> HttpResponse:
    """Put a question into another section, or at another place of its own."""
    round_, question = part
    if away := fixed(request, round_):
        return away
    form = PlaceForm(posted(request), places=places_for(sections_of(round_)[0], question["key"]))
    refusal, status = "", 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            section, after = form.where()
            more: dict[str, Any] = {"by": request.user, "at": request.received_at}
            try:
                building.place_question(round_, question["key"], section, after, **more)
            except DomainError as error:
                refusal, status = str(error), status_of(error)
            else:
                messages.success(request, _("The question is moved."))
                return form_desk(round_, f"question-{question['key']}")
    context = {**about(round_), "form": form, "told": told_of(question["label"]), "refusal": refusal}
    return render(request, "grants/form_place.html", context, status=status)
