"""The classification: adding themes and naming them."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from network.doors import DomainError, insist
from network.jobs import enqueue
from network.languages import DEFAULT
from network.people.models import User
from network.text import clean_line
from network.translation.models import column
from practices.enums import ConceptKind
from practices.models import Concept
from practices.rules.practices import can_manage_themes


@transaction.atomic
def create_theme(
    code: str, labels: Mapping[str, str], *, by: User, kind: str = ConceptKind.THEME, position: int = 0
) -> Concept:
    """A new concept of the scheme. Its code is kept for ever; an English label is needed (DomainError `no_label`)."""
    insist(can_manage_themes(by))
    if Concept.objects.filter(code=code).exists():
        raise DomainError(_("Another theme has this code."), code="taken")
    theme = Concept(code=code, kind=ConceptKind(kind), position=position)
    _name(theme, labels)
    theme.save(force_insert=True)
    return theme


@transaction.atomic
def rename_theme(theme: Concept, labels: Mapping[str, str], *, by: User) -> Concept:
    """Change the labels in the named languages; its practices are found by the new ones once the job has run."""
    insist(can_manage_themes(by))
    theme = Concept.objects.select_for_update().get(pk=theme.pk)
    _name(theme, labels)
    theme.save()
    enqueue("practices.reindex_theme", theme_id=theme.pk)
    return theme


def _name(theme: Concept, labels: Mapping[str, str]) -> None:
    for code, label in labels.items():
        setattr(theme, column("label", code), clean_line(label)[:120])
    if not getattr(theme, column("label", DEFAULT)):
        raise DomainError(_("Enter an English label."), code="no_label")
