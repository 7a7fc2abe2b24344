"""How forms' controls become HTML: Django's own templates, but drop-downs drawn in Python.

Django renders a template for every option and another for its attributes: a list of thirty themes costs 5 ms of CPU.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

SELECT = "django/forms/widgets/select.html"
OPTION = "django/forms/widgets/select_option.html"


class Renderer(TemplatesSetting):
    """`FORM_RENDERER`: the same HTML as Django's templates give (tests/frame/test_renderer.py compares)."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> SafeString:
        if template_name == SELECT and _all_plain(context["widget"]):
            return mark_safe("".join(_select(context["widget"])))
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


def _attributes(attrs: dict[str, Any]) -> str:
    return "".join(
        f" {conditional_escape(name)}" + ("" if value is True else f'="{conditional_escape(str(value))}"')
        for name, value in attrs.items()
        if value is not False
    )
