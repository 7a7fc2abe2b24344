"""The gallery of components at /<lang>/components/, development only: every piece in both directions and in the dark."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import override

from network.doors import public
from network.languages import direction

SPECIMENS = ("words", "states", "places", "lists", "money", "forms", "journey")
# Each specimen is shown three times: theme and language.
PANELS = (("light", "en"), ("light", "ar"), ("dark", "en"))


class Sample(forms.Form):
    """One field of each kind, refused once so that the errors show."""

    name = forms.CharField(label="Full name", help_text="As it stands on letters to you.")
    email = forms.EmailField(label="E-mail address")
    summary = forms.CharField(label="Summary", widget=forms.Textarea(attrs={"rows": 4}), required=False)
    country = forms.ChoiceField(
        label="Country", choices=[("", "Choose"), ("GR", "Greece"), ("JO", "Jordan")], required=False
    )
    kind = forms.ChoiceField(
        label="Who are you?",
        choices=[("city", "A city"), ("ngo", "An NGO"), ("other", "Somebody else")],
        widget=forms.RadioSelect,
    )
    themes = forms.MultipleChoiceField(
        label="Themes",
        choices=[("housing", "Housing"), ("work", "Work"), ("school", "School")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    agree = forms.BooleanField(label="I have read the terms")
    document = forms.FileField(label="Statutes", required=False)


class Filters(forms.Form):
    """The filters of the sample list."""

    q = forms.CharField(label="Search", required=False, widget=forms.TextInput(attrs={"type": "search"}))
    country = forms.ChoiceField(
        label="Country", choices=[("", "All countries"), ("GR", "Greece"), ("IT", "Italy")], required=False
    )
    theme = forms.MultipleChoiceField(
        label="Theme", choices=[("housing", "Housing (12)"), ("work", "Work (7)"), ("school", "School (3)")],
        widget=forms.CheckboxSelectMultiple, required=False,
    )  # fmt: skip


POINTS = [
    {"name": "Athens", "native": "Αθήνα", "country": "Greece", "lat": 37.98, "lon": 23.73, "url": "#athens"},
    {
        "name": "Thessaloniki",
        "native": "Θεσσαλονίκη",
        "country": "Greece",
        "lat": 40.64,
        "lon": 22.94,
        "url": "#thessaloniki",
    },
    {"name": "Bologna", "country": "Italy", "lat": 44.49, "lon": 11.34, "url": "#bologna"},
    {"name": "Malmö", "country": "Sweden", "lat": 55.6, "lon": 13.0, "url": "#malmo"},
    {"name": "Amman", "native": "عمّان", "country": "Jordan", "lat": 31.95, "lon": 35.93, "url": "#amman"},
    {"name": "London", "country": "United Kingdom", "lat": 51.5, "lon": -0.12, "url": "#london"},
    {"name": "Piraeus", "native": "Πειραιάς", "country": "Greece", "lat": 37.94, "lon": 23.65, "url": "#piraeus"},
]


def specimen_values(panel: str) -> dict[str, Any]:
    """Plain values for the specimens; `panel` keeps the ids of one panel's fields apart from the others'."""
    now = timezone.now()
    form = Sample(
        {f"{panel}-name": "", f"{panel}-email": "mayor", f"{panel}-summary": "One two three four five six"},
        {},
        prefix=panel,
    )
    return {
        "panel": panel,
        "now": now,
        "far": now + timedelta(days=10, hours=3),
        "near": now + timedelta(hours=41, minutes=20),
        "past": datetime(2026, 10, 30, 17, tzinfo=UTC),
        "form": form,
        "pot": [
            {"name": "City of London Corporation", "amount": Decimal(400000), "paid": Decimal(45000), "committed": Decimal(105000), "reserved": Decimal(50000)},
            {"name": "Paul Hamlyn Foundation", "amount": Decimal(400000), "paid": Decimal(25000), "committed": Decimal(80000), "reserved": Decimal(30000)},
        ],
        "plot_columns": [{"code": "GR", "name": "Greece"}, {"code": "IT", "name": "Italy"}, {"code": "SE", "name": "Sweden"}],
        "plot_cells": [{"name": "Housing", "values": [12, 3, 0]}, {"name": "Schools and education", "values": [4, 25, 7]}],
        "plot_bars": [{"name": "2024", "values": [3, 5, 2, 0]}, {"name": "2025", "values": [6, 8, 4, 1]}],
        "plot_parts": ["Emerging", "Promising", "Good", "Transferred"],
        "reasons": [{"met": True, "text": "At least 12 months"}, {"met": True, "text": "One indicator with baseline and value"}, {"met": False, "text": "External evaluation"}],
        "memberships": [
            {"when": "Since 12 March 2024", "what": "European Coalition of Cities against Racism", "more": "Full member, decided by the steering committee", "state": "current", "url": "#m"},
            {"when": "2016 to 2021", "what": "Solidarity Cities", "state": "ended"},
        ],
        "chosen": [{"text": "Greece", "remove": "?"}, {"text": "Housing", "remove": "?"}],
        "kinds": [{"text": "Open", "kind": "good"}, {"text": "Due soon", "kind": "watch"}, {"text": "Closed", "kind": "stop"}, {"text": "Machine draft", "kind": "plum"}, {"text": "New", "kind": "civic"}, {"text": "Housing", "url": "#t"}],
        "tasks": [
            {"name": "Your organisation", "url": "#1", "state": "done"},
            {"name": "What you will do", "url": "#2", "state": "started", "hint": "Three questions, about 20 minutes"},
            {"name": "Budget", "url": "#3", "state": "todo"},
            {"name": "Send application", "state": "blocked"},
        ],
        "answers": [
            {"question": "Organisation", "answer": "منظمة مدينتنا", "lang": "ar", "url": "#1"},
            {"question": "Amount", "answer": "£48,000", "url": "#2"},
            {"question": "Partner", "answer": "", "url": "#3"},
        ],
        "facts": [{"name": "City", "value": "Athens", "url": "#a"}, {"name": "Since", "value": "2018"}, {"name": "Unknown", "value": None}, {"name": "Original", "value": "Ελληνικά", "lang": "el"}],
        "tabs": [{"name": "Members", "url": "#1", "current": True, "count": 123}, {"name": "About", "url": "#2"}, {"name": "Documents", "url": "#3", "count": 4}],
        "steps": ["Eligibility", "Organisation", "Application", "Send"],
        "files": [{"name": "καταστατικό-2026.pdf", "size": 182344, "url": "#f", "remove_url": "#r"}],
        "english": ["en", "el", "ar"],
        "some_text": "A service desk run with the communities answers newcomers in eleven languages, and the city council reads what they ask every month.",
        "lines": ["We have sent a copy to you by e-mail.", "Decisions are expected by the end of January."],
        "page": Paginator(range(312), 20).page(4),
    }  # fmt: skip


@public
def components(request: HttpRequest) -> HttpResponse:
    """Draw the gallery; `?map=0` leaves the map out."""
    specimens = []
    for name in SPECIMENS:
        panels = []
        for theme, code in PANELS:
            with override(code):
                values = specimen_values(f"{name}-{theme}-{code}")
                html = render_to_string(f"portal/gallery/{name}.html", values, request)
            panels.append({"theme": theme, "code": code, "direction": direction(code), "html": html})
        specimens.append({"name": name, "panels": panels})
    filters = Filters(request.GET)
    return render(
        request,
        "portal/components.html",
        {
            "specimens": specimens,
            "points": POINTS,
            "filters": filters,
            "english": ["en", "el", "ar"],
            "page": Paginator(range(312), 20).page(4),
        },
    )
