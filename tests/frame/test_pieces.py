"""The pieces: what they say, what they escape, and that docs/components.md tells of each of them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.conf import settings
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from network.frame import pieces, plots
from network.frame.icons import DIRECTIONAL, ICONS
from network.frame.templatetags.koine import register

ROOT = Path(settings.BASE_DIR)
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOSTILE = '<script>alert("x")</script>'


def html(source: str, **values) -> str:
    values.setdefault("request", RequestFactory().get("/en/practices/?q=a&page=2"))
    return Template(source).render(Context(values))


def test_every_tag_and_filter_is_told_in_the_docs():
    told = (ROOT / "docs" / "components.md").read_text(encoding="utf-8")
    names = {name for name in [*register.tags, *register.filters] if not name.startswith("end")}
    assert len(names) > 35
    assert {name for name in names if f"`{name}" not in told and f"{{% {name}" not in told} == set()


def test_every_class_of_the_components_is_styled():
    """A class in a component that no style sheet knows is a slip of the pen."""
    styled = " ".join(path.read_text(encoding="utf-8") for path in (ROOT / "static" / "css").glob("*.css"))
    known = set(re.findall(r"\.([a-zA-Z][\w-]*)", styled))
    used = set()
    drawn = [*(ROOT / "templates" / "components").glob("*.html"), *(ROOT / "templates" / "frame").glob("*.html")]
    for path in [*drawn, ROOT / "network" / "frame" / "rows.py"]:
        text = re.sub(r"{[%{#].*?[%}#]}", "\0", path.read_text(encoding="utf-8"))
        for value in re.findall(r'class="([^"]*)"', text):
            used |= {name.strip("\0") for name in value.split() if "\0" not in name.strip("\0")}
    used = {name for name in used if name and not name.endswith(("--", "__"))}
    assert len(used) > 80
    assert used - known == set()


def test_what_people_typed_is_escaped_everywhere():
    page = html(
        """{% city_chip bad bad "ar" "GR" "/x" %}{% result_row bad "/x" where=bad text=bad note=bad side=bad %}{% chips chips %}
        {% timeline items %}{% facts rows %}{% check_answers answers %}{% empty_state bad "/x" bad %}{% receipt bad bad lines=lines %}
        {% map_panel points label=bad %}{% notice "info" bad %}{{ bad }}{% endnotice %}{% breadcrumbs bad "/" bad %}{{ bad|bdi }}""",
        bad=HOSTILE,
        chips=[{"text": HOSTILE}],
        items=[{"when": HOSTILE, "what": HOSTILE, "more": HOSTILE}],
        rows=[{"name": HOSTILE, "value": HOSTILE}],
        answers=[{"question": HOSTILE, "answer": HOSTILE}],
        lines=[HOSTILE],
        points=[{"name": HOSTILE, "lat": 1, "lon": 1}],
    )
    assert "alert" in page
    assert HOSTILE not in page
    assert "<script>" not in page


def test_no_component_carries_inline_style_script_or_handler():
    swept = 0
    for path in (ROOT / "templates").rglob("*.html"):
        if {"admin", "mail"} & set(path.parts):
            continue
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\sstyle=|\son\w+=|<style|javascript:", text), path
        for script in re.findall(r"<script[^>]*>", text):
            assert "src=" in script, path
        swept += 1
    assert swept > 40


@pytest.mark.parametrize(
    ("tag", "told"),
    [
        ('{% language_line "el" "el" %}', "Shown in Greek; not yet translated into English."),
        ('{% language_line "el" "en" %}', "Translated from Greek."),
        ('{% language_line "en" "en" %}', "Original text, in English."),
        ('{% language_line "el" "en" "machine" %}', "Machine translation from Greek, not yet checked by a person."),
        ('{% language_line "el" "en" "stale" %}', "The original has changed since."),
    ],
)
def test_the_language_line_says_what_one_reads(tag: str, told: str):
    assert told in html(tag)


def test_the_language_line_links_the_other_languages_of_this_page():
    page = html('{% language_line "el" "en" versions=codes %}', codes=["el", "en", "sv"])
    assert 'href="/el/practices/?q=a&amp;page=2"' in page
    assert "Svenska" in page
    assert ">English<" not in page


@pytest.mark.parametrize(("level", "filled"), list(zip(pieces.MATURITY, range(1, 5), strict=True)))
def test_maturity_is_a_word_and_as_many_steps(level: str, filled: int):
    page = html(f'{{% maturity_mark "{level}" %}}')
    assert page.count("maturity__step--filled") == filled
    assert level.capitalize() in page


def test_a_deadline_tells_both_clocks_and_turns_to_the_accent_in_the_last_72_hours():
    closes = NOW + timedelta(hours=41, minutes=30)
    page = html('{% deadline closes "Europe/London" now=now readers_zone="Europe/Athens" %}', closes=closes, now=NOW)
    assert "deadline--soon" in page
    assert "41 hours to go" in page
    assert "07:30 your time" in page
    closed = html('{% deadline closes "Europe/London" now=now %}', closes=NOW, now=NOW)
    assert "deadline--closed" in closed
    assert "to go</span>" not in closed


def test_the_pots_bar_is_as_long_as_the_pot_and_the_table_sums_it():
    parts = [
        {
            "name": "A",
            "amount": Decimal(400000),
            "reserved": Decimal(50000),
            "committed": Decimal(100000),
            "paid": Decimal(0),
        },
        {"name": "B", "amount": Decimal(400000)},
    ]
    drawn = pieces.pot_bar(parts, "GBP")
    last = drawn["segments"][-1]
    assert float(last["x"]) + float(last["width"]) == pytest.approx(1000)
    assert drawn["sums"] == {"amount": 800000, "paid": 0, "committed": 100000, "reserved": 50000, "free": 650000}
    assert "£650,000" in html('{% pot_bar parts "GBP" %}', parts=parts)
    assert pieces.pot_bar([], "GBP")["segments"] == []


def test_a_name_in_another_script_carries_its_language_and_direction():
    page = html('{% city_chip "Amman" "عمّان" "ar" "JO" %}')
    assert 'lang="ar" dir="rtl"' in page
    assert "Jordan" in page
    assert "city__native" not in html('{% city_chip "Malmö" "Malmö" "sv" "SE" %}')


def test_pages_keep_the_filters_and_one_page_shows_nothing():
    pages = Paginator(range(100), 20)
    page = html("{% pagination page 'practices' %}", page=pages.page(2))
    assert 'href="?q=a&amp;page=3"' in page
    assert "21 to 40 of 100 practices" in page
    assert html("{% pagination page %}", page=Paginator(range(3), 20).page(1)).strip() == ""


def test_only_icons_that_point_are_mirrored():
    for name in ICONS:
        assert ("icon--directional" in html(f'{{% icon "{name}" %}}')) == (name in DIRECTIONAL)
    assert 'aria-label="Search"' in html('{% icon "search" "" "Search" %}')


def test_facts_without_a_value_are_left_out():
    page = html("{% facts rows %}", rows=[{"name": "Population", "value": None}, {"name": "Since", "value": 0}])
    assert "Population" not in page
    assert "Since" in page


@pytest.mark.parametrize("code", ["en", "ar", "el", "it", "sv"])
def test_the_gallery_renders_in_every_core_language(code: str, rf):
    from network.portal.views.components import components  # noqa: PLC0415 - the gallery stands on the roof

    with translation.override(code):
        page = components(rf.get(f"/{code}/components/")).content.decode()
    assert f'<html lang="{code}" dir="{"rtl" if code == "ar" else "ltr"}">' in page
    assert page.count('class="gallery__panel"') == 21


GRID = {
    "columns": [{"code": "GR", "name": "Greece"}, {"code": "SE", "name": "Sweden"}],
    "rows": [{"name": "Housing", "values": [10, 0]}, {"name": HOSTILE, "values": [1, 5]}],
}


def test_a_grid_plot_is_darker_where_there_is_more_and_stands_beside_its_table():
    drawn = plots.grid_plot(GRID["columns"], GRID["rows"], "Practices", "Theme")
    shades = [[cell["shade"] for cell in row["cells"]] for row in drawn["rows"]]
    assert shades == [[5, 0], [1, 3]]
    page = html("{% grid_plot columns rows 'Practices' 'Theme' %}", **GRID)
    assert HOSTILE not in page
    assert page.count("<rect") == 4
    assert '<th scope="col" class="number">Sweden</th>' in page
    assert '<td class="number">10</td>' in page


def test_bars_are_as_long_as_what_they_tell_and_their_parts_stand_end_to_end():
    rows = [
        {"name": "2025", "values": [6, 0, 3, 1]},
        {"name": "2024", "values": [2, 3, 0, 0]},
        {"name": "2023", "values": [0, 0, 0, 0]},
    ]
    drawn = plots.bars_plot(["a", "b", "c", "d"], rows, "Practices", "Year")
    lengths = [sum(float(part["width"]) for part in row["parts"]) for row in drawn["rows"]]
    assert lengths == [plots.BAR, plots.BAR / 2, 0]
    first, second = drawn["rows"][1]["parts"]
    assert float(first["x"]) + float(first["width"]) == float(second["x"])
    assert [row["total"] for row in drawn["rows"]] == [10, 5, 0]
    page = html("{% bars_plot series rows 'Practices' 'Year' %}", series=["a", "b", "c", "d"], rows=rows)
    assert page.count("<rect") == 4 + 5
    assert plots.bars_plot([], [], "Nothing", "Year")["rows"] == []


def test_plots_are_mirrored_where_one_reads_from_right_to_left():
    rows = [{"name": "2025", "values": [4, 4]}]
    usual = plots.bars_plot(["a", "b"], rows, "", "")
    with translation.override("ar"):
        mirrored = plots.bars_plot(["a", "b"], rows, "", "")
        grid = plots.grid_plot(GRID["columns"], GRID["rows"], "", "")
    width = usual["width"]
    for one, other in zip(usual["rows"][0]["parts"], mirrored["rows"][0]["parts"], strict=True):
        assert float(one["x"]) + float(one["width"]) + float(other["x"]) == width
    assert float(usual["names_at"]) + float(mirrored["names_at"]) == width
    greece, sweden = (float(cell["x"]) for cell in grid["rows"][0]["cells"])
    assert sweden < greece
    assert plots.short("A theme whose name is far too long for this") == "A theme whose name is far too l…"
