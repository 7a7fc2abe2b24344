"""Comments among the members of an application."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grants.domain import comments as verbs
from grants.forms.people import CommentForm
from grants.models import Application, Comment
from grants.models.questions import Section, say
from grants.queries.answers import reading_of
from grants.queries.applications import get_application
from grants.queries.comments import sections_with_comments, threads_of
from grants.queries.funds import shown_title
from grants.queries.people import get_comment, get_commented_section
from grants.rules.applications import can_delete_comment, can_view_application, can_view_comment, is_open_to_change
from grants.views.drafts import on_application
from grants.views.placing import status_of
from network.doors import DomainError, needs
from network.frame.refusals import refused

METHODS = ["GET", "HEAD", "POST"]


@needs(can_view_application, get_application)
@require_safe
def overview(request: HttpRequest, application: Application) -> HttpResponse:
    """Every section with its comments counted."""
    context = {
        "application": application,
        "fund_title": shown_title(application.round.fund),
        "tasks": sections_with_comments(application),
    }
    return render(request, "grants/comments.html", context)


@needs(on_application(can_view_application), get_commented_section)
@require_http_methods(METHODS)
def section(request: HttpRequest, thing: tuple[Application, Section]) -> HttpResponse:
    """The comments on one section beside its answers, and another one."""
    application, section = thing
    code, status = get_language() or "en", 200
    form = CommentForm(request.POST if request.method == "POST" else None, section=section, code=code)
    if request.method == "POST":
        status = 400
        if form.is_valid():
            data = form.cleaned_data
            try:
                verbs.add_comment(
                    application,
                    section.key,
                    data["text"],
                    field=data["field"],
                    by=request.user,
                    at=request.received_at,
                )
            except DomainError as error:
                status = status_of(error)
                form.add_error(error.code if error.code in form.fields else None, str(error))
            else:
                messages.success(request, _("The comment is added. The others hear of it by mail."))
                return redirect("grants:section_comments", application.opaque_id, section.key)
    shown = next(one for one in reading_of(application) if one.key == section.key)
    context = {
        "application": application,
        "section": section,
        "title": say(section.title, code),
        "fund_title": shown_title(application.round.fund),
        "answers": shown,
        "threads": threads_of(application, section),
        "form": form,
        "may_add": is_open_to_change(application, request.received_at),
    }
    return render(request, "grants/section_comments_page.html", context, status=status)


def _done(request: HttpRequest, comment: Comment, verb: Callable[[], Any], said: str, kept: str = "") -> HttpResponse:
    """Do it and return to the section's comments; a refusal gives back what was typed."""
    back = _page(comment)
    try:
        verb()
    except DomainError as error:
        texts = [{"question": _("Your comment"), "answer": kept}] if kept else []
        return refused(request, error, back=back.url, back_word=_("Back to the comments"), kept=texts)
    messages.success(request, said)
    return back


def _page(comment: Comment) -> Any:
    return redirect("grants:section_comments", comment.application.opaque_id, comment.section)


@needs(can_view_comment, get_comment)
@require_POST
def answer(request: HttpRequest, comment: Comment) -> HttpResponse:
    """Answer in a thread."""
    text = request.POST.get("text", "")
    return _done(
        request,
        comment,
        lambda: verbs.answer_comment(comment, text, by=request.user, at=request.received_at),
        _("The answer is added. The others hear of it by mail."),
        kept=text,
    )


@needs(can_view_comment, get_comment)
@require_POST
def settle(request: HttpRequest, comment: Comment) -> HttpResponse:
    """Mark a thread as settled, or open it again."""
    settled = "open" not in request.POST
    said = _("Marked as settled.") if settled else _("Opened again.")
    return _done(
        request,
        comment,
        lambda: verbs.settle_comment(comment, settled, by=request.user, at=request.received_at),
        said,
    )


@needs(can_delete_comment, get_comment)
@require_http_methods(METHODS)
def delete(request: HttpRequest, comment: Comment) -> HttpResponse:
    """Ask, then delete a comment of one's own."""
    if request.method != "POST":
        return render(request, "grants/delete_comment.html", {"comment": comment, "application": comment.application})
    return _done(request, comment, lambda: verbs.delete_comment(comment, by=request.user), _("The comment is deleted."))
