"""Filling in the admin's forms as a person does: open the page, change some fields, send all of it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.test import Client


def fields_of(page: HttpResponse) -> dict[str, Any]:
    """Everything an opened form would send, its inline rows included."""
    data: dict[str, Any] = {}
    forms = [page.context["adminform"].form]
    for inline in page.context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    for form in forms:
        for name in form.fields:
            value = form[name].value()
            if value is not None and value is not False and value != "" and value != []:
                data[form[name].html_name] = "on" if value is True else value
    return data


def fill(browser: Client, url: str, **changes: Any) -> HttpResponse:
    """Open, change, send. A value of None takes a field away (an unticked box)."""
    data = fields_of(browser.get(url)) | changes
    return browser.post(url, {name: value for name, value in data.items() if value is not None})
