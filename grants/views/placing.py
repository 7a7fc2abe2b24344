"""Forms and refusals of staff pages: what was sent, and where the domain's sentence stands: beside its field, or above."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from grants.queries.answers import Told
from network.doors import DomainError


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent, to bind a form with; None where the page is only looked at. A form may be sent empty."""
    return request.POST if request.method == "POST" else None


def placed(form: forms.Form, refusal: DomainError) -> str:
    """Put the sentence beside the field of its code and answer ""; where the form has none, answer the sentence."""
    if refusal.code in form.fields and not form.fields[refusal.code].widget.is_hidden:
        form.add_error(refusal.code, str(refusal))
        return ""
    return str(refusal)


def status_of(refusal: DomainError) -> int:
    """409 where somebody else was quicker, 403 where this person may not, else 400."""
    return {"stale": 409, "denied": 403}.get(refusal.code, 400)


def answered(form: forms.Form, refusal: DomainError, thing: Any) -> tuple[str, int]:
    """The sentence that stands above the form, and the status; `thing` is read anew, and a form refused as old can be sent
    once more, over what its person has now seen."""
    said = placed(form, refusal)
    thing.refresh_from_db()
    if refusal.code == "stale":
        read_again(form, thing.version)
    return said, status_of(refusal)


def read_again(form: forms.Form, version: int) -> None:
    """Let a form that was refused as old be sent once more, over what its person has now seen."""
    data: Any = form.data.copy()
    data[form.add_prefix("version")] = version
    form.data = data


@dataclass(frozen=True)
class Standing:
    """What was to be taken away and was changed meanwhile: its name, as it stands now in rows or as differences from what is

    published, the button's value with a fresh mark, where that is sent, and the page it stands on. `is_draft`: the changes of a form, as a whole.
    """

    name: Told
    act: str
    action: str
    back: str
    rows: list[dict[str, str]] = field(default_factory=list)
    changes: list[Any] = field(default_factory=list)
    is_draft: bool = False


def moved(
    request: HttpRequest,
    row: Any,
    about: dict[str, Any],
    lift: Callable[..., Any],
    drop: Callable[..., Any],
    standing: Callable[[], Standing],
    back: str,
) -> HttpResponse:
    """Lift a row of a list by one place, or drop it as it was seen, and go `back` to the list. Where somebody changed it
    meanwhile, `standing` says how it stands; it is asked after the row was read anew."""
    act, _colon, seen = request.POST.get("act", "").partition(":")
    more: dict[str, Any] = {"by": request.user, "at": request.received_at}
    try:
        if act == "drop":
            drop(row, seen=seen, **more)
        else:
            lift(row, **more)
    except DomainError as error:
        if error.code == "stale":
            row.refresh_from_db()
            return still_there(request, about, error, standing())
        messages.error(request, str(error))
    return redirect(back)


def still_there(request: HttpRequest, about: dict[str, Any], refusal: DomainError, standing: Standing) -> HttpResponse:
    """The page that refuses to take away what its person has not seen, shows it, and lets them decide once more."""
    context = {**about, "refusal": refusal, "standing": standing}
    return render(request, "grants/still_there.html", context, status=status_of(refusal))
