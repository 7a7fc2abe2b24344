"""A round while it runs, for those who run its fund: its numbers, what was sent, a sheet of it, and a letter to all drafts."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext as _, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from grants.domain.letters import write_to_drafts
from grants.forms.letters import LetterForm
from grants.models import Round
from grants.queries import board as queries
from grants.queries.funds import shown_title
from grants.queries.letters import draft_writers, letters_of
from grants.queries.staff import get_known_round
from grants.rules.funds import can_manage_round
from grants.rules.rounds import is_sealed
from grants.views.placing import placed, posted, status_of
from network.doors import DomainError, needs
from network.frame.links import disposition
from network.frame.refusals import refused
from network.languages import direction
from network.sheets import csv_stream, xlsx_stream

PER_PAGE = 50
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@needs(can_manage_round, get_known_round)
@require_safe
def board(request: HttpRequest, round_: Round) -> HttpResponse:
    """The numbers, as they are this moment. Sealed rounds show only how many there are."""
    shown = queries.board(round_, request.received_at)
    rows = None
    if not shown.sealed:
        rows = Paginator(queries.sent_rows(round_), PER_PAGE).get_page(request.GET.get("page"))
    people = draft_writers(round_).exists()
    context = {**_about(round_), "board": shown, "rows": rows, "letters": letters_of(round_), "people": people}
    return render(request, "grants/board.html", context)


@needs(can_manage_round, get_known_round)
@require_safe
def sheet_csv(request: HttpRequest, round_: Round) -> HttpResponseBase:
    """All that was sent, as CSV in which nothing runs. While the round is sealed there is none."""
    return _sheet(request, round_, "csv")


@needs(can_manage_round, get_known_round)
@require_safe
def sheet_xlsx(request: HttpRequest, round_: Round) -> HttpResponseBase:
    """The same as a workbook."""
    return _sheet(request, round_, "xlsx")


def _sheet(request: HttpRequest, round_: Round, kind: str) -> HttpResponseBase:
    if is_sealed(round_, request.received_at):
        sealed = DomainError(_("The round is sealed: nobody reads applications before it closes."), code="denied")
        return refused(request, sealed, back=queries.board_address(round_), back_word=_("Back to the round"))
    heading, columns = queries.sheet_heading(round_)
    table = queries.sheet_rows(round_, columns)
    title = shown_title(round_.fund).text
    body = (
        csv_stream(heading, table)
        if kind == "csv"
        else xlsx_stream(title, heading, table, right_to_left=direction(get_language() or "en") == "rtl")
    )
    response = StreamingHttpResponse(body, content_type=TYPES[kind])
    name = f"{round_.fund.slug}-{round_.number}.{kind}"
    response["Content-Disposition"] = disposition(name, f"applications.{kind}").replace("inline", "attachment", 1)
    response["Cache-Control"] = "private, no-store"
    return response


@needs(can_manage_round, get_known_round)
@require_http_methods(["GET", "HEAD", "POST"])
def letter(request: HttpRequest, round_: Round) -> HttpResponse:
    """Write to everybody who owns or writes an unsent draft. Nobody's address is shown, not even who they are."""
    form = LetterForm(posted(request))
    refusal, status = "", 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                sent = write_to_drafts(round_, **form.cleaned_data, by=request.user, at=request.received_at)
            except DomainError as error:
                refusal, status = placed(form, error), status_of(error)
            else:
                told = ngettext(
                    "The letter is on its way to %(people)d person.",
                    "The letter is on its way to %(people)d people.",
                    sent.people,
                )
                messages.success(request, told % {"people": sent.people})
                return redirect(queries.board_address(round_))
    context = {**_about(round_), "form": form, "refusal": refusal, "people": draft_writers(round_).count()}
    return render(request, "grants/letter.html", context, status=status)


def _about(round_: Round) -> dict[str, Any]:
    return {"round": round_, "fund": round_.fund, "title": shown_title(round_.fund), "round_title": shown_title(round_)}
