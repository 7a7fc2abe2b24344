"""A notice as its reader is told it: the mail's subject, in the language it was written in, and where it leads."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language

from network.frame.links import in_language
from network.languages import LANGUAGES, direction
from network.mail.documents import header_text, plain, told
from network.mail.models import OutgoingMail
from network.mail.queries.notices import contexts_of
from network.outgoing import KINDS

log = logging.getLogger(__name__)


# (deadline, subject, language) -> what it says; None where there is nothing to say any more.
Described = dict[tuple[str, int | None, str], dict[str, Any] | None]


class NothingToSay(Exception):
    """The deadline that a notice speaks of is over, or does not concern its reader any more."""


@dataclass(frozen=True)
class Notice:
    """One notice. `path` is a path of this portal, or nothing; `kind` is the message's title in the reader's language."""

    id: int
    title: str
    kind: Any
    language: str
    direction: str
    path: str
    moment: datetime
    unread: bool


def tell(rows: Iterable[OutgoingMail]) -> list[Notice]:
    """The notices of rows that `queries.notices.shown` read. One that can't be told is left out: its mail shows staff why."""
    rows = list(rows)
    contexts = contexts_of([row.pk for row in rows if not row.subject and not row.deadline])
    described: Described = {}
    notices = []
    for row in rows:
        try:
            notices.append(_tell(row, contexts, described))
        except NothingToSay:
            log.info("notice %s has nothing to say any more", row.pk)
        except Exception:
            log.exception("notice %s can't be told", row.pk)
    return notices


def _tell(row: Any, contexts: dict[int, dict[str, Any]], described: Described) -> Notice:
    title, path = row.subject, own_path(row.url) or own_path(row.path)
    if not title:
        facts = _facts(row, described) if row.deadline else contexts[row.pk]
        title, path = _subject(row, facts), path or own_path(facts.get("url")) or own_path(facts.get("path"))
    return Notice(
        id=row.pk,
        title=title,
        kind=KINDS[row.kind].title,
        language=row.language,
        direction=direction(row.language),
        path=path,
        moment=row.sent_at or row.created_at,
        unread=row.read_at is None,
    )


def _facts(row: OutgoingMail, described: Described) -> dict[str, Any]:
    """What the deadline says now, asked once for all its rows."""
    key = (row.deadline, row.subject_id, row.language)
    if key not in described:
        try:
            described[key] = told(row)
        except (KeyError, IndexError):
            raise  # a fault of the app, not its word that there is nothing to say
        except LookupError:
            described[key] = None
    facts = described[key]
    if facts is None:
        raise NothingToSay
    return facts


def _subject(row: Any, context: dict[str, Any]) -> str:
    with translation.override(row.language):
        values = {
            **context,
            "language": row.language,
            "direction": direction(row.language),
            "site_name": settings.SITE_NAME,
            "base_url": settings.KOINE_BASE_URL,
            "to_name": row.to_name,
        }
        return header_text(plain(f"mail/{row.kind}.subject.txt", values))


def own_path(url: str | None) -> str:
    """The address as a path of this portal, under the reader's language; nothing where it leads anywhere else."""
    path = (url or "").removeprefix(settings.KOINE_BASE_URL)
    if not path.startswith("/") or not url_has_allowed_host_and_scheme(path, allowed_hosts=None):
        return ""
    return in_language(path, get_language() or "en") if path[1:].partition("/")[0] in LANGUAGES else path
