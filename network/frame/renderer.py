"""How forms' controls become HTML: Django's own templates, but what pages have many of drawn in Python: drop-downs, lines, boxes
and ticks.

Django renders a template for every control and every option, and another for its attributes: a list of thirty themes costs
5 ms of CPU, and a form of two hundred questions a third of its page.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

WIDGETS = "django/forms/widgets/"
SELECT = f"{WIDGETS}select.html"
OPTION = f"{WIDGETS}select_option.html"
TEXTAREA = f"{WIDGETS}textarea.html"
# Those whose template is `input.html` and nothing else.
INPUTS = {
    f"{WIDGETS}{name}.html"
    for name in (
        "input", "text", "number", "email", "url", "tel", "search", "color", "password", "hidden", "date", "datetime", "time",
        "checkbox", "file",
    )
}  # fmt: skip
# One of several ticks, beside a label of ours.
OPTIONS = {f"{WIDGETS}{name}.html" for name in ("input_option", "radio_option", "checkbox_option")}


class Renderer(TemplatesSetting):
    """`FORM_RENDERER`: the same HTML as Django's templates give (tests/frame/test_renderer.py compares)."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> SafeString:
        widget = context.get("widget") or {}
        if template_name in INPUTS or (template_name in OPTIONS and not widget.get("wrap_label")):
            return mark_safe(_input(widget))
        if template_name == TEXTAREA:
            return mark_safe(_textarea(widget))
        if template_name == SELECT and _all_plain(widget):
            return mark_safe("".join(_select(widget)))
        return super().render(template_name, context, request)


def _all_plain(widget: dict[str, Any]) -> bool:
    return all(
        option["template_name"] == OPTION for _name, options, _index in widget["optgroups"] for option in options
    )


def _select(widget: dict[str, Any]) -> Iterator[str]:
    yield f'<select name="{conditional_escape(widget["name"])}"{_attributes(widget["attrs"])}>'
    for name, options, _index in widget["optgroups"]:
        if name:
            yield f'<optgroup label="{conditional_escape(name)}">'
        for option in options:
            value = conditional_escape(str(option["value"]))
            yield f'<option value="{value}"{_attributes(option["attrs"])}>{conditional_escape(option["label"])}</option>'
        if name:
            yield "</optgroup>"
    yield "</select>"


def _input(widget: dict[str, Any]) -> str:
    value = widget["value"]
    said = "" if value is None else f' value="{conditional_escape(str(value))}"'
    kind, name = conditional_escape(widget["type"]), conditional_escape(widget["name"])
    return f'<input type="{kind}" name="{name}"{said}{_attributes(widget["attrs"])}>'


def _textarea(widget: dict[str, Any]) -> str:
    # The line break is not part of the text: without it browsers would drop one that is.
    text = conditional_escape(widget["value"]) if widget["value"] else ""
    return f'<textarea name="{conditional_escape(widget["name"])}"{_attributes(widget["attrs"])}>\n{text}</textarea>'


def _attributes(attrs: dict[str, Any]) -> str:
    return "".join(
        f" {conditional_escape(name)}" + ("" if value is True else f'="{conditional_escape(str(value))}"')
        for name, value in attrs.items()
        if value is not False
    )
