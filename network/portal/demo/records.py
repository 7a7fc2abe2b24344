"""Published practices completed by a second version, as a city completes its own; then said in the other languages."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from network.audit.context import acting
from network.portal.demo.content import read
from network.portal.demo.drawing import draw
from network.portal.demo.record import Loaded
from practices.domain.files import attach_file
from practices.domain.translating import translate_sections
from practices.domain.versions import publish_version, save_section, start_version, submit_version
from practices.models import Practice, PracticeVersion, VersionSection
from practices.rules.rows import blank_row
from practices.rules.sections import BY_KEY
from practices.rules.writing import ROWS

Said = dict[str, Any]


def complete_records(loaded: Loaded) -> None:
    """What the first version of these practices left out: building blocks, costs, partners, conditions, a picture."""
    for told in read("records"):
        practice, by = loaded.practices[told["practice"]], loaded.people[told["by"]]
        original = practice.original_language
        rows = {key: _with_keys(key, said) for key, said in told["sections"].items()}
        with acting(by.pk, "demonstration"):
            version = start_version(practice, by=by)
            for key, said in rows.items():
                _save(version, key, _in_language(said, original), loaded)
            rows["pictures"] = _hang(version, told, loaded)
            _save(version, "pictures", _in_language(rows["pictures"], original), loaded)
            submit_version(version, by=by, note=told["note"], minor=told.get("minor", False))
        decider = loaded.people[told["decider"]]
        with acting(decider.pk, "demonstration"):
            publish_version(
                version,
                by=decider,
                unreviewed_because=told["unreviewed_because"],
                at=loaded.days_ago(told["published_days_ago"]),
            )
        _translate(practice, rows, loaded)


def _with_keys(key: str, said: Said) -> Said:
    return {**said, ROWS: [{"key": blank_row(BY_KEY[key])["key"], **row} for row in said.get(ROWS, ())]}


def _hang(version: PracticeVersion, told: Said, loaded: Loaded) -> Said:
    """The drawing as the practice's picture; answers with the section as the file tells it."""
    row = _with_keys("pictures", {ROWS: [told["picture"]]})[ROWS][0]
    drawing = SimpleUploadedFile(f"{told['drawing']}.png", draw(told["drawing"]), "image/png")
    file = attach_file(version, "pictures", row["key"], drawing, by=loaded.people[told["by"]], at=loaded.now)
    return {ROWS: [{**row, "file": str(file.uuid)}]}


def _save(version: PracticeVersion, key: str, said: Said, loaded: Loaded) -> None:
    """Store the section: fields over what is there, rows after those that are there."""
    stored = VersionSection.objects.select_related("version").get(version=version, section=key)
    data = {**stored.data, **said}
    if ROWS in stored.data:
        named = {row["key"] for row in said[ROWS]}
        data[ROWS] = [*(row for row in stored.data[ROWS] if row["key"] not in named), *said[ROWS]]
    started_by = stored.version.started_by
    assert started_by is not None, "somebody began the version"
    save_section(version, key, data, revision=stored.revision, by=started_by, at=loaded.now)


def _translate(practice: Practice, sections: dict[str, Said], loaded: Loaded) -> None:
    for code in set(practice.languages) - {practice.original_language}:
        texts = {key: _only_translated(said, code) for key, said in sections.items()}
        translate_sections(practice, code, texts, by=loaded.operator)


def _only_translated(said: Said, code: str) -> Said:
    texts = {name: text[code] for name, text in said.items() if isinstance(text, dict) and code in text}
    rows = {row["key"]: _only_translated(row, code) for row in said.get(ROWS, ())}
    return {**texts, ROWS: rows} if rows else texts


def _in_language(said: Said, code: str) -> Said:
    """The section with its texts in one language; what has none in it is left out."""
    found = {}
    for name, value in said.items():
        if name == ROWS:
            found[ROWS] = [_in_language(row, code) for row in value]
        elif not isinstance(value, dict):
            found[name] = value
        elif code in value:
            found[name] = value[code]
    return found
