"""A practice that an officer is writing: begun, saved section by section, not submitted."""

from __future__ import annotations

from network.audit.context import acting
from network.portal.demo.content import read
from network.portal.demo.record import Loaded
from practices.domain.versions import NewRecord, save_section, start_practice
from practices.models import VersionSection


def write_drafts(loaded: Loaded) -> None:
    """The records that wait on an officer's desk, each written by that officer."""
    for told in read("drafts"):
        by = loaded.people[told["writer"]]
        new = NewRecord(loaded.cities[told["city"]], told["language"], told["title"], demo=True)
        with acting(by.pk, "demonstration"):
            version = start_practice(new, by=by)
            for key, said in told["sections"].items():
                row = VersionSection.objects.get(version=version, section=key)
                save_section(version, key, {**row.data, **said}, revision=row.revision, by=by, at=loaded.now)
