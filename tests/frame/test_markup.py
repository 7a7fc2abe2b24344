"""Markup that came with a paste becomes text that means the same; text that only looks like markup stays as it was typed."""

from __future__ import annotations

import gc
import json
import shutil
import subprocess
import time
from pathlib import Path

import pytest
from django.conf import settings

from network.markup import MOST_MARKUP, is_markup, without_markup
from network.text import clean_text

CLIPBOARD = Path(__file__).parent / "clipboard"
PROGRAMS = ["word", "word-online", "libreoffice", "google-docs", "mail"]
# Bombs: a hundred thousand characters of each.
BOMBS = ["<ul><li>", "<p>", "<table><tr><td>", '<p a="> "', "<p a='", '<a href="', "<!--", "<script>", "<del>", "<b", "</p  ",
         "&amp;", "&#", "<a href=https://x.example>y", "<span style='mso-list:Ignore'>1", "\n\n<p>", "<br>\u202e"]  # fmt: skip


def clipboard(program: str) -> tuple[str, str]:
    """What the program puts on the clipboard as HTML, and what it says."""
    said = (CLIPBOARD / f"{program}.txt").read_text(encoding="utf-8").strip()
    return (CLIPBOARD / f"{program}.html").read_text(encoding="utf-8"), said


@pytest.mark.parametrize("program", PROGRAMS)
def test_what_a_program_puts_on_the_clipboard_keeps_its_meaning(program):
    markup, said = clipboard(program)
    assert without_markup(markup) == said
    assert clean_text(without_markup(said)) == said


@pytest.mark.parametrize(
    "typed",
    [
        "a < b and c > d",
        "<3 to all of you",
        "write to <your name> or <name@example.org>",
        "Fish &amp; chips &lt;p&gt;",
        "5 <b> 6, x<y>z, if a <p and p> b",
        "one\n\ntwo < three\n- four",
        "<",
        "سعر < ٥",
        "<!-- never closed",
    ],
)
def test_what_people_type_stays(typed):
    assert not is_markup(typed)
    assert without_markup(typed) == typed


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ("<b>bold</b>\nsecond line, <3", "bold\nsecond line, <3"),
        ("<p>one<p>two", "one\n\ntwo"),
        ("a<br>b<br><br>c", "a\nb\n\nc"),
        ("before<script>alert('<p>')</script> after</p>", "before after"),
        ("x<script>alert(1)</b>", "xalert(1)"),
        ("<p onclick='x()'>safe</p><img src=x onerror=alert(1)>", "safe"),
        ("&lt;p&gt;about&lt;/p&gt; <p>markup", "‹p›about‹/p›\n\nmarkup"),
        ("<<p>p>x</p>", "<\n\np>x"),
        ("<scr<script>x</script>ipt>y</p>", "<script>y"),
        ("<p>\u202egnirts\u2066&#8238;&rlm;&#0;&#7;</p>", "gnirts"),
        ("<\u202ep>x</p>", "x"),
        ("<p>&#99999999999999999999;x&nosuch;</p>", "x&nosuch;"),
        ("<p>Malmö – مالمو – Μάλμε – מאלמה</p>", "Malmö – مالمو – Μάλμε – מאלמה"),
        ("<ul><li><ul><li>deep</li></ul></li></ul>", "- deep"),
        ("<li>stray", "- stray"),
        ("</p>", ""),
        ('<a href="https://x.example/a b">no address</a><br>', "no address"),
        ("<table><tr><td></td><td>D</td></tr></table>", "| D"),
    ],
)
def test_markup_says_what_it_says(sent, said):
    assert without_markup(sent) == said
    assert without_markup(said) == said


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_takes_time_as_it_is_long_and_no_more(bomb):
    """Four times as much takes about four times as long: ten is allowed for the noise of a busy machine.

    The quickest of three counts, and nobody looks for garbage meanwhile: in a process with the whole suite in its memory that
    takes longer than the reading.
    """
    took = []
    for size in (30_000, 120_000):
        text = bomb * (size // len(bomb)) + "</p>"
        took.append(min(seconds_of(text) for _ in range(3)))
        said = without_markup(text)
        assert without_markup(said) == said
    assert took[1] < 10 * max(took[0], 0.01)


def seconds_of(text: str) -> float:
    """The CPU seconds that reading the text takes."""
    gc.disable()
    try:
        started = time.process_time()
        without_markup(text)
        return time.process_time() - started
    finally:
        gc.enable()


def test_lists_are_indented_six_deep_at_most():
    lines = without_markup("<ul><li>x" * 5000).splitlines()
    assert len(lines) == 5000
    assert max(len(line) - len(line.lstrip()) for line in lines) == 10


def test_ten_megabytes_are_not_read_and_not_changed():
    text = "<p>x</p>" * 1_250_000
    started = time.process_time()
    assert len(text) > MOST_MARKUP
    assert without_markup(text) is text
    assert time.process_time() - started < 0.1


def test_the_browser_reads_the_same():
    node = shutil.which("node")
    if not node:
        pytest.skip("no Node on this machine: pasting is tried in the browser tests only")
    script = (Path(settings.BASE_DIR) / "static" / "js" / "paste.js").read_text(encoding="utf-8")
    # A textarea, as far as names of characters go.
    around = (
        "const NAMED = {'&amp;': '&', '&lt;': '<', '&gt;': '>', '&nbsp;': '\\u00a0', '&rlm;': '\\u200f', '&zwnj;': '\\u200c'};"
        "globalThis.document = {addEventListener() {}, createElement: () => ({set innerHTML(v) {this.value = NAMED[v] ?? v}})};\n"
        f"{script}\nlet text = '';process.stdin.on('data', (d) => text += d).on('end', () =>"
        " console.log(JSON.stringify(JSON.parse(text).map(plainText))));"
    )
    pasted = [clipboard(program) for program in PROGRAMS]
    bombs = [bomb * (20_000 // len(bomb)) + "</p>" for bomb in BOMBS if bomb not in {"&#", "<!--"}]
    asked = json.dumps([*(markup for markup, _said in pasted), *bombs])
    done = subprocess.run([node, "-e", around], input=asked, capture_output=True, text=True, timeout=60, check=True)
    read = json.loads(done.stdout)
    assert read[: len(pasted)] == [said for _markup, said in pasted]
    assert [text[:200] for text in read[len(pasted) :]] == [without_markup(bomb)[:200] for bomb in bombs]
