"""What the roof tells this app: the themes that a fund can name. The library's classification is on the same floor."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Theme:
    """A theme in the reader's language: `depth` in its tree from 0, `url` its own page."""

    code: str
    label: str
    depth: int = 0
    url: str = ""


_tree: Callable[[str], list[Theme]] = lambda language: []  # noqa: E731
_named: Callable[[Iterable[str], str], list[Theme]] = lambda codes, language: []  # noqa: E731


def offer_themes(tree: Callable[[str], list[Theme]], named: Callable[[Iterable[str], str], list[Theme]]) -> None:
    """Called once at start-up. `tree(language)`: every theme there is, as the branches of their trees; `named(codes,

    language)`: the themes of these codes in their order, successors of merged ones in their place, unknown ones left out.
    """
    global _tree, _named
    _tree, _named = tree, named


def theme_tree(language: str) -> list[Theme]:
    """Every theme that a fund may name."""
    return _tree(language)


def themes_named(codes: Iterable[str], language: str) -> list[Theme]:
    """The themes of these codes, for a reader of that language."""
    return _named(codes, language)
