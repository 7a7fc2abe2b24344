"""The documents tell the truth about the tree as it is."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from network.portal.management.commands.draw_workflows import page

ROOT = Path(settings.BASE_DIR)
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")
CODE = re.compile(
    r"`((?:network|cities|grants|practices|templates|static|tests|docs|locale|bench|requirements)/[\w./-]+)`"
)


def test_the_drawn_workflows_are_the_coded_ones():
    assert (ROOT / "docs/workflows.md").read_text(encoding="utf-8") == page(), "run manage.py draw_workflows"


@pytest.mark.parametrize("document", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_what_a_document_names_exists(document):
    text = document.read_text(encoding="utf-8")
    missing = [target for target in LINK.findall(text) if not (document.parent / target).exists()]
    missing += [target for target in CODE.findall(text) if not (ROOT / target).exists()]
    assert missing == []


def test_every_floor_is_on_the_map():
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    machinery = re.search(r"network\.\{([\w,]+)\}", text).group(1).split(",")
    named = (
        set(re.findall(r"^(?:network\.)?(\w+)", text.split("```")[1], re.MULTILINE))
        | set(machinery)
        | set(re.findall(r"network\.(\w+)", text))
    )
    rooms = {
        path.stem if path.suffix else path.name
        for path in (ROOT / "network").iterdir()
        if path.suffix in {"", ".py"} and not path.name.startswith("__")
    }
    assert len(rooms) > 15
    assert rooms - named == set()
