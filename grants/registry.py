"""What the roof tells this app: the themes that funds and applications name. The library's classification is on the same floor."""

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


Tree = Callable[[str], list[Theme]]
Named = Callable[[Iterable[str], str], list[Theme]]


def _none(language: str) -> list[Theme]:
    return []


def _bare(codes: Iterable[str], language: str) -> list[Theme]:
    return [Theme(code, code) for code in dict.fromkeys(codes)]


_tree: Tree = _none
_named: Named = lambda codes, language: []  # noqa: E731
_tops: Tree = _none
_chosen: Named = _bare


def offer_themes(tree: Tree, named: Named, *, tops: Tree = _none, chosen: Named = _bare) -> None:
    """Called once at start-up. `tree(language)`: every theme there is, as the branches of their trees; `tops(language)`: those

    at the top; `named(codes, language)`: the themes of these codes in their order, successors of merged ones in their place,
    unknown ones left out; `chosen(codes, language)`: the same with those that were withdrawn, and unknown ones by their code.
    """
    global _tree, _named, _tops, _chosen
    _tree, _named, _tops, _chosen = tree, named, tops, chosen


def theme_tree(language: str) -> list[Theme]:
    """Every theme that a fund may name."""
    return _tree(language)


def top_themes(language: str) -> list[Theme]:
    """The themes at the top of the classification."""
    return _tops(language)


def themes_named(codes: Iterable[str], language: str) -> list[Theme]:
    """The themes of these codes, for a reader of that language."""
    return _named(codes, language)


def themes_chosen(codes: Iterable[str], language: str) -> list[Theme]:
    """The themes that somebody chose, once each: successors of merged ones, and what was withdrawn since."""
    return _chosen(codes, language)
