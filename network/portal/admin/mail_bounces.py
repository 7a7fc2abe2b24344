"""Addresses whose mail server takes nothing for them, and the lever that lets mail go there again."""

from __future__ import annotations

import datetime
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.text import Truncator
from django.utils.translation import gettext as _, gettext_lazy

from network.mail.domain.bounces import lift_bounce
from network.mail.models import BouncedAddress
from network.mail.rules.staff import can_run_mail
from network.portal.admin.base import KoineModelAdmin, Reach
from network.portal.admin.history import moment_words
from network.portal.admin.levers import Lever
from network.portal.admin.lists import Question
from network.portal.admin.standing import AUDITOR, OPERATOR
from network.portal.work_queue import Tile, wait_here

NEWS = datetime.timedelta(days=7)
SHOWN = 120


def of_late(rows: QuerySet) -> QuerySet:
    return rows.filter(bounced_at__gte=timezone.now() - NEWS)


@admin.register(BouncedAddress)
class BouncedAddressAdmin(KoineModelAdmin):
    """Nothing is sent to these addresses until somebody lifts them."""

    reach = {OPERATOR: Reach(change=True), AUDITOR: Reach()}
    menu_group, menu_position = gettext_lazy("Mail"), 109
    empty_words = gettext_lazy("No address answers this.")
    list_display = ("email", "shown_code", "bounced", "said")
    list_ordering = ("-bounced_at", "-pk")
    search_fields = ("email", "diagnostic")
    search_help_text = gettext_lazy("Address, @domain, or the server’s words")
    questions = (Question("new", gettext_lazy("Within 7 days"), of_late),)
    facts = ((None, ("email", "shown_code", "bounced", "said_in_full", "mails")),)
    readonly_fields = ("email", "shown_code", "bounced", "said_in_full", "mails")
    levers = (
        Lever(
            "lift",
            gettext_lazy("Lift"),
            lambda bounced, user, data: lift_bounce(bounced.pk, reason=data["reason"], by=user),
            can_run_mail,
            consequence=gettext_lazy(
                "Mail goes to this address again. Make sure first that it is right: what bounces again and again makes"
                " mail servers distrust the portal."
            ),
            icon="check",
            many=True,
        ),
    )

    def menu_name(self) -> str:
        return _("Bounced addresses")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What a server said is not edited: it is lifted."""
        return False

    def can_act(self, request: HttpRequest, obj: Any) -> bool:
        return self._allows(request, "change", obj)

    def landing(self, obj: Any) -> str:
        """A lifted address is no longer in the list."""
        return self.list_url()

    @admin.display(description=gettext_lazy("Code"), ordering="code")
    def shown_code(self, obj: Any) -> str:
        return format_html('<bdi dir="ltr">{}</bdi>', obj.code)

    @admin.display(description=gettext_lazy("Bounced"), ordering="bounced_at")
    def bounced(self, obj: Any) -> str:
        return format_html("<bdi>{}</bdi>", moment_words(obj.bounced_at))

    @admin.display(description=gettext_lazy("What the mail server said"))
    def said(self, obj: Any) -> str:
        return format_html('<bdi dir="ltr">{}</bdi>', Truncator(obj.diagnostic).chars(SHOWN))

    @admin.display(description=gettext_lazy("What the mail server said"))
    def said_in_full(self, obj: Any) -> str:
        return format_html('<bdi dir="ltr">{}</bdi>', obj.diagnostic)

    @admin.display(description=gettext_lazy("Mails"))
    def mails(self, obj: Any) -> str:
        url = f"{reverse('admin:mail_outgoingmail_changelist')}?{urlencode({'q': obj.email})}"
        return format_html('<a href="{}">{}</a>', url, _("Mails to this address"))


wait_here(
    Tile(
        BouncedAddress,
        "new",
        gettext_lazy("Addresses that bounced within 7 days"),
        gettext_lazy("Find the right address, or lift them"),
        position=63,
    )
)
