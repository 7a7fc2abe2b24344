"""Practices as a book: the template, the preview of what a book would change, and its being applied."""

from __future__ import annotations

from typing import Any

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from network.doors import needs
from network.frame.moments import day_text
from network.workbooks import Row, Sheet, SheetError, read_book
from practices.documents.exports import TYPES
from practices.forms.books import BookUpload
from practices.imports import books
from practices.imports.book_sheets import MOST, keyed
from practices.imports.book_template import template
from practices.queries.adoptions import cities_of
from practices.queries.outside import changeable_practices
from practices.rules import can_import_practices

# How long a preview can be applied, and how many characters it may have: it travels in the page.
KEPT_FOR = 3600
LONGEST = 2_500_000
OUTCOMES = (
    (books.NEW, gettext_lazy("new"), "civic"),
    (books.CHANGED, gettext_lazy("changed"), "good"),
    (books.UNCHANGED, gettext_lazy("unchanged"), ""),
    (books.WRONG, gettext_lazy("wrong"), "stop"),
)


def no_book(user: Any) -> None:
    """Nothing is loaded for the page: the rule looks at the person alone."""


@needs(can_import_practices, no_book)
@require_http_methods(["GET", "HEAD", "POST"])
def book(request: HttpRequest, _book: None) -> HttpResponse:
    """Send a book, look at what it would change, apply it. Nothing is written before it was looked at."""
    if request.method == "POST" and "sealed" in request.POST:
        return _apply(request)
    form = BookUpload(request.POST or None, request.FILES or None) if request.method == "POST" else BookUpload()
    if request.method == "POST" and form.is_valid():
        sent = form.cleaned_data["book"]
        try:
            return _preview(request, read_book(sent.read()), sent.name)
        except SheetError as error:
            form.add_error("book", str(error))
    cities = list(cities_of(request.user).order_by("slug"))
    context = {"form": form, "cities": cities, "most": MOST}
    return render(request, "practices/book.html", context, status=400 if form.errors else 200)


@needs(can_import_practices, no_book)
@require_safe
def book_template(request: HttpRequest, _book: None) -> HttpResponse:
    """The book to fill in; with `?city=` it holds that city's practices."""
    cities = list(cities_of(request.user).order_by("slug"))
    wanted = request.GET.get("city", "")
    city = next((one for one in cities if one.slug == wanted), None)
    if wanted and city is None:
        raise Http404
    practices = changeable_practices(city, MOST) if city else []
    response = HttpResponse(template([city] if city else cities, practices), content_type=TYPES["xlsx"])
    name = f"koine-practices-{wanted}" if wanted.isascii() and wanted else "koine-practices"
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response


def _preview(request: HttpRequest, sheets: list[Sheet], name: str, trouble: str = "") -> HttpResponse:
    """What the book would change. SheetError where it holds no practice, or too much."""
    plan = books.Reader(keyed(sheets), cities_of(request.user), request.user).plan()
    kept = [[sheet.title, [[row.number, row.cells, sorted(row.formulas)] for row in sheet.rows]] for sheet in sheets]
    told = {"sheets": kept, "name": name[:120], "digest": plan.digest}
    sealed = signing.dumps(told, salt=_salt(request), compress=True) if plan.applicable else ""
    if len(sealed) > LONGEST:
        raise SheetError(_("The spreadsheet holds too much text. Send it in parts."))
    return _page(request, plan, {"sealed": sealed, "file": name, "trouble": trouble})


def _apply(request: HttpRequest) -> HttpResponse:
    try:
        kept = signing.loads(request.POST["sealed"], salt=_salt(request), max_age=KEPT_FOR)
    except signing.BadSignature:
        form = BookUpload()
        trouble = _("The preview is more than an hour old. Send the spreadsheet again.")
        context = {
            "form": form,
            "cities": list(cities_of(request.user).order_by("slug")),
            "most": MOST,
            "trouble": trouble,
        }
        return render(request, "practices/book.html", context, status=409)
    sheets = [
        Sheet(title, [Row(n, cells, frozenset(made)) for n, cells, made in rows]) for title, rows in kept["sheets"]
    ]
    name = kept["name"]
    reason = _("Spreadsheet %(file)s, %(day)s") % {"file": name, "day": day_text(request.received_at.date())}
    try:
        plan = books.apply(keyed(sheets), cities_of(request.user), kept["digest"], by=request.user, reason=reason)
    except books.ImportRefused as refusal:
        return _preview(request, sheets, name, _("Nothing was changed. %(why)s") % {"why": refusal})
    return _page(request, plan, {"file": name, "done": plan.count(books.NEW) + plan.count(books.CHANGED)})


def _salt(request: HttpRequest) -> str:
    """A preview is its maker's alone."""
    return f"koine.practices.book.{request.user.pk}"


def _page(request: HttpRequest, plan: books.Plan, context: dict[str, Any]) -> HttpResponse:
    marks = {outcome: {"words": words, "kind": kind} for outcome, words, kind in OUTCOMES}
    # What asks for attention comes first, in the order of the book.
    told = sorted(plan.practices, key=lambda one: (one.outcome != books.WRONG, one.outcome == books.UNCHANGED))
    page = {
        "plan": plan,
        "counts": [{**mark, "number": plan.count(outcome)} for outcome, mark in marks.items()],
        "rows": [{"one": one, "mark": marks[one.outcome]} for one in told],
        "sealed": "",
        "trouble": "",
        "done": None,
        **context,
    }
    status = 409 if page["trouble"] else 200
    return render(request, "practices/book_plan.html", page, status=status)
