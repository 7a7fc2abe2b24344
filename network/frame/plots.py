"""Plots drawn on the server as SVG, each with the same figures in a table beside it.

An SVG has no writing direction, so everything is placed from the reading side: in right-to-left pages the names stand on
the right and bars grow to the left. What a text is anchored by follows the page's direction by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.template import Library
from django.utils.translation import get_language

from network.languages import direction

Item = dict[str, Any]

# All in the units of the drawing, which are pixels.
NAMES, LETTER, GAP = 240, 8, 10
CELL, ROW, HEAD = 40, 30, 26
BAR, BAR_ROW, FIGURE = 440, 34, 60
# A longer name is cut in the drawing; the table has the whole.
LONGEST = 32
# Shades of a cell with something in it; the darker ones carry light figures.
SHADES, DARK = 5, 4
SERIES = 4


class Ground:
    """A drawing so many units wide, on which things are placed by their distance from the reading side."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.mirrored = direction(get_language() or "en") == "rtl"

    def at(self, distance: float) -> str:
        """Where a point lies."""
        return f"{self.width - distance if self.mirrored else distance:g}"

    def box(self, distance: float, width: float) -> str:
        """Where a box begins that reaches from the distance on over its width."""
        return f"{self.width - distance - width if self.mirrored else distance:g}"


def short(name: Any) -> str:
    """A name as it stands in a drawing."""
    text = str(name)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1].rstrip()}…"


def room_for(rows: Sequence[Item]) -> int:
    """How wide the names of the rows are, at most."""
    return min(NAMES, LETTER * max((len(short(row["name"])) for row in rows), default=0) + GAP)


def grid_plot(columns: Sequence[Item], rows: Sequence[Item], caption: Any, names: Any) -> Item:
    """How much there is of each pair, the darker the more. columns: dicts code, name; rows: dicts name, values, as many as
    columns; caption: what is told; names: what the rows are."""
    names_end = room_for(rows)
    ground = Ground(names_end + GAP + CELL * len(columns))
    most = max((value for row in rows for value in row["values"]), default=0)
    drawn = []
    for n, row in enumerate(rows):
        top = HEAD + n * ROW
        cells = [
            {
                "value": value,
                "shade": shade(value, most),
                "dark": shade(value, most) >= DARK,
                "x": ground.box(names_end + GAP + m * CELL + 1, CELL - 2),
                "middle": ground.at(names_end + GAP + m * CELL + CELL / 2),
                "title": f"{row['name']}, {column['name']}",
            }
            for m, (column, value) in enumerate(zip(columns, row["values"], strict=True))
        ]
        drawn.append({**row, "short": short(row["name"]), "y": top + 1, "base": top + ROW // 2 + 5, "cells": cells})
    return {
        "columns": [
            {**column, "middle": ground.at(names_end + GAP + n * CELL + CELL / 2)} for n, column in enumerate(columns)
        ],
        "rows": drawn,
        "width": ground.width,
        "height": HEAD + ROW * len(rows),
        "cell_width": CELL - 2,
        "cell_height": ROW - 2,
        "names_at": ground.at(names_end),
        "caption": caption,
        "names": names,
    }


def shade(value: int, most: int) -> int:
    """0 for nothing, 1 to 5 by the share of the largest figure."""
    return min(SHADES, 1 + value * SHADES // (most + 1)) if value else 0


def bars_plot(series: Sequence[Any], rows: Sequence[Item], caption: Any, names: Any) -> Item:
    """A bar for each row, of parts laid end to end. series: the parts' names, four at most; rows: dicts name, values, as
    many as series; caption: what is told; names: what the rows are."""
    names_end = room_for(rows)
    ground = Ground(names_end + GAP + BAR + FIGURE)
    longest = max((sum(row["values"]) for row in rows), default=0) or 1
    drawn = []
    for n, row in enumerate(rows):
        parts, reached = [], names_end + GAP
        for m, value in enumerate(row["values"]):
            length = BAR * value / longest
            if value:
                parts.append({"series": m + 1, "x": ground.box(reached, length), "width": f"{length:g}"})
            reached += length
        top = n * BAR_ROW
        drawn.append(
            {
                **row,
                "short": short(row["name"]),
                "parts": parts,
                "total": sum(row["values"]),
                "figure_at": ground.at(reached + 8),
                "y": top + 5,
                "base": top + BAR_ROW // 2 + 5,
            }
        )
    return {
        "series": [{"number": n, "name": name} for n, name in enumerate(series, start=1)],
        "rows": drawn,
        "width": ground.width,
        "height": BAR_ROW * len(rows),
        "bar_height": BAR_ROW - 10,
        "names_at": ground.at(names_end),
        "caption": caption,
        "names": names,
    }


def register_all(library: Library) -> None:
    """Make every plot a tag of `library`."""
    for plot in (grid_plot, bars_plot):
        library.inclusion_tag(f"components/{plot.__name__}.html")(plot)
