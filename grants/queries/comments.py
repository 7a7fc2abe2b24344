"""Comments of an application's members, as its pages show them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import get_language, gettext as _, ngettext

from grants.models import Application, Comment
from grants.models.questions import Section, say
from grants.rules.answers import layout
from network.frame.names import number_text


def open_counts(application: Application) -> dict[str, int]:
    """{section: how many threads are not settled}. One query."""
    rows = application.comments.filter(thread=None, settled_at=None).order_by().values("section")
    return {row["section"]: row["count"] for row in rows.annotate(count=Count("pk"))}


def comments_link(application: Application, section: str, count: int) -> dict[str, str] | None:
    """Where the open comments on a section stand, in words; None where there are none."""
    if not count:
        return None
    text = ngettext("%(count)s open comment", "%(count)s open comments", count) % {"count": number_text(count)}
    return {"text": text, "url": reverse("grants:section_comments", args=[application.opaque_id, section])}


@dataclass(frozen=True)
class Thread:
    """A comment with its answers; `about` is the question it is about, in words."""

    comment: Comment
    about: str
    answers: list[Comment]


def _threads(application: Application, section: Section, rows: Any) -> list[Thread]:
    code = get_language() or "en"
    labels = {one.key: say(one.label, code) for one in section.questions}
    return [
        Thread(one, labels.get(one.field, ""), sorted(one.answers.all(), key=lambda answer: answer.pk)) for one in rows
    ]


def threads_of(application: Application, section: Section) -> list[Thread]:
    """All threads about a section, open ones first, each with its answers. Three queries."""
    rows = application.comments.filter(section=section.key, thread=None).select_related("author", "settled_by")
    found = rows.prefetch_related("answers__author").order_by("id")
    threads = _threads(application, section, found)
    return sorted(threads, key=lambda thread: thread.comment.settled_at is not None)


def open_comments(application: Application, section: str) -> list[Comment]:
    """The open threads' first comments, to be read beside the section. One query."""
    rows = application.comments.filter(section=section, thread=None, settled_at=None)
    return list(rows.select_related("author").annotate(answered=Count("answers")).order_by("id"))


def sections_with_comments(application: Application) -> list[dict[str, Any]]:
    """Every section with how many threads it has and how many are open, as the piece `task_list` takes it. One query."""
    code = get_language() or "en"
    rows = application.comments.filter(thread=None).order_by().values("section")
    counted = {
        row["section"]: (row["every"], row["every"] - row["settled"])
        for row in rows.annotate(every=Count("pk"), settled=Count("settled_at"))
    }
    found = []
    for section in layout(application.form):
        every, left = counted.get(section.key, (0, 0))
        words = ngettext("%(count)s open comment", "%(count)s open comments", left) % {"count": number_text(left)}
        word = words if left else (_("all settled") if every else _("no comments"))
        url = reverse("grants:section_comments", args=[application.opaque_id, section.key])
        state = "started" if left else "done"
        found.append({"name": say(section.title, code), "url": url, "state": state, "word": word})
    return found
