"""Writing a record: begun once, a list of tasks, one section a page, and the endpoint that saves while people write."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from network.doors import DomainError, Verdict, needs, signed_in
from network.frame.refusals import refused
from network.frame.saving import answers_401, revision_in, told_refused, told_saved, told_stale
from network.sections import StaleSection
from practices.domain.versions import NewRecord, save_section, section_named, start_practice, start_version
from practices.forms.conflict import choices, resolved
from practices.forms.record import Line, NewRecordForm, SectionForm, posted_pairs, typed_section
from practices.models import Practice, PracticeVersion
from practices.queries import record as queries
from practices.queries.adoptions import cities_of
from practices.queries.picker import Branch, branches
from practices.queries.record_files import files_in
from practices.queries.told import file_names, told_section
from practices.rules.rows import first_row
from practices.rules.sections import Kind, Section
from practices.rules.versions import (
    can_discard_version,
    can_start_version,
    can_take_back_version,
    can_view_record,
    can_view_version,
    can_write_version,
)
from practices.rules.writing import ROWS, clean_section
from practices.views.record_steps import remember, removed_row, step_of


def on_version(rule: Callable[[Any, PracticeVersion], Verdict]) -> Callable[[Any, tuple], Verdict]:
    """The rule for things loaded together with their version, as (version, thing ...)."""

    @wraps(rule)
    def inner(user: Any, thing: tuple) -> Verdict:
        return rule(user, thing[0])

    return inner


def _reader() -> str:
    return get_language() or "en"


# --- beginning --------------------------------------------------------------------------------------------------------


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def new_record(request: HttpRequest) -> HttpResponse:
    """Begin a practice: for which city, in which language, under which title. `?city=` chooses the city."""
    cities = queries.writable_cities(request.user, _reader())
    asked = request.GET.get("city", "")
    chosen = next((city for city in cities if city.slug == asked or len(cities) == 1), None)
    initial = {"city": chosen.slug, "language": chosen.language} if chosen else {"language": _reader()}
    named = [(city.slug, city.name) for city in cities]
    form = NewRecordForm(request.POST or None, cities=named, initial=initial)
    if request.method == "POST" and cities and form.is_valid():
        said = form.cleaned_data
        city = cities_of(request.user).get(slug=said["city"])
        try:
            version = start_practice(NewRecord(city, said["language"], said["title"]), by=request.user)
        except DomainError as error:
            form.add_error("title", str(error))
        else:
            messages.success(request, _("The record is begun. Write in any order, and come back as often as you like."))
            return redirect(version)
    return render(request, "practices/new_record.html", {"form": form, "cities": cities})


@needs(can_start_version, queries.get_written_practice)
@require_POST
def new_version(request: HttpRequest, practice: Practice) -> HttpResponse:
    """Begin the next version of a record, or go on with the one that is on its way."""
    try:
        version = start_version(practice, by=request.user)
    except DomainError as error:
        return refused(request, error, back=practice.get_absolute_url(), back_word=_("Back to the practice"))
    return redirect(version)


# --- the task list ----------------------------------------------------------------------------------------------------


@needs(can_view_record, queries.get_written_practice)
@require_safe
def record(request: HttpRequest, practice: Practice) -> HttpResponse:
    """The tasks of the version that is written; where none is on its way, how to begin one."""
    version = queries.newest_version(practice)
    context: dict[str, Any] = {
        "practice": practice,
        "version": version,
        "city": queries.city_name(practice, _reader()),
        "may_start": bool(can_start_version(request.user, practice)),
    }
    if version is not None:
        context["page"] = queries.record_page(version, request.user)
        context["may_write"] = bool(can_write_version(request.user, version))
        context["may_discard"] = bool(can_discard_version(request.user, version))
        context["may_take_back"] = bool(can_take_back_version(request.user, version))
    return render(request, "practices/record.html", context)


# --- one section ------------------------------------------------------------------------------------------------------


@needs(on_version(can_view_version), queries.get_version_section)
@require_http_methods(["GET", "HEAD", "POST"])
def section(request: HttpRequest, thing: tuple[PracticeVersion, Section]) -> HttpResponse:
    """One section. GET marks what is wrong in what is stored, with ?check=1 also what is missing."""
    version, section = thing
    if request.method == "POST":
        return _save(request, version, section)
    if not can_write_version(request.user, version):
        messages.info(request, _("This version can’t be changed now."))
        return redirect(version)
    row = queries.section_row(version, section.key)
    data = dict(row.data)
    pictures = any(one.kind == Kind.PICTURE for one in section.rows)
    if section.rows and not pictures and not data.get(ROWS):
        data[ROWS] = [first_row(section, version.pk, row.revision)]
    form = SectionForm(
        section, data, version.language, everything="check" in request.GET, fresh=request.GET.get("new", "")
    )
    find = request.GET.get("find", "")[:100]
    place, total, _following = queries.neighbours(version, section)
    files = files_in(version, section, data)
    context = {
        "version": version,
        "practice": version.practice,
        "section": section,
        "form": form,
        "row": row,
        "place": place,
        "total": total,
        "beside": queries.beside(row, request.user),
        "lines": [(line, _branches(line, data, find)) for line in form.lines()],
        "rows": [(one, files.get(one.key)) for one in form.rows()],
        "find": find,
        "step": request.GET.get("step", ""),
        "removed": removed_row(request, version, section),
        "full": len(data.get(ROWS) or ()) >= section.most,
    }
    return render(request, "practices/record_section.html", context)


def _branches(line: Line, data: dict[str, Any], find: str) -> list[Branch]:
    if not line.is_concepts:
        return []
    return branches(line.one.concept_kind, data.get(line.one.key) or (), _reader(), find)


def _save(request: HttpRequest, version: PracticeVersion, section: Section) -> HttpResponse:
    data = clean_section(section, typed_section(section, request.POST))
    if "resolve" in request.POST:
        data = resolved(section, data, queries.section_row(version, section.key).data, request.POST)
    step = step_of(request, version, section, data)
    data = step.data
    try:
        save_section(
            version, section.key, data, revision=revision_in(request.POST), by=request.user, at=request.received_at
        )
    except StaleSection as stale:
        return _both_texts(request, version, section, data, stale)
    except DomainError as error:
        names = file_names(version.practice)
        kept = [{"question": section.title, "answer": told_section(section, data, names)}]
        back = version.get_absolute_url()
        return refused(request, error, back=back, back_word=_("Back to the record"), kept=kept)
    remember(request, section, step)
    return redirect(step.onward) if step.onward else _onward(request, version, section, data)


def _onward(request: HttpRequest, version: PracticeVersion, section: Section, data: dict[str, Any]) -> HttpResponse:
    if not SectionForm(section, data, version.language).is_valid():
        messages.warning(request, _("Saved. Some answers need a change before you can submit."))
        return redirect(queries.section_url(version, section))
    messages.success(request, _("Saved."))
    _place, _total, following = queries.neighbours(version, section)
    return redirect(following or version.get_absolute_url())


def _both_texts(
    request: HttpRequest, version: PracticeVersion, section: Section, mine: dict[str, Any], stale: StaleSection
) -> HttpResponse:
    context = {
        "version": version,
        "practice": version.practice,
        "section": section,
        "rows": choices(section, mine, stale.theirs.data, file_names(version.practice)),
        "carried": posted_pairs(section, mine),
        "stale": stale,
        "revision": stale.theirs.revision,
    }
    return render(request, "practices/conflict.html", context, status=409)


# --- saving while people write ----------------------------------------------------------------------------------------


@answers_401
@needs(can_view_version, queries.get_version)
@require_POST
def autosave(request: HttpRequest, version: PracticeVersion) -> HttpResponse:
    """Save one section while it is written (`network.frame.saving`)."""
    try:
        section = section_named(request.POST.get("section", ""))
        data = clean_section(section, typed_section(section, request.POST))
        saved = save_section(
            version, section.key, data, revision=revision_in(request.POST), by=request.user, at=request.received_at
        )
    except StaleSection as stale:
        names = file_names(version.practice)
        theirs: dict[str, list[str]] = {}
        for name, value in posted_pairs(section, stale.theirs.data):
            theirs.setdefault(name, []).append(value)
        texts = {"mine": told_section(section, data, names), "theirs": told_section(section, stale.theirs.data, names)}
        # Rows that came or went can't be put into the page as it stands.
        return told_stale(stale, theirs, texts=texts, reload=bool(section.rows))
    except DomainError as error:
        return told_refused(error)
    return told_saved(saved)
