"""Where a practice stands: its slug may change, and every slug it had leads to it for ever.

A slug belongs to one practice, whether it has it or had it. Two tables can't be unique together, so whoever takes a
slug holds one lock until the end of the transaction (`hold_addresses`).
"""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from network.doors import DomainError, insist
from network.locks import hold_lock
from network.people.models import User
from practices.models import FormerSlug, Practice
from practices.rules.practices import can_edit_practice

LONGEST = 120
# What stands at a practice's place in addresses, and is none.
RESERVED = frozenset({"themes", "files", "new"})


@transaction.atomic
def rename_practice(practice: Practice, slug: str, *, by: User) -> Practice:
    """Give the practice another slug; the one it had leads there from now on. Going back to a former one is possible.

    DomainError: not allowed, in the archive, no slug, one that another practice has or had.
    """
    hold_addresses()
    locked = Practice.objects.select_for_update(of=("self",)).select_related("city").get(pk=practice.pk)
    insist(can_edit_practice(by, locked))
    if slug == locked.slug:
        return locked
    insist_on_slug(slug, of=locked)
    locked.former_slugs.filter(slug=slug).delete()
    FormerSlug.objects.create(practice=locked, slug=locked.slug)
    locked.slug = slug
    locked.version += 1
    locked.updated_at = timezone.now()
    locked.save(update_fields=["slug", "version", "updated_at"])
    return locked


def hold_addresses() -> None:
    """Nobody else takes a slug until this transaction ends."""
    hold_lock("practices.addresses")


def insist_on_slug(slug: str, *, of: Practice | None = None) -> None:
    """DomainError where that is no slug, or one that a practice (but this one) has or had. Hold the addresses first."""
    if slugify(slug, allow_unicode=True) != slug or not 0 < len(slug) <= LONGEST:
        raise DomainError(_("The address may hold letters, digits and hyphens only."), code="slug")
    own = of.pk if of else None
    if (
        slug in RESERVED
        or Practice.objects.filter(slug=slug).exclude(pk=own).exists()
        or FormerSlug.objects.filter(slug=slug).exclude(practice=own).exists()
    ):
        raise DomainError(_("Another practice has this address, or had it."), code="slug")


def slugs_like(base: str) -> set[str]:
    """Every slug that begins so and can't be taken: present, former and reserved ones."""
    slugs = (
        rows.filter(slug__startswith=base).order_by().values_list("slug", flat=True)
        for rows in (Practice.objects, FormerSlug.objects)
    )
    return {slug for found in slugs for slug in found} | RESERVED
