"""Background jobs of the library; each may run twice without harm."""

from celery import shared_task

from network.jobs import IDEMPOTENT
from practices.domain import files, publishing
from practices.domain.alerts import tell_all
from practices.domain.insight import forget, gather
from practices.domain.maturity import refresh_emerging
from practices.domain.outside import forget_creation_keys
from practices.domain.search import FORM, reindex
from practices.domain.words import count_words
from practices.forms.asked import understood
from practices.queries.indexing import behind_the_form, behind_the_scheme, behind_their_city, with_theme


@shared_task(name="practices.refresh", **IDEMPOTENT)
def refresh() -> None:
    """Move on what time alone makes promising, index what changed names of cities and themes made out of date, and what an

    earlier version of Koine indexed; then count the words from which mistyped ones are corrected, and remove the keys with
    which programs asked for new records days ago.
    """
    refresh_emerging()
    reindex(behind_the_form(FORM))
    reindex(behind_their_city())
    reindex(behind_the_scheme())
    count_words()
    forget_creation_keys()


@shared_task(name="practices.reindex_theme")
def reindex_theme(theme_id: int) -> None:
    """Index the practices that have a theme, or name it, after it got other labels or other practices."""
    reindex(with_theme(theme_id))


@shared_task(name="practices.alerts", **IDEMPOTENT)
def alerts() -> int:
    """Tell people what is new in the searches they saved; returns how many letters were queued."""
    return tell_all(understood)


@shared_task(name="practices.gather", **IDEMPOTENT)
def gather_notes() -> int:
    """Write down what people looked for and which translations they missed; returns how many notes there were."""
    return gather()


@shared_task(name="practices.forget", **IDEMPOTENT)
def forget_counts() -> int:
    """Remove what only one person asked, and old counts; returns how many rows."""
    return forget()


@shared_task(name="practices.scan_file")
def scan_file(file_id: int) -> None:
    """Scan one file that was just uploaded."""
    files.scan_file(file_id)


@shared_task(name="practices.sweep_uploads", **IDEMPOTENT)
def sweep_uploads() -> dict[str, int]:
    """Scan files whose scan was lost, and delete those that nobody needs any more; returns how many."""
    return {"scanned": files.scan_waiting(), "swept": files.sweep_files()}


@shared_task(name="practices.make_publication", **IDEMPOTENT)
def make_publication(version_id: int) -> bool:
    """Make a version of a publication that waits; whether it was made."""
    return publishing.make_publication(version_id)


@shared_task(name="practices.publications", **IDEMPOTENT)
def publications() -> int:
    """Take up what a killed worker or a lost wake-up left behind; returns how many were left in the middle."""
    return publishing.take_up()


@shared_task(name="practices.sweep_publications", **IDEMPOTENT)
def sweep_publications() -> int:
    """Remove the files of old versions that nobody keeps; returns how many."""
    return publishing.sweep_publications()
