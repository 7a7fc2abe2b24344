"""Writing an application: the task list, one section a page, and the endpoint that saves while people write."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grants.domain.drafts import save_section
from grants.enums import FieldKind
from grants.forms.answers import PREFIX, SectionForm, typed
from grants.models import Application
from grants.models.questions import Section, say
from grants.queries import applications as queries
from grants.queries.answers import reading_of
from grants.queries.funds import shown_title
from grants.rules.applications import can_view_application, can_write_application, role_in
from grants.rules.rounds import accepts
from network.doors import DomainError, Verdict, needs
from network.frame.refusals import refused
from network.frame.saving import answers_401, revision_in, told_refused, told_saved, told_stale
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
    }
    if page.stage == "writing":
        return render(request, "grants/application.html", context)
    context["sections"] = reading_of(application)
    context["downloads"] = queries.downloads(application)
    context["late_attempt"] = queries.late_attempt(application) if page.stage == "late" else None
    context["can_reopen"] = page.stage == "sent" and page.owns and request.received_at < application.round.closes_at
    return render(request, "grants/application_report.html", context)


# --- one section ------------------------------------------------------------------------------------------------------


@needs(on_application(can_view_application), queries.get_section)
@require_http_methods(["GET", "HEAD", "POST"])
def section(request: HttpRequest, thing: tuple[Application, Section]) -> HttpResponse:
    """One group of questions. GET marks what is wrong in the stored answers, with ?check=1 also what is missing."""
    application, section = thing
    if request.method == "POST":
        return _save(request, application, section)
    if not can_write_application(request.user, application) or not accepts(application.round, request.received_at):
        return redirect(application)
    row = queries.section_row(application, section.key)
    code = get_language() or "en"
    form = SectionForm(section, code, row.data, round_=application.round, everything="check" in request.GET)
    place, total, _following = queries.neighbours(application, section.key)
    files = [
        {
            "label": say(question.label, code),
            "url": reverse("grants:file", args=[application.opaque_id, question.key]),
            "required": question.required,
        }
        for question in section.files
    ]
    context = {
        "application": application,
        "section": section,
        "title": say(section.title, code),
        "help": say(section.help, code),
        "form": form,
        "row": row,
        "files": files,
        "place": place,
        "total": total,
        "fund_title": shown_title(application.round.fund),
    }
    return render(request, "grants/section.html", context)


def _save(request: HttpRequest, application: Application, section: Section) -> HttpResponse:
    answers = typed(section, request.POST)
    if "resolve" in request.POST:
        stored = queries.section_row(application, section.key).data
        answers = {
            key: text if request.POST.get(f"keep-{key}") == "mine" else stored.get(key, "")
            for key, text in answers.items()
        }
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
        kept = [
            {"question": say(one.label, code), "answer": answers[one.key]}
            for one in section.written
            if one.kind in {FieldKind.SHORT_TEXT, FieldKind.LONG_TEXT} and answers[one.key]
        ]
        back = application.get_absolute_url()
        return refused(request, error, back=back, back_word=_("Back to the application"), kept=kept)
    return _onward(request, application, section, answers)


def _onward(request: HttpRequest, application: Application, section: Section, answers: dict[str, Any]) -> HttpResponse:
    form = SectionForm(section, get_language() or "en", answers, round_=application.round)
    if form.faults():
        messages.warning(request, _("Saved. Some answers need a change before you can send."))
        return redirect("grants:section", application.opaque_id, section.key)
    messages.success(request, _("Saved."))
    _place, _total, following = queries.neighbours(application, section.key)
    if "leave" in request.POST or not following:
        return redirect(application)
    return redirect(following)


def _both_texts(
    request: HttpRequest, application: Application, section: Section, mine: dict[str, Any], stale: StaleSection
) -> HttpResponse:
    code = get_language() or "en"
    theirs = stale.theirs.data
    rows = [
        {
            "key": one.key,
            "name": f"{PREFIX}-{one.key}",
            "label": say(one.label, code),
            "mine": mine[one.key],
            "theirs": theirs.get(one.key, ""),
            "default": "mine",
            "differs": (mine[one.key] or "") != (theirs.get(one.key) or ""),
        }
        for one in section.written
    ]
    context = {
        "application": application,
        "section": section,
        "title": say(section.title, code),
        "rows": rows,
        "stale": stale,
        "revision": stale.theirs.revision,
    }
    return render(request, "grants/conflict.html", context, status=409)


# --- saving while people write ----------------------------------------------------------------------------------------


@answers_401
@needs(can_view_application, queries.get_application)
@require_POST
def autosave(request: HttpRequest, application: Application) -> HttpResponse:
    """Save one section while it is written (`network.frame.saving`)."""
    key = request.POST.get("section", "")
    try:
        section = queries.written_section(application, key)
        saved = save_section(
            application,
            key,
            typed(section, request.POST),
            revision=revision_in(request.POST),
            by=request.user,
            at=request.received_at,
        )
    except StaleSection as stale:
        return told_stale(stale, {f"{PREFIX}-{name}": _as_posted(value) for name, value in stale.theirs.data.items()})
    except DomainError as error:
        return told_refused(error)
    return told_saved(saved)


def _as_posted(value: Any) -> str:
    return ("on" if value else "") if isinstance(value, bool) else value
