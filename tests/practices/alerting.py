"""Practices published for alerts, and the letters that tell of them."""

from __future__ import annotations

import datetime

from django.core.cache import cache

from network.mail.models import OutgoingMail
from network.people.models import User
from practices.domain import Alerts
from practices.domain.alerts import tell_all
from practices.enums import Alert
from practices.forms.asked import understood
from practices.messages import ALERT
from tests.practices import builders as build

AT_ONCE = Alerts(Alert.AT_ONCE)


def publish(by: User, title: str = "Homes for all", theme: str = "housing", **more):
    return build.practice(by, {"en": build.version(title)}, themes=[theme], **more)


def letters() -> list[OutgoingMail]:
    return list(OutgoingMail.objects.filter(kind=ALERT.kind).order_by("id"))


def told(letter: OutgoingMail) -> list[str]:
    return [practice["title"] for practice in letter.context["practices"]]


def run(now: datetime.datetime | None = None) -> int:
    cache.clear()
    return tell_all(understood, now)
