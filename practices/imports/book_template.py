"""The book to fill in: empty, or with the practices that a city has, in the language of whoever asked for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from django.utils.translation import get_language, gettext as _

from cities.models import City
from network.frame.names import language_name
from network.languages import DEFAULT, direction
from network.translation.models import best_text
from network.workbooks import Column, Form, form_book
from practices.imports import book_columns as columns
from practices.imports.book_columns import CITY, HEAD, ID, LANGUAGE, MAIN, OF, ROW_SECTIONS, ROWS, Place
from practices.imports.book_sheets import MOST
from practices.imports.books import Sections, present_of
from practices.models import Practice
from practices.rules.sections import Kind
from practices.rules.writing import written_rows

WIDE, USUAL = 60, 24


def template(cities: Sequence[City], practices: Iterable[Practice] = ()) -> bytes:
    """A book for these cities. The practices in it can be sent back as they are: that changes nothing."""
    code = get_language() or DEFAULT
    filled = list(_filled(list(practices)[:MOST], code))
    main = Form(
        _("Practices"),
        [*(_head_column(one, cities, code) for one in HEAD), *(_column(place, code) for place in MAIN)],
        [[*head, *(_cell(place, sections, code) for place in MAIN)] for head, sections in filled],
    )
    rows = [
        Form(
            str(section.title),
            [_of_column(section.key), *(_column(place, code) for place in ROWS[section.key])],
            [
                [
                    head[0],
                    *(columns.written(place.field, row.get(place.field.key), code) for place in ROWS[section.key]),
                ]
                for head, sections in filled
                for row in written_rows(section, sections.get(section.key, {}))
            ],
        )
        for section in ROW_SECTIONS
    ]
    return form_book(_guidance(main, rows), [main, *rows], right_to_left=direction(code) == "rtl")


def _filled(practices: Sequence[Practice], code: str) -> Iterator[tuple[list[str], Sections]]:
    present = present_of(practices)
    for practice in practices:
        external = sorted(one.name for one in practice.external_ids.all())
        name = external[0] if external else f"p/{practice.pk}"
        yield (
            [name, _city_name(practice.city, code), language_name(practice.original_language)],
            present[practice.pk][1],
        )


def _cell(place: Place, sections: Sections, code: str) -> str:
    return columns.written(place.field, sections.get(place.section.key, {}).get(place.field.key), code)


def _city_name(city: City, code: str) -> str:
    return best_text(city, "name", code)[0] or city.native_name


def _head_column(name: str, cities: Sequence[City], code: str) -> Column:
    offers = {CITY: [_city_name(city, code) for city in cities], LANGUAGE: columns.language_offers(), ID: []}
    return Column(name, columns.head_heading(name), columns.head_hint(name), offers[name])


def _of_column(key: str) -> Column:
    return Column(
        f"{key}.{OF}", columns.head_heading(ID), _("As in the first sheet: which practice this row belongs to.")
    )


def _column(place: Place, code: str) -> Column:
    one = place.field
    return Column(
        place.code,
        str(one.label),
        columns.hint_of(one),
        columns.offered(one, code),
        closed=one.kind != Kind.CONCEPTS,
        width=WIDE if one.kind == Kind.TEXT else USUAL,
    )


def _guidance(main: Form, rows: Sequence[Form]) -> Form:
    """How to fill it in, and every column with what is said of it."""
    sentences = [
        _("Write one practice in each row of the sheet “%(sheet)s”, from the third row on.") % {"sheet": main.title},
        _("In the other sheets write as many rows as there are, each with your name for the practice."),
        _("Leave the second row of every sheet as it is: by it the columns are known."),
        _("An empty cell changes nothing. A dash (-) empties what is there."),
        _("Rows that you write in one of the other sheets replace those that the practice has there."),
        _("Write values, not formulas. Pictures and documents are added on the pages."),
        _("Nothing is published: what you send becomes drafts, which you submit on the pages."),
    ]
    told = [
        [f"{form.title}: {column.heading}", " ".join(filter(None, [column.hint, "; ".join(column.choices[:12])]))]
        for form in (main, *rows)
        for column in form.columns
    ]
    return Form(
        _("How to fill it in"),
        [Column("", _("Column"), width=WIDE), Column("", _("What goes there"), width=WIDE)],
        [*([sentence, ""] for sentence in sentences), ["", ""], *told],
    )
