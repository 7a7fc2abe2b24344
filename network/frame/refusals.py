"""The page that says no: why, and what to do instead."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from network.doors import DomainError

# What was refused for lack of a right is 403; everything else is at odds with how things stand now.
STATUS = {"denied": 403}


def refused(
    request: HttpRequest,
    error: DomainError,
    *,
    back: str,
    back_word: Any,
    kept: list[dict[str, Any]] | None = None,
    more: list[dict[str, Any]] | None = None,
) -> HttpResponse:
    """Answer a refusal. `kept` is what the person had typed, shown so that nothing is lost; `more` are other ways on."""
    context = {"error": error, "back": back, "back_word": back_word, "kept": kept or [], "more": more or []}
    return render(request, "frame/refused.html", context, status=STATUS.get(error.code, 409))
