"""Taking over answers of an earlier application."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext as _, ngettext
from django.views.decorators.http import require_http_methods

from grants.domain.reuse import TakenOver, take_over
from grants.forms.reuse import CHOOSE, EarlierForm
from grants.models import Application
from grants.models.questions import Question, say
from grants.queries.applications import get_application
from grants.queries.funds import shown_title
from grants.queries.reuse import chosen, earlier_choices, earlier_than
from grants.rules.applications import can_write_application
from grants.views.placing import posted, status_of
from network.doors import DomainError, needs
from network.frame.refusals import refused


@needs(can_write_application, get_application)
@require_http_methods(["GET", "HEAD", "POST"])
def earlier(request: HttpRequest, application: Application) -> HttpResponse:
    """Choose an earlier application of the same organisation; what fits comes over, nothing written is lost."""
    rows = earlier_than(request.user, application)
    choices = earlier_choices(rows)
    form, status = EarlierForm(choices, posted(request)), 200
    if request.method == "POST":
        status = 400
        if form.is_valid() and (source := chosen(rows, form.cleaned_data["earlier"])):
            try:
                done = take_over(application, source, by=request.user, at=request.received_at)
            except DomainError as error:
                back = application.get_absolute_url()
                answer = refused(request, error, back=back, back_word=_("Back to the application"))
                answer.status_code = status_of(error)
                return answer
            tell_taken(request, done)
            return redirect(application)
        if form.is_valid():
            form.add_error("earlier", CHOOSE)
    context = {
        "application": application,
        "fund_title": shown_title(application.round.fund),
        "form": form,
        "choices": choices,
    }
    return render(request, "grants/earlier.html", context, status=status)


def tell_taken(request: HttpRequest, done: TakenOver) -> None:
    """Say which answers came over, and which did not fit."""
    if done.taken:
        count = len(done.taken)
        text = ngettext("%(count)d answer came over: %(which)s.", "%(count)d answers came over: %(which)s.", count)
        messages.success(request, text % {"count": count, "which": _named(done.taken)})
    if done.unfit:
        text = _("These did not fit and are left to you: %(which)s.") % {"which": _named(done.unfit)}
        messages.warning(request, text)
    if not done.taken and not done.unfit:
        messages.info(request, _("Nothing came over: what it answers is answered here already, or is not asked here."))


def _named(questions: list[Question]) -> str:
    code = get_language() or "en"
    return _(", ").join(f"\u2068{say(one.label, code)}\u2069" for one in questions)
