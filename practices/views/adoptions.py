"""Taking a practice up: the city that does says so, the city that wrote it answers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cities.models import City
from network.doors import DomainError, needs
from network.frame.moments import day_text
from network.frame.names import language_name
from network.languages import LANGUAGES
from practices.domain import (
    confirm_adoption,
    correct_adoption,
    question_adoption,
    record_adoption,
    withdraw_adoption,
)
from practices.forms.adoptions import AdoptionForm, QuestionForm
from practices.models import Adoption, Practice
from practices.queries.adoptions import adoption_page, cities_to_adopt, languages_of, reuse_of, texts, title_of, when
from practices.rules import (
    can_adopt_practice,
    can_confirm_adoption,
    can_correct_adoption,
    can_question_adoption,
    can_see_adoption,
    can_withdraw_adoption,
)


def public_practice(user: Any, slug: str) -> Practice:
    """A practice that everyone may read, with its city; Http404 for all others."""
    return get_object_or_404(Practice.objects.visible_to(user).select_related("city"), slug=slug)


def get_adoption(user: Any, slug: str, pk: int) -> Adoption:
    """An adoption of that practice, for those who speak for one of the two cities; for anybody else it is not there."""
    rows = Adoption.objects.select_related("city", "practice__city")
    adoption = get_object_or_404(rows, pk=pk, practice__slug=slug)
    if not can_see_adoption(user, adoption):
        raise Http404
    return adoption


def _reader() -> str:
    return get_language() or "en"


def _version(request: HttpRequest) -> int | None:
    sent = request.POST.get("version", "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 9 else None


@needs(can_adopt_practice, public_practice)
@require_http_methods(["GET", "HEAD", "POST"])
def adopt(request: HttpRequest, practice: Practice) -> HttpResponse:
    """Say that a city takes the practice up. What was typed stays on the page where something is wrong with it."""
    cities = cities_to_adopt(request.user, practice, _reader())
    form = AdoptionForm(request.POST or None, cities=cities, initial={"language": _reader()})
    status, refusal = 200, ""
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                city = City.objects.get(slug=form.cleaned_data["city"])
                adoption = record_adoption(practice, city, form.said(), by=request.user)
            except DomainError as error:
                refusal = "" if form.refuse(error.code, str(error)) else str(error)
            else:
                messages.success(request, _("It is recorded. The city that wrote the practice is asked to confirm it."))
                return redirect("practices:adoption", practice.slug, adoption.pk)
    page = {
        "practice": practice,
        "title": title_of(practice, _reader()),
        "cities": cities,
        "form": form,
        "refusal": refusal,
        "own": reuse_of(request.user, practice, _reader()).own,
    }
    return render(request, "practices/adopt.html", page, status=status)


@needs(can_see_adoption, get_adoption)
@require_safe
def adoption(request: HttpRequest, adoption: Adoption) -> HttpResponse:
    """What the two cities say to each other, and what this person can answer."""
    return _page(request, adoption)


def _facts(adoption: Adoption) -> list[dict[str, Any]]:
    return [
        {"name": _("Since"), "value": when(adoption)},
        {"name": _("How far it is"), "value": adoption.get_status_display()},
        {"name": _("Standing"), "value": adoption.get_state_display()},
        {"name": _("Recorded"), "value": day_text(adoption.recorded_at.date())},
        {"name": _("Last changed"), "value": day_text(adoption.changed_at.date())},
        {"name": _("Written in"), "value": language_name(adoption.language)},
    ]


def _page(request: HttpRequest, adoption: Adoption, form: QuestionForm | None = None, **more: Any) -> HttpResponse:
    context = {
        "adoption": adoption,
        "page": adoption_page(adoption, _reader()),
        "facts": _facts(adoption),
        "may_confirm": bool(can_confirm_adoption(request.user, adoption)),
        "may_question": bool(can_question_adoption(request.user, adoption)),
        "may_correct": bool(can_correct_adoption(request.user, adoption)),
        "may_withdraw": bool(can_withdraw_adoption(request.user, adoption)),
        "form": form or QuestionForm(initial={"version": adoption.version}),
        "refusal": "",
        **more,
    }
    return render(request, "practices/adoption.html", context, status=400 if form else 200)


@needs(can_correct_adoption, get_adoption)
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request: HttpRequest, adoption: Adoption) -> HttpResponse:
    """Change what the city says; `?text=el` writes it in Greek beside the first language."""
    asked = request.POST.get("language") or request.GET.get("text", "")
    code = asked if asked in LANGUAGES else adoption.language
    form = AdoptionForm(request.POST) if request.method == "POST" else AdoptionForm.about(adoption, code)
    status, refusal, theirs = 200, "", False
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                version = form.cleaned_data["version"]
                correct_adoption(adoption, form.said(), by=request.user, expected_version=version)
            except DomainError as error:
                refusal = "" if form.refuse(error.code, str(error)) else str(error)
                if error.code == "changed":
                    adoption.refresh_from_db()
                    form, status, theirs = AdoptionForm(_newer(request.POST, adoption)), 409, True
            else:
                messages.success(request, _("The change is saved. The city that wrote the practice is told."))
                return redirect("practices:adoption", adoption.practice.slug, adoption.pk)
    page = {
        "adoption": adoption,
        "page": adoption_page(adoption, _reader()),
        "form": form,
        "code": code,
        "translating": code != adoption.language,
        "first": texts(adoption, "what_changed", adoption.language),
        "first_result": texts(adoption, "result", adoption.language),
        "said": languages_of(adoption),
        "others": [(one, LANGUAGES[one].native_name) for one in LANGUAGES if one not in languages_of(adoption)],
        "refusal": refusal,
        "theirs": theirs,
    }
    return render(request, "practices/adoption_form.html", page, status=status)


def _newer(sent: QueryDict, adoption: Adoption) -> QueryDict:
    """What was sent, for the version of now: whoever sends it again has seen what the other person wrote."""
    data = sent.copy()
    data["version"] = str(adoption.version)
    return data


@needs(can_see_adoption, get_adoption)
@require_POST
def confirm(request: HttpRequest, adoption: Adoption) -> HttpResponse:
    """Yes, they took it up from us."""
    try:
        confirm_adoption(adoption, by=request.user, expected_version=_version(request))
    except DomainError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("It is confirmed: both pages show it."))
    return redirect("practices:adoption", adoption.practice.slug, adoption.pk)


@needs(can_see_adoption, get_adoption)
@require_POST
def question(request: HttpRequest, adoption: Adoption) -> HttpResponse:
    """We doubt it, because ..."""
    form = QuestionForm(request.POST)
    if not form.is_valid():
        return _page(request, adoption, form)
    try:
        version = form.cleaned_data["version"]
        question_adoption(
            adoption, form.cleaned_data["reason"], language=_reader(), by=request.user, expected_version=version
        )
    except DomainError as refused:
        adoption.refresh_from_db()
        return _page(request, adoption, QuestionForm(_newer(request.POST, adoption)), refusal=str(refused))
    messages.success(
        request, _("The other city is told what you doubt. Until it answers, nobody else sees the adoption.")
    )
    return redirect("practices:adoption", adoption.practice.slug, adoption.pk)


@needs(can_see_adoption, get_adoption)
@require_POST
def withdraw(request: HttpRequest, adoption: Adoption) -> HttpResponse:
    """We do not take it up after all."""
    try:
        withdraw_adoption(adoption, by=request.user, expected_version=_version(request))
    except DomainError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("It is withdrawn: no page shows it any more. You can record it anew."))
    return redirect("practices:adoption", adoption.practice.slug, adoption.pk)
