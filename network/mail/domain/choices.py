"""What a person wants by mail: said on the page of preferences, or by the signed link in a mail."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from network.audit.context import because
from network.doors import DomainError, insist
from network.mail.models import MailChoice
from network.mail.rules.choices import NO_ACCOUNT, can_choose
from network.people.models import User


def choose(user: User, wanted: Mapping[str, bool], *, by: User) -> None:
    """Say for kinds of message whether the person wants them by mail. All of it is kept, or nothing.

    Refuses kinds that are mandatory or unknown (code denied). What already waits to be sent is judged by this choice
    when its turn comes; switched off, it still stands among the person's notices.
    """
    if by.pk != user.pk:
        raise DomainError(_("People choose their own mails only."), code="denied")
    _keep(user.pk, wanted)


@transaction.atomic
def choose_by_link(user_id: int, kind: str, *, by_mail: bool) -> None:
    """The same for one kind, by somebody who holds a link that the portal signed for this account and kind."""
    because("By the link in a mail")
    _keep(user_id, {kind: by_mail})


@transaction.atomic
def _keep(user_id: int, wanted: Mapping[str, bool]) -> None:
    for kind in wanted:
        insist(can_choose(kind))
    # The lock puts two browsers of one person in a row, and keeps an account from going while it is written about.
    if not User.objects.select_for_update(no_key=True).filter(pk=user_id).exists():
        raise DomainError(NO_ACCOUNT, code="gone")
    kept = dict(MailChoice.objects.filter(user_id=user_id, kind__in=wanted).values_list("kind", "by_mail"))
    now = timezone.now()
    MailChoice.objects.bulk_create(
        [
            MailChoice(user_id=user_id, kind=kind, by_mail=by_mail, changed_at=now)
            for kind, by_mail in wanted.items()
            if kept.get(kind, True) != by_mail
        ],
        update_conflicts=True,
        unique_fields=["user", "kind"],
        update_fields=["by_mail", "changed_at"],
    )
