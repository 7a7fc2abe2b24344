"""Writing an application: the task list, one section a page, and the endpoint that saves while people write."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grants.domain.drafts import save_section
from grants.enums import FieldKind
from grants.forms.answers import PREFIX, SectionForm, as_posted, typed
from grants.models import Application
from grants.models.questions import GRIDS, PARTED, Question, Section, say
from grants.queries import applications as queries
from grants.queries.answers import answer_shown, answer_text, reading_of
from grants.queries.comments import open_comments
from grants.queries.funds import shown_title
from grants.queries.presence import others_here, place_of
from grants.queries.profile import profile_answer
from grants.queries.reuse import earlier_than
from grants.rules.answers import amount_in, clean_answer, is_empty, layout, section_faults
from grants.rules.applications import can_view_application, can_write_application, role_in
from grants.rules.asked import asked_of
from grants.rules.grids import sums_text
from grants.rules.rounds import accepts
from network.doors import DomainError, Verdict, needs
from network.frame.refusals import refused
from network.frame.saving import answers_401, revision_in, told_refused, told_saved, told_stale
from network.presence import note_gone, note_here
from network.sections import StaleSection


def on_application(rule: Callable[[Any, Application], Verdict]) -> Callable[[Any, tuple], Verdict]:
    """The rule for things loaded together with their application, as (application, thing)."""

    @wraps(rule)
    def inner(user: Any, thing: tuple) -> Verdict:
        return rule(user, thing[0])

    return inner


# --- the task list ----------------------------------------------------------------------------------------------------


@needs(can_view_application, queries.get_application)
@require_safe
def application(request: HttpRequest, application: Application) -> HttpResponse:
    """The tasks of a draft; what was sent; or, after the deadline, the draft to read."""
    role = role_in(request.user, application) or ""
    page = queries.application_page(request.user, application, role, request.received_at)
    context: dict[str, Any] = {
        "page": page,
        "application": application,
        "fund_title": shown_title(application.round.fund),
        "extension": queries.extension_in_force(application, request.received_at),
    }
    if page.stage == "writing":
        context["earlier"] = page.may_write and earlier_than(request.user, application).exists() and page.has_empty
        return render(request, "grants/application.html", context)
    context["sections"] = reading_of(application)
    context["downloads"] = queries.downloads(application)
    context["late_attempt"] = queries.late_attempt(application) if page.stage == "late" else None
    context["can_reopen"] = page.stage == "sent" and page.owns and request.received_at < application.closes_at
    return render(request, "grants/application_report.html", context)


# --- one section ------------------------------------------------------------------------------------------------------


@needs(on_application(can_view_application), queries.get_section)
@require_http_methods(["GET", "HEAD", "POST"])
def section(request: HttpRequest, thing: tuple[Application, Section]) -> HttpResponse:
    """One group of questions. GET marks what is wrong in the stored answers, with ?check=1 also what is missing."""
    application, section = thing
    if request.method == "POST":
        return _save(request, application, section)
    if not can_write_application(request.user, application) or not accepts(application, request.received_at):
        return redirect(application)
    rows = queries.section_rows(application)
    row, answers = rows[section.key], {key: one.data for key, one in rows.items()}
    asked = asked_of(layout(application.form), answers)
    code = get_language() or "en"
    form = SectionForm(
        section,
        code,
        row.data,
        round_=application.round,
        amount=amount_in(answers),
        everything="check" in request.GET,
        more=request.GET.get("more", ""),
        asked=asked,
    )
    place, total, _following = queries.neighbours(application, section.key, asked)
    files = [
        {
            "label": say(question.label, code),
            "url": reverse("grants:file", args=[application.opaque_id, question.key]),
            "required": question.required,
        }
        for question in section.files
        if question.key in asked
    ]
    context = {
        "application": application,
        "section": section,
        "title": say(section.title, code),
        "help": say(section.help, code),
        "form": form,
        "sums": notes_of(section, row.data, application),
        "row": row,
        "files": files,
        "place": place,
        "total": total,
        "fund_title": shown_title(application.round.fund),
        "beside": others_here(application, section.key, request.user),
        "comments": open_comments(application, section.key),
    }
    note_here(place_of(application, section.key), request.user.pk)
    return render(request, "grants/section.html", context)


def _save(request: HttpRequest, application: Application, section: Section) -> HttpResponse:
    answers = typed(section, request.POST)
    if "resolve" in request.POST:
        stored = queries.section_rows(application)[section.key].data
        answers = {
            key: text if request.POST.get(f"keep-{key}") == "mine" else stored.get(key, "")
            for key, text in answers.items()
        }
    for question in section.written:
        if question.kind in PARTED and request.POST.get("profile") == question.key:
            answers[question.key] = profile_answer(question, application.organisation) or answers[question.key]
    try:
        save_section(
            application,
            section.key,
            answers,
            revision=revision_in(request.POST),
            by=request.user,
            at=request.received_at,
        )
    except StaleSection as stale:
        return _both_texts(request, application, section, answers, stale)
    except DomainError as error:
        code = get_language() or "en"
        currency = application.round.fund.currency
        kept = [
            {"question": say(one.label, code), "answer": answer_text(one, answers[one.key], currency, code)}
            for one in section.written
            if one.kind != FieldKind.DECLARATION and answers[one.key]
        ]
        back = application.get_absolute_url()
        return refused(request, error, back=back, back_word=_("Back to the application"), kept=kept)
    return _onward(request, application, section, answers)


def _onward(request: HttpRequest, application: Application, section: Section, answers: dict[str, Any]) -> HttpResponse:
    here = reverse("grants:section", args=[application.opaque_id, section.key])
    if more := request.POST.get("more", ""):
        return redirect(f"{here}?{urlencode({'more': more})}#id_{PREFIX}-{more}")
    if profile := request.POST.get("profile", ""):
        return redirect(f"{here}#id_{PREFIX}-{profile}")
    stored = {key: row.data for key, row in queries.section_rows(application).items()}
    asked = asked_of(layout(application.form), stored)
    if section_faults(section, answers, application.round, amount_in(stored)):
        messages.warning(request, _("Saved. Some answers need a change before you can send."))
        return redirect(here)
    opened = [one for one in section.written if one.when and one.key in asked and one.required]
    if any(is_empty(one, answers[one.key]) and _hangs_here(one, section) for one in opened):
        messages.success(request, _("Saved. By your answers, more is asked here."))
        return redirect(here)
    messages.success(request, _("Saved."))
    note_gone(place_of(application, section.key), request.user.pk)
    _place, _total, following = queries.neighbours(application, section.key, asked)
    if "leave" in request.POST or not following:
        return redirect(application)
    return redirect(following)


def _hangs_here(question: Question, section: Section) -> bool:
    return question.when is not None and any(one.key == question.when.field for one in section.questions)


def notes_of(section: Section, answers: Mapping[str, Any], application: Application) -> dict[str, str]:
    """What the section's budgets come to, by question."""
    budgets = [one for one in section.written if one.kind == FieldKind.BUDGET]
    currency = application.round.fund.currency if budgets else ""
    return {one.key: sums_text(answers.get(one.key) or [], currency) for one in budgets}


def _both_texts(
    request: HttpRequest, application: Application, section: Section, mine: dict[str, Any], stale: StaleSection
) -> HttpResponse:
    code, theirs = get_language() or "en", stale.theirs.data
    currency = application.round.fund.currency
    rows = [
        {
            "key": one.key,
            "label": say(one.label, code),
            "mine": answer_shown(one, mine[one.key], currency, code),
            "theirs": answer_shown(one, theirs.get(one.key), currency, code),
            "default": "mine",
        }
        for one in section.written
        if (mine[one.key] or "") != (clean_answer(one, theirs.get(one.key)) or "")
    ]
    context = {
        "application": application,
        "section": section,
        "title": say(section.title, code),
        "rows": rows,
        "kept": as_posted(section, mine),
        "stale": stale,
        "revision": stale.theirs.revision,
    }
    return render(request, "grants/conflict.html", context, status=409)


# --- saving while people write ----------------------------------------------------------------------------------------


@answers_401
@needs(can_view_application, queries.get_for_saving)
@require_POST
def autosave(request: HttpRequest, application: Application) -> HttpResponse:
    """Save one section while it is written (`network.frame.saving`)."""
    key = request.POST.get("section", "")
    try:
        section = queries.written_section(application, key)
        answers = typed(section, request.POST)
        saved = save_section(
            application, key, answers, revision=revision_in(request.POST), by=request.user, at=request.received_at
        )
    except StaleSection as stale:
        return _told_stale(application, section, answers, stale)
    except DomainError as error:
        return told_refused(error)
    note_here(place_of(application, section.key), request.user.pk)
    return told_saved(saved, notes_of(section, saved.data, application))


def _told_stale(application: Application, section: Section, mine: dict[str, Any], stale: StaleSection) -> HttpResponse:
    """Both texts, for the page to ask; rows that the page may not have are read again from the server."""
    code, currency = get_language() or "en", application.round.fund.currency
    theirs = stale.theirs.data
    if not any(one.kind in GRIDS for one in section.written):
        return told_stale(stale, {f"{PREFIX}-{one.key}": "" for one in section.written} | as_posted(section, theirs))
    words = {
        whose: "\n\n".join(
            filter(None, (answer_text(one, data.get(one.key), currency, code) for one in section.written))
        )
        for whose, data in (("mine", mine), ("theirs", theirs))
    }
    return told_stale(stale, as_posted(section, theirs), texts=words, reload=True)
