"""The page of mail preferences, and whether one kind is wanted."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from network.mail.models import BouncedAddress, MailChoice
from network.outgoing import KINDS, Message, MessageClass
from network.people.models import User


@dataclass(frozen=True)
class Switch:
    """A kind that a person may switch off, and whether it comes by mail now."""

    message: Message
    by_mail: bool


@dataclass
class Area:
    """The kinds of one part of the portal."""

    name: Any
    switches: list[Switch] = field(default_factory=list)


@dataclass(frozen=True)
class Always:
    """Kinds that can't be switched off: the group's name, why they come, their titles."""

    name: str
    why: str
    titles: list[Any]


@dataclass(frozen=True)
class Preferences:
    """All that the page shows. `bounced`: the account's address takes no mail."""

    areas: list[Area]
    always: list[Always]
    bounced: bool


def preferences_of(user: Any) -> Preferences:
    """What may be switched off and what is, what always comes and why, and whether mail arrives at all. Two queries."""
    off = set(MailChoice.objects.filter(user=user, by_mail=False).values_list("kind", flat=True))
    areas: dict[str, Area] = {}
    for kind, message in KINDS.items():
        if not message.mandatory:
            label = kind.partition(".")[0]
            areas.setdefault(label, Area(_area_name(label))).switches.append(Switch(message, kind not in off))
    return Preferences(
        areas=sorted(areas.values(), key=lambda area: str(area.name)),
        always=_always(),
        bounced=BouncedAddress.objects.filter(email=user.email.lower()).exists(),
    )


def by_mail(user_id: int, kind: str) -> bool | None:
    """Whether this account gets this kind by mail: true where the person never said, None where the account is gone."""
    found = User.objects.filter(pk=user_id).values_list(
        Exists(MailChoice.objects.filter(user_id=OuterRef("pk"), kind=kind, by_mail=False)), flat=True
    )
    return next((not off for off in found), None)


def own_choices(user: User) -> dict[str, bool]:
    """For the export of personal data: kind -> by mail, as far as the person said."""
    return dict(MailChoice.objects.filter(user=user).order_by("kind").values_list("kind", "by_mail"))


def _area_name(label: str) -> Any:
    return apps.get_app_config(label).verbose_name if label in apps.app_configs else _("Other")


def _always() -> list[Always]:
    """The kinds that can't be switched off, by the reason why. The engine's own (`mail.*`) are left out: they carry others."""
    decisions: list[Any] = []
    account: list[Any] = []
    letters: list[Any] = []
    for kind, message in KINDS.items():
        if not message.mandatory or kind.startswith("mail."):
            continue
        if message.klass == MessageClass.DECISION:
            decisions.append(message.title)
        elif kind.startswith("people."):
            account.append(message.title)
        else:
            letters.append(message.title)
    groups = (
        Always(_("Decisions"), _("A right or a date may hang on them: nobody must miss one."), decisions),
        Always(_("Your account"), _("They let you in, and tell you when somebody else tries to come in."), account),
        Always(
            _("Letters about what you do here"),
            _("You, or somebody you work with, did something: they confirm it, or say what changed."),
            letters,
        ),
    )
    return [group for group in groups if group.titles]
