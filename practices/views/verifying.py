"""Still true? The page on which a city confirms a practice once a year, and the list of what is due next."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from network.doors import DomainError, needs, signed_in
from practices.domain import confirm_practice, tell_changed, tell_ended
from practices.enums.verifying import VerificationKind
from practices.forms.verifying import StillTrueForm
from practices.models import Practice
from practices.queries import verifying as queries
from practices.queries.detail import detail
from practices.queries.record import get_written_practice
from practices.rules.verifying import can_confirm_practice, freshness, speaks_for
from practices.rules.versions import can_view_record
from practices.views.library import facts, resources

# Which field an error of the domain belongs to.
FIELDS = {"dates": "ended_on", "reason": "note", "too_long": "note"}


@signed_in
@require_safe
def confirmations(request: HttpRequest) -> HttpResponse:
    """Every practice that I may confirm, the next one first."""
    found = queries.confirmations(request.user, get_language() or "en", request.GET.get("page"))
    return render(request, "practices/confirmations.html", {"found": found})


@needs(can_view_record, get_written_practice)
@require_http_methods(["GET", "HEAD", "POST"])
def still_true(request: HttpRequest, practice: Practice) -> HttpResponse:
    """Ask, and take the answer: still true, it has changed (a new version begins), it has ended."""
    if request.method != "POST":
        return _page(request, practice)
    form = StillTrueForm(request.POST, on_behalf=not speaks_for(request.user, practice.city))
    if not form.is_valid():
        return _page(request, practice, form, status=400)
    said = form.cleaned_data
    told = {"by": request.user, "note": said["note"], "expected_version": said["version"]}
    try:
        if said["answer"] == VerificationKind.CHANGED:
            version = tell_changed(practice, **told)
            messages.success(
                request, _("Thank you. Write what has changed; the public page stays as it is until then.")
            )
            return redirect(version)
        if said["answer"] == VerificationKind.ENDED:
            tell_ended(practice, ended_on=said["ended_on"], **told)
            messages.success(request, _("Thank you. The page stays public and says that it has ended."))
        else:
            confirm_practice(practice, **told)
            messages.success(request, _("Thank you. Readers see that it was confirmed today."))
    except DomainError as refused:
        practice.refresh_from_db()
        if refused.code in FIELDS:
            form.add_error(FIELDS[refused.code], str(refused))
            return _page(request, practice, form, status=400)
        return _page(request, practice, form, refusal=str(refused), status=409)
    return redirect("practices:still_true", practice.slug)


def _page(
    request: HttpRequest, practice: Practice, form: StillTrueForm | None = None, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    code = get_language() or "en"
    verdict = can_confirm_practice(request.user, practice)
    found = detail(Practice.objects.filter(pk=practice.pk), practice.slug, code, with_similar=False)
    assert found is not None
    lines = queries.lines_of(practice)
    begun: dict[str, Any] = {"initial": {"version": practice.version}}
    context = {
        "practice": practice,
        "found": found,
        "facts": [row for row in facts(found)[:8] if row["value"]],
        "resources": resources(found),
        "refused": "" if verdict else verdict.reason,
        "refusal": refusal,
        "freshness": freshness(practice),
        "lines": [(line, queries.says_who(line)) for line in lines],
        "last": queries.last_said(lines),
        "on_its_way": queries.version_on_its_way(practice),
        "form": (form or StillTrueForm(on_behalf=not speaks_for(request.user, practice.city), **begun))
        if verdict
        else None,
    }
    return render(request, "practices/still_true.html", context, status=status)
