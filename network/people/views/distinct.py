"""The pages on which staff say that two organisations are not the same, and take it back."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from network.doors import DomainError, needs
from network.frame.refusals import refused
from network.people.domain.distinct import say_distinct, take_distinct_back
from network.people.forms.verifying import DistinctForm
from network.people.models import Organisation
from network.people.queries import verifying as queries
from network.people.rules.verifying import can_merge_organisations


@needs(can_merge_organisations, queries.pair_to_merge)
@require_http_methods(["GET", "HEAD", "POST"])
def say(request: HttpRequest, pair: tuple[Organisation, Organisation]) -> HttpResponse:
    """Show the two side by side and ask how one knows that they are not the same."""
    organisation, other = pair
    form = DistinctForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            say_distinct(organisation, other, by=request.user, reason=form.cleaned_data["reason"])
        except DomainError as error:
            if error.code in {"merged", "said", "same"}:
                return _refused(request, organisation, error)
            form.add_error("reason" if error.code == "reason" else None, str(error))
        else:
            messages.success(request, _("The two are not suggested as the same any more."))
            return redirect("people:verification", organisation.slug)
    context = {
        "pair": (queries.beside(organisation), queries.beside(other)),
        "organisation": organisation,
        "form": form,
    }
    return render(request, "people/distinct_organisations.html", context, status=422 if form.is_bound else 200)


@needs(can_merge_organisations, queries.pair_to_merge)
@require_POST
def take_back(request: HttpRequest, pair: tuple[Organisation, Organisation]) -> HttpResponse:
    """Let the two be suggested as the same again."""
    organisation, other = pair
    try:
        take_distinct_back(organisation, other, by=request.user)
    except DomainError as error:
        return _refused(request, organisation, error)
    messages.success(request, _("Taken back. Where the two are alike, they are suggested again."))
    return redirect("people:verification", organisation.slug)


def _refused(request: HttpRequest, organisation: Organisation, error: DomainError) -> HttpResponse:
    back = reverse("people:verification", args=[organisation.slug])
    return refused(request, error, back=back, back_word=_("Back to the organisation"))
