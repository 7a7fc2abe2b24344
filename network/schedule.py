"""Every periodic job in one table: what, when, why. `docs/operating.md` prints it and a test compares the two."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Periodic:
    """A periodic job: registered task name, seconds between two runs, and the reason it exists."""

    task: str
    every_seconds: int
    why: str


SCHEDULE: tuple[Periodic, ...] = (
    Periodic(
        "mail.tick",
        60,
        "plans the reminders that are due and sends mail: also what a lost wake-up left behind, and retries",
    ),
    Periodic("audit.seal", 60, "seals new history rows into the hash chain"),
    Periodic(
        "grants.tick",
        60,
        "lets drafts of closed rounds lapse, moves submitted applications to screening, tells members of comments",
    ),
    Periodic("practices.alerts", 180, "tells people which practices are new in the searches they saved"),
    Periodic(
        "practices.gather", 300, "counts what people looked for in the library and which translations they missed"
    ),
    Periodic("mail.sweep", 3600, "wipes what was private to ended mails and removes mails that ended 400 days ago"),
    Periodic("people.sweep", 3600, "removes expired invitations' secrets, ended sessions and removed documents"),
    Periodic(
        "practices.refresh",
        3600,
        "recomputes maturity that time changed, indexes what got another name and counts the words of the search",
    ),
    Periodic("practices.forget", 3600, "removes searches asked once only after 90 days, and counts after two years"),
    Periodic(
        "practices.sweep_uploads",
        3600,
        "scans files of practices whose scan was lost and removes those that nothing has named for a week",
    ),
    Periodic("practices.publications", 60, "takes up publications that a killed worker or a lost wake-up left behind"),
    Periodic("practices.sweep_publications", 3600, "removes files of publications that nobody kept, after 30 days"),
    Periodic("grants.sweep_uploads", 3600, "removes files that were uploaded but never attached"),
    Periodic(
        "grants.forget",
        3600,
        "removes answers to eligibility questions that no application took over, and interests in funds that were not confirmed or are old",
    ),
)


def beat_schedule() -> dict[str, dict[str, object]]:
    """The table as Celery beat reads it. A run that waits longer than one period is dropped: the next one does its work."""
    return {
        job.task: {"task": job.task, "schedule": job.every_seconds, "options": {"expires": job.every_seconds}}
        for job in SCHEDULE
    }
