"""Every translatable text of the source, read without gettext's xgettext: what the catalogues must hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from babel.messages.extract import extract
from django.template import engines
from django.template.base import Node
from django.templatetags.i18n import BlockTranslateNode, TranslateNode

from network.embedded.places import ROOT

PACKAGES = ("network", "cities", "practices", "grants")
PLAIN, PLURAL, CONTEXT, CONTEXT_PLURAL = None, (1, 2), ((1, "c"), 2), ((1, "c"), 2, 3)
KEYWORDS = {
    "_": PLAIN,
    "gettext": PLAIN,
    "gettext_lazy": PLAIN,
    "gettext_noop": PLAIN,
    "ngettext": PLURAL,
    "ngettext_lazy": PLURAL,
    "pgettext": CONTEXT,
    "pgettext_lazy": CONTEXT,
    "npgettext": CONTEXT_PLURAL,
    "npgettext_lazy": CONTEXT_PLURAL,
}
# A constant in a tag or filter: {% page title=_("Cities") %}
CONSTANT = re.compile(r"""\{[%{][^}]*?_\((?P<quote>["'])(?P<text>.*?)(?P=quote)\)""")


class Text(NamedTuple):
    """One translatable text: its context, the text, its plural, each '' where there is none."""

    context: str
    text: str
    plural: str = ""


def python_sources() -> list[Path]:
    """The house's own Python files."""
    return sorted(
        path for package in PACKAGES for path in (ROOT / package).rglob("*.py") if "migrations" not in path.parts
    )


def templates() -> list[tuple[str, Path]]:
    """The house's own templates, as (name for Django, path)."""
    folders = [ROOT / "templates", *(path for package in PACKAGES for path in (ROOT / package).rglob("templates"))]
    return sorted(
        (str(path.relative_to(folder)), path) for folder in folders for path in folder.rglob("*") if path.is_file()
    )


def from_python(path: Path) -> Iterator[Text]:
    """What one Python file marks."""
    with path.open("rb") as source:
        for _line, found, _comments, context in extract("python", source, KEYWORDS):
            text, plural = (found[-2], found[-1]) if isinstance(found, tuple) else (found, "")
            yield Text(context or "", text, plural or "")


def from_nodes(nodes: list[Node]) -> Iterator[Text]:
    """What the parsed nodes of one template mark."""
    for node in nodes:
        if isinstance(node, TranslateNode) and isinstance(node.filter_expression.var.literal, str):
            context = node.message_context.resolve({}) if node.message_context else ""
            # Django doubles the percent sign when it looks the text up.
            yield Text(context, node.filter_expression.var.literal.replace("%", "%%"))
        elif isinstance(node, BlockTranslateNode):
            context = node.message_context.resolve({}) if node.message_context else ""
            plural = node.render_token_list(node.plural)[0] if node.plural else ""
            yield Text(context, node.render_token_list(node.singular)[0], plural)


def from_template(name: str, path: Path) -> Iterator[Text]:
    """What one template marks, in its tags and as constants."""
    template = engines["django"].get_template(name).template
    yield from from_nodes(template.nodelist.get_nodes_by_type((TranslateNode, BlockTranslateNode)))
    for found in CONSTANT.finditer(path.read_text(encoding="utf-8")):
        yield Text("", found["text"])


def all_texts() -> set[Text]:
    """Every translatable text of the house."""
    texts = {text for path in python_sources() for text in from_python(path)}
    return texts | {text for name, path in templates() for text in from_template(name, path)}
