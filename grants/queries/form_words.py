"""A question of a form in words: how it is answered, what limits it, when it is asked. For its builders, and for differences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import get_language, gettext as _, gettext_lazy, ngettext

from grants.enums import FieldKind
from grants.models.questions import Question, Texts, language_of, say
from grants.rules.asked import condition_text
from grants.rules.ordering import Raw, find_question
from network.frame.names import language_name, number_text

# The settings in the order in which they are told, each with its name.
NAMES: dict[str, Any] = {
    "kind": gettext_lazy("How it is answered"),
    "required": gettext_lazy("An answer is needed"),
    "identifying": gettext_lazy("The answer tells who applies"),
    "max_words": gettext_lazy("Words at most"),
    "max_characters": gettext_lazy("Characters at most"),
    "min": gettext_lazy("Smallest number"),
    "max": gettext_lazy("Largest number"),
    "max_rows": gettext_lazy("Rows at most"),
    "max_choices": gettext_lazy("Themes at most"),
    "weight": gettext_lazy("Weight for reviewers, per cent"),
    "when": gettext_lazy("When it is asked"),
}


def setting_text(name: str, field: Raw, sections: Sequence[Raw], code: str) -> str:
    """A setting in words; nothing where it is not set."""
    value = field.get(name)
    match name:
        case "kind":
            return str(FieldKind(field["kind"]).label)
        case "required" | "identifying":
            return _("yes") if value else _("no")
        case "when":
            return condition_of(field, sections, code)
        case _:
            return "" if value is None else number_text(Decimal(str(value)))


def condition_of(field: Raw, sections: Sequence[Raw], code: str) -> str:
    """By which answer to which question this one is asked, as applicants read it; nothing where it always is."""
    when = field.get("when")
    place = find_question(sections, when["field"]) if when else None
    if place is None:
        return ""
    on = sections[place[0]]["fields"][place[1]]
    return condition_text(Question.read(field), Question.read(on), code)


def value_text(field: Raw, value: str, code: str) -> str:
    """An answer of a question in words."""
    if field["kind"] == FieldKind.DECLARATION:
        return _("confirmed")
    labels = {one["value"]: one["label"] for one in field.get("options") or ()}
    return say(labels.get(value, {}), code) or value


def notes_of(field: Raw) -> list[str]:
    """What there is to know of a question in a list of questions, in a few words each."""
    notes = [str(FieldKind(field["kind"]).label)]
    if not field.get("required"):
        notes.append(_("optional"))
    if most := field.get("max_words"):
        notes.append(ngettext("at most %(max)s word", "at most %(max)s words", most) % {"max": number_text(most)})
    if most := field.get("max_characters"):
        notes.append(
            ngettext("at most %(max)s character", "at most %(max)s characters", most) % {"max": number_text(most)}
        )
    if most := field.get("max_choices"):
        notes.append(themes_at_most(most))
    if field.get("weight") is not None:
        notes.append(_("weight %(weight)s %%") % {"weight": number_text(field["weight"])})
    if field.get("identifying"):
        notes.append(_("tells who applies"))
    return notes


def themes_at_most(most: int) -> str:
    """How many themes may be chosen."""
    return ngettext("at most %(max)s theme", "at most %(max)s themes", most) % {"max": number_text(most)}


def texts_in_words(name: str, label: str, texts: Texts, typed: Mapping[str, Any]) -> list[dict[str, str]]:
    """A text as it stands, by language, where something else was typed into its field: dicts name, text, language."""
    return [
        {"name": f"{label} ({language_name(code)})", "text": text, "language": code}
        for code, text in texts.items()
        if text != typed.get(f"{name}_{code}")
    ]


def question_in_words(field: Raw, sections: Sequence[Raw], typed: Mapping[str, Any]) -> list[dict[str, str]]:
    """A question as it stands, for somebody who typed something else: its texts that differ, its answers, its settings."""
    code = get_language() or "en"
    rows = texts_in_words("label", _("Question"), field["label"], typed)
    rows += texts_in_words("help", _("Help"), field.get("help") or {}, typed)
    for name, label in (("options", _("Answer")), ("columns", _("Column"))):
        rows += [
            {"name": label, "text": say(one["label"], code), "language": language_of(one["label"], code)}
            for one in field.get(name) or ()
        ]
    settings = ((label, setting_text(name, field, sections, code)) for name, label in NAMES.items())
    return rows + [{"name": str(label), "text": said, "language": code} for label, said in settings if said]


def section_in_words(section: Raw) -> list[dict[str, str]]:
    """A section as it stands: its texts, and each of its questions by its text."""
    code = get_language() or "en"
    rows = texts_in_words("title", _("Title"), section["title"], {})
    rows += texts_in_words("help", _("Help"), section.get("help") or {}, {})
    labels = (field["label"] for field in section["fields"])
    return rows + [
        {"name": _("Question"), "text": say(label, code), "language": language_of(label, code)} for label in labels
    ]
