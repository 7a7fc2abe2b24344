"""What differs between two versions of a form: which sections and questions came, went, moved or changed, and in what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from grants.enums import FieldKind
from grants.models.questions import Texts, say
from grants.queries.form_words import NAMES, setting_text
from grants.rules.ordering import Raw
from network.frame.names import language_name
from network.languages import CODES


class Change(StrEnum):
    """What became of a section or question."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


@dataclass(frozen=True)
class Setting:
    """One thing that is another: its name, what it was, what it is; empty where there was or is none."""

    name: str
    before: str
    after: str
    language: str = ""


@dataclass(frozen=True)
class Difference:
    """A section (`question` False) or question that differs; `moved` also where a changed one stands at another place."""

    name: str
    question: bool
    change: Change
    moved: bool
    settings: list[Setting]


def form_differences(before: Sequence[Raw], after: Sequence[Raw], code: str) -> list[Difference]:
    """All that differs, in the order of the newer version, what went at the end."""
    old_sections, new_sections = {one["key"]: one for one in before}, {one["key"]: one for one in after}
    moved_sections = _moved(list(old_sections), list(new_sections))
    old, new = _fields(before), _fields(after)
    moved = _moved(list(old), list(new))
    found = []
    for key, section in new_sections.items():
        was = old_sections.get(key)
        texts = (
            []
            if was is None
            else [
                *_texts(_("Title"), was.get("title") or {}, section.get("title") or {}),
                *_texts(_("Help"), was.get("help") or {}, section.get("help") or {}),
            ]
        )
        found.append(_told(say(section["title"], code), False, was is not None, texts, key in moved_sections))
        for field in section["fields"]:
            there = old.get(field["key"])
            settings = [] if there is None else _settings(there[1], field, before, after, code)
            if there is not None and there[0] != key:
                names = [say(one["title"], code) for one in (old_sections[there[0]], section)]
                settings.append(Setting(_("Section"), *names))
            found.append(_told(say(field["label"], code), True, there is not None, settings, field["key"] in moved))
    for key, section in old_sections.items():
        if key not in new_sections:
            found.append(Difference(say(section["title"], code), False, Change.REMOVED, False, []))
    for key, (_section, field) in old.items():
        if key not in new:
            found.append(Difference(say(field["label"], code), True, Change.REMOVED, False, []))
    return [one for one in found if one is not None]


def _told(name: str, question: bool, known: bool, settings: list[Setting], moved: bool) -> Difference | None:
    if not known:
        return Difference(name, question, Change.ADDED, False, [])
    if settings:
        return Difference(name, question, Change.CHANGED, moved, settings)
    return Difference(name, question, Change.MOVED, True, []) if moved else None


def _fields(sections: Sequence[Raw]) -> dict[str, tuple[str, Raw]]:
    return {field["key"]: (section["key"], field) for section in sections for field in section["fields"]}


def _moved(old: list[str], new: list[str]) -> set[str]:
    """Of the keys in both, those that stand at another place among the others."""
    was, now = [key for key in old if key in set(new)], [key for key in new if key in set(old)]
    blocks = SequenceMatcher(None, was, now, autojunk=False).get_matching_blocks()
    kept = {key for block in blocks for key in was[block.a : block.a + block.size]}
    return set(now) - kept


def _texts(name: Any, old: Texts, new: Texts) -> list[Setting]:
    return [
        Setting(f"{name} ({language_name(code)})", old.get(code, ""), new.get(code, ""), code)
        for code in CODES
        if (old.get(code) or "") != (new.get(code) or "")
    ]


def _settings(old: Raw, new: Raw, before: Sequence[Raw], after: Sequence[Raw], code: str) -> list[Setting]:
    found = [*_texts(_("Question"), old["label"], new["label"])]
    found += _texts(_("Help"), old.get("help") or {}, new.get("help") or {})
    for name, label in NAMES.items():
        was, now = setting_text(name, old, before, code), setting_text(name, new, after, code)
        if was != now:
            found.append(Setting(str(label), was, now))
    found += _lines(_("Answer"), old.get("options") or [], new.get("options") or [], "value", code)
    found += _lines(_("Column"), old.get("columns") or [], new.get("columns") or [], "key", code)
    return found


def _lines(name: str, old: Sequence[Raw], new: Sequence[Raw], key: str, code: str) -> list[Setting]:
    was: Mapping[str, Raw] = {one[key]: one for one in old}
    now: Mapping[str, Raw] = {one[key]: one for one in new}
    found = []
    for value, one in now.items():
        if value not in was:
            found.append(Setting(name, "", say(one["label"], code)))
            continue
        found += _texts(name, was[value]["label"], one["label"])
        if was[value].get("kind") != one.get("kind"):
            kinds = [str(FieldKind(line["kind"]).label) for line in (was[value], one)]
            found.append(Setting(f"{name} “{say(one['label'], code)}”", *kinds))
    found += [Setting(name, say(one["label"], code), "") for value, one in was.items() if value not in now]
    both = [[value for value in lines if value in was and value in now] for lines in (was, now)]
    if both[0] != both[1]:
        orders = [", ".join(say(lines[value]["label"], code) for value in lines) for lines in (was, now)]
        found.append(Setting(_("Order"), *orders))
    return found
