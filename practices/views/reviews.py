"""A reviewer's own pages: what they are asked, the review they write, and what they gave."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from network.doors import DomainError, needs, signed_in
from network.frame.saving import answers_401, revision_in, told_refused, told_saved, told_stale
from network.sections import StaleSection
from practices.domain import (
    Unfinished,
    accept_review,
    declare_conflict,
    decline_review,
    hand_in_review,
    save_review,
)
from practices.enums import VersionState
from practices.enums.reviews import ReviewState
from practices.forms.reviews import AnswerForm, ReviewForm
from practices.models import ReviewRequest
from practices.queries.given import given_by, reviews_of
from practices.queries.reviews import reviews_by
from practices.queries.versions import city_name, version_title
from practices.rules.reviews import (
    can_accept_review,
    can_declare_conflict,
    can_decline_review,
    can_read_reviewed,
    can_see_review,
    can_write_review,
)


def get_review(user: Any, pk: int) -> ReviewRequest:
    """A request for a review, for whom it was sent to; Http404 for all others."""
    rows = ReviewRequest.objects.select_related("version__practice__city", "city")
    request = rows.filter(pk=pk, reviewer_id=user.pk or 0).first()
    if request is None:
        raise Http404
    return request


@signed_in
@require_safe
def own_reviews(request: HttpRequest) -> HttpResponse:
    """Every review I was asked for, what waits for me first."""
    return render(request, "practices/own_reviews.html", {"found": reviews_by(request.user, request.GET.get("page"))})


@needs(can_see_review, get_review)
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest, review: ReviewRequest) -> HttpResponse:
    """The review: answered, written, handed in. POST saves it, and with `hand_in` hands it in."""
    if request.method != "POST":
        return _page(request, review)
    revision = revision_in(request.POST)
    try:
        saved = save_review(review, request.POST, revision=revision, by=request.user, at=request.received_at)
        if "hand_in" in request.POST:
            hand_in_review(review, revision=saved.revision, by=request.user)
    except StaleSection as stale:
        # The newer text stands in the form, the older one beside it: nothing is lost, nothing overwritten unseen.
        return _page(request, _fresh(review), refusal=str(stale), mine=ReviewForm.about(request.POST), status=409)
    except Unfinished as unfinished:
        fresh = _fresh(review)
        return _page(request, fresh, form=ReviewForm.about(fresh.data, unfinished.lacks), status=400)
    except DomainError as refused:
        return _page(request, _fresh(review), refusal=str(refused), mine=ReviewForm.about(request.POST), status=400)
    if "hand_in" in request.POST:
        messages.success(request, _("Your review is handed in. Thank you."))
    else:
        messages.success(request, _("Saved."))
    return redirect("practices:review", review.pk)


@answers_401
@needs(can_see_review, get_review)
@require_POST
def autosave(request: HttpRequest, review: ReviewRequest) -> HttpResponse:
    """Save it while it is written (`network.frame.saving`)."""
    revision = revision_in(request.POST)
    try:
        saved = save_review(review, request.POST, revision=revision, by=request.user, at=request.received_at)
    except StaleSection as stale:
        theirs = {name: ("on" if value is True else value or "") for name, value in stale.theirs.data.items()}
        return told_stale(stale, theirs)
    except DomainError as error:
        return told_refused(error)
    return told_saved(saved)


@needs(can_see_review, get_review)
@require_POST
def answer(request: HttpRequest, review: ReviewRequest) -> HttpResponse:
    """Accept, decline, or declare a conflict of interest."""
    verb = request.POST.get("answer", "")
    if verb == "accept":
        return _answered(
            request, review, lambda: accept_review(review, by=request.user), _("You review it. Thank you.")
        )
    acts: dict[str, tuple[Callable[..., Any], str]] = {
        "decline": (decline_review, _("The network’s officers will ask somebody else.")),
        "conflict": (declare_conflict, _("Thank you for saying so. You will not be asked about this practice again.")),
    }
    if verb not in acts:
        raise Http404
    form = AnswerForm(request.POST, prefix=verb)
    if not form.is_valid():
        return _page(request, review, status=400, **{f"{verb}_form": form})
    act, thanks = acts[verb]
    reason = form.cleaned_data["reason"]
    return _answered(request, review, lambda: act(review, reason=reason, by=request.user), thanks)


def _answered(request: HttpRequest, review: ReviewRequest, act: Callable[[], Any], thanks: str) -> HttpResponse:
    try:
        act()
    except DomainError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, thanks)
    return redirect("practices:review", review.pk)


def _fresh(review: ReviewRequest) -> ReviewRequest:
    return get_review(review.reviewer, review.pk)


def _page(
    request: HttpRequest, review: ReviewRequest, *, form: ReviewForm | None = None, status: int = 200, **more: Any
) -> HttpResponse:
    version, code = review.version, get_language() or "en"
    writes = bool(can_write_review(request.user, review))
    done = review.state == ReviewState.DONE
    given = [given_by(one, code, names=False) for one in reviews_of(version, code)] if done else []
    context = {
        "review": review,
        "version": version,
        "title": version_title(version),
        "city": city_name(version.practice.city, code),
        "reads": can_read_reviewed(request.user, review),
        "may_accept": bool(can_accept_review(request.user, review)),
        "decline_form": AnswerForm(prefix="decline") if can_decline_review(request.user, review) else None,
        "conflict_form": AnswerForm(prefix="conflict") if can_declare_conflict(request.user, review) else None,
        "form": (form or ReviewForm.about(review.data)) if writes else None,
        "waits": version.state != VersionState.IN_REVIEW,
        "own": next((one for one in given if one.review.request_id == review.pk), None),
        "others": [one for one in given if one.review.request_id != review.pk],
        "refusal": "",
        "mine": None,
        **more,
    }
    return render(request, "practices/review.html", context, status=status)
