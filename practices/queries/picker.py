"""The classification as people choose from it: branches of the tree, narrowed by a word of any language."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from network.text import normalise
from practices.queries.scheme import Named, scheme


@dataclass(frozen=True)
class Option:
    """A concept to tick; `depth` is how far it is set in under the branch's own."""

    code: str
    label: str
    depth: int
    chosen: bool


@dataclass
class Branch:
    """A concept of the top with what is narrower; what is chosen is always among the options."""

    label: str
    options: list[Option] = field(default_factory=list)

    @property
    def chosen(self) -> int:
        """How many of it are chosen."""
        return sum(option.chosen for option in self.options)


def branches(kind: str, chosen: Collection[str], code: str, find: str = "") -> list[Branch]:
    """The branches of a kind in the reader's alphabet. `find` leaves what one of its names in any language holds, what is

    narrower than that, and what is chosen. Chosen concepts that are not of that kind, or no longer in
    use, come last.
    """
    needle, known = normalise(find), scheme()
    found: list[Branch] = []
    # The depth at which a name was found: everything deeper than it is shown too.
    shown_below: int | None = None
    seen: set[str] = set()
    for depth, one in known.walk(kind, code):
        if depth == 0:
            found.append(Branch(one.label(code)))
        if shown_below is not None and depth <= shown_below:
            shown_below = None
        hit = not needle or shown_below is not None or _names(one, needle)
        if needle and hit and shown_below is None:
            shown_below = depth
        if hit or one.code in chosen:
            seen.add(one.code)
            found[-1].options.append(Option(one.code, one.label(code), depth, one.code in chosen))
    gone = [one for one in chosen if one not in seen]
    if gone:
        by_code = known.by_code
        labels = {one: by_code[one].label(code) if one in by_code else one for one in gone}
        found.append(Branch(_("Chosen earlier"), [Option(one, labels[one], 0, True) for one in gone]))
    return [branch for branch in found if branch.options]


def _names(one: Named, needle: str) -> bool:
    texts = (*one.labels.values(), *(label for labels in one.hidden.values() for label in labels))
    return any(needle in normalise(text) for text in texts)
