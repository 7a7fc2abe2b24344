"""Controls for answers of several cells (`rules.grids`): a table with a row of inputs each, or a few named parts.

The names of the inputs are `<field>-<row>-<cell>` and `<field>-<part>`, so that they need no script: empty rows stand below
the written ones, and a button asks the server for more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.http import QueryDict

from grants.enums import FieldKind
from grants.models.questions import GRIDS, MOST_ROWS, PARTED, SEVERAL, Question, say
from grants.rules.grids import FIGURES, LONG, Cell, cells_of

# Empty rows below the written ones: where nothing is written yet, where something is, and where more were asked for.
FRESH, SPARE, MORE = 3, 1, 5
Pairs = Iterator[tuple[str, str]]


class CellsField(forms.Field):
    """The answer to a question of several cells; what is wrong with it is told by the rules."""

    def __init__(self, question: Question, code: str, *, more: bool, **kwargs: Any) -> None:
        widget = GridWidget if question.kind in GRIDS else PartsWidget
        super().__init__(widget=widget(question, code, more=more), **kwargs)


class PartsWidget(forms.Widget):
    """A few named parts, one under another."""

    template_name = "grants/parts_control.html"
    use_fieldset = True

    def __init__(self, question: Question, code: str, *, more: bool = False) -> None:
        super().__init__()
        self.question, self.code, self.more, self.faulty = question, code, more, frozenset[tuple[int | None, str]]()

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        row = value if isinstance(value, Mapping) else {}
        parts = [self.control(name, None, cell, row) for cell in cells_of(self.question)]
        return {**context, "parts": _first(parts, context["widget"]["attrs"].get("id", ""))}

    def control(self, name: str, place: int | None, cell: Cell, row: Mapping[str, str]) -> dict[str, Any]:
        """One input: its name, id, heading, text, and how it is drawn."""
        key = f"{name}-{cell.key}" if place is None else f"{name}-{place}-{cell.key}"
        options = [(value, say(label, self.code)) for value, label in self.question.options]
        return {
            "name": key,
            "id": f"id_{key}",
            "label": cell.name(self.code),
            "needed": cell.needed,
            "text": row.get(cell.key) or "",
            "long": cell.kind == LONG,
            "figure": cell.kind in FIGURES,
            "day": cell.kind == FieldKind.DATE,
            "options": options if cell.kind == FieldKind.CHOICE else [],
            "wrong": (place, cell.key) in self.faulty,
        }


class GridWidget(PartsWidget):
    """Rows of cells."""

    template_name = "grants/grid_control.html"

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = forms.Widget.get_context(self, name, value, attrs)
        written = value if isinstance(value, list) else []
        most = max(self.question.max_rows, len(written))
        spare = MORE if self.more else SPARE if written else FRESH
        rows: list[Mapping[str, str]] = [*written, *({} for _n in range(min(spare, most - len(written))))]
        cells = cells_of(self.question)
        lines = [
            [
                self.control(name, place, cell, row) | {"labelled_by": f"{name}-h{column} {name}-r{place + 1}"}
                for column, cell in enumerate(cells, start=1)
            ]
            for place, row in enumerate(rows)
        ]
        if lines:
            _first(lines[0], context["widget"]["attrs"].get("id", ""))
        return {
            **context,
            "heads": [{"label": cell.name(self.code), "figure": cell.kind in FIGURES} for cell in cells],
            "lines": lines,
            "most": most,
            "room": most > len(rows),
            "name": name,
            "key": self.question.key,
        }


def _first(controls: list[dict[str, Any]], id_: str) -> list[dict[str, Any]]:
    """Lists of errors lead to `<id>_0` of a group (`network.frame.fields.first_control_id`)."""
    if controls and id_:
        controls[0]["id"] = f"{id_}_0"
    return controls


def posted(question: Question, name: str, data: QueryDict) -> Any:
    """What a request says for a question of several cells."""
    keys = [cell.key for cell in cells_of(question)]
    if question.kind in PARTED:
        return {key: data.get(f"{name}-{key}", "") for key in keys}
    # One more than there may be: too many rows are told, not cut off.
    places = range(MOST_ROWS + 1)
    return [{key: data.get(f"{name}-{place}-{key}", "") for key in keys} for place in places]


def pairs_of(question: Question, name: str, answer: Any) -> Pairs:
    """An answer as a request would post it: (name, text) for each cell that is written."""
    if question.kind in GRIDS:
        for place, row in enumerate(answer or ()):
            yield from ((f"{name}-{place}-{key}", text) for key, text in row.items())
    elif question.kind in PARTED:
        yield from ((f"{name}-{key}", text) for key, text in (answer or {}).items())
    elif question.kind in SEVERAL:
        yield from ((name, text) for text in answer or ())
    elif isinstance(answer, bool):
        if answer:
            yield name, "on"
    else:
        yield name, str(answer or "")
