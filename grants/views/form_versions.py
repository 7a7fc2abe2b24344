"""Versions of a round's form, for those who run its fund: looked at in each language, compared, published."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from grants.domain.building import publish_draft
from grants.forms.answers import Line, SectionForm
from grants.models import FormVersion, Round
from grants.models.questions import Section, say
from grants.queries.building import get_version, lacking_by_language, lacking_here, version_rows
from grants.queries.form_differences import form_differences
from grants.queries.form_versions import forms_of, sections_of
from grants.queries.staff import get_known_round
from grants.rules.asked import condition_text
from grants.rules.funds import can_manage_round
from grants.rules.ordering import Raw
from grants.rules.seen import mark_of
from grants.rules.wording import form_gaps
from grants.views.building import about, form_desk
from grants.views.placing import status_of
from network.doors import DomainError, needs


def _number(request: HttpRequest, name: str) -> int:
    """A number of the query; Http404 for anything else."""
    text = request.GET.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) < 6):
        raise Http404
    return int(text)


@needs(can_manage_round, get_known_round)
@require_safe
def preview(request: HttpRequest, round_: Round) -> HttpResponse:
    """The form as applicants of this page's language will see it, and what is not written in that language."""
    code = get_language() or "en"
    version = get_version(round_, _number(request, "version")) if "version" in request.GET else None
    sections = version.sections if version else sections_of(round_)[0]
    context = {
        **about(round_),
        "sections": _shown(sections, round_, code),
        "version": version,
        # A budget in which nothing is written has no sums to tell.
        "no_sums": {},
        "languages": lacking_by_language(sections),
        "missing": lacking_here(round_, sections, code),
    }
    return render(request, "grants/form_preview.html", context)


def _shown(raw: list[Raw], round_: Round, code: str) -> list[dict[str, Any]]:
    """The sections as their pages show them, with nothing answered yet and each condition in words."""
    sections = [Section.read(one) for one in raw]
    known = {question.key: question for section in sections for question in section.questions}

    def told(line: Line) -> Line:
        when = line.question.when
        if line.told or when is None:
            return line
        return replace(line, told=condition_text(line.question, known[when.field], code))

    return [
        {
            "key": section.key,
            "title": say(section.title, code),
            "help": say(section.help, code),
            "rows": [told(line) for line in SectionForm(section, code, {}, round_=round_).rows()],
            "files": [{"label": say(one.label, code), "required": one.required} for one in section.files],
        }
        for section in sections
    ]


@needs(can_manage_round, get_known_round)
@require_safe
def versions(request: HttpRequest, round_: Round) -> HttpResponse:
    """The versions, the newest first."""
    return render(request, "grants/form_versions.html", {**about(round_), "rows": version_rows(round_)})


@needs(can_manage_round, get_known_round)
@require_safe
def differences(request: HttpRequest, round_: Round) -> HttpResponse:
    """What differs between two versions, in words; by default the newest and the one before."""
    there = list(forms_of(round_))
    if "from" in request.GET:
        before, after = get_version(round_, _number(request, "from")), get_version(round_, _number(request, "to"))
    elif len(there) > 1:
        after, before = there[0], there[1]
    else:
        return redirect("grants:form_versions", round_.fund.slug, round_.number)
    changes = form_differences(before.sections, after.sections, get_language() or "en")
    context = {**about(round_), "before": before, "after": after, "changes": changes, "versions": there}
    return render(request, "grants/form_differences.html", context)


@needs(can_manage_round, get_known_round)
@require_http_methods(["GET", "HEAD", "POST"])
def publish(request: HttpRequest, round_: Round) -> HttpResponse:
    """Publish the draft: what it changes and what it lacks is told first."""
    sections, draft = sections_of(round_)
    if draft is None:
        messages.warning(request, _("There is no draft of the form to publish."))
        return form_desk(round_)
    refusal, status = "", 200
    if request.method == "POST":
        try:
            publish_draft(round_, seen=request.POST.get("seen", ""), by=request.user, at=request.received_at)
        except DomainError as error:
            refusal, status = str(error), status_of(error)
            sections, draft = sections_of(round_)
        else:
            messages.success(
                request, _("The form is published. Applications that begin from now on are written with it.")
            )
            return form_desk(round_)
    context = {**about(round_), **_publishing(round_, sections, draft), "refusal": refusal}
    return render(request, "grants/form_publish.html", context, status=status)


def _publishing(round_: Round, sections: list[Raw], draft: FormVersion | None) -> dict[str, Any]:
    """What stands on the page before the draft is published."""
    code = get_language() or "en"
    last = forms_of(round_).filter(published_at__isnull=False).first()
    gaps = form_gaps(sections, round_.fund.languages)
    return {
        "draft": draft,
        "last": last,
        "seen": mark_of(sections),
        "changes": form_differences(last.sections, sections, code) if last else [],
        "lacks": len(gaps),
        "begun": last.applications.count() if last else 0,
    }
