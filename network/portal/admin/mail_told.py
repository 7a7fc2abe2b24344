"""What a mail's page tells beside its text: tries, the server's answer, its deadline, its digest, its address."""

from __future__ import annotations

from typing import Any

from babel.dates import format_skeleton
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _, gettext_lazy

from network.frame.moments import hour_text
from network.frame.names import language_name, reader
from network.mail.enums import Status
from network.mail.models import BouncedAddress, OutgoingMail
from network.portal.admin.history import moment_words
from network.portal.admin.mail_words import (
    NOTED,
    class_words,
    deadline_words,
    due_words,
    has_bounced,
    kind_words,
    state_chip,
    subject_words,
)
from network.portal.admin.rule_words import rule_words

PARTS = 50


def linked(page: str, key: Any, words: Any) -> str:
    """A link to a record's page in the admin."""
    return format_html('<a href="{}"><bdi>{}</bdi></a>', reverse(f"admin:{page}", args=[key]), words)


def moment_told(moment: Any) -> str:
    """A moment kept apart from the direction around it; empty where there is none."""
    return format_html("<bdi>{}</bdi>", moment_words(moment)) if moment else ""


def moment_in_list(moment: Any) -> str:
    """A moment on the reader's clock, short enough for a column; empty where there is none."""
    if not moment:
        return ""
    there = timezone.localtime(moment)
    return format_html(
        "<span><bdi>{}</bdi> <bdi>{}</bdi></span>", format_skeleton("yMMMd", there, locale=reader()), hour_text(there)
    )


class ToldMail:
    """Columns and lines of a mail; mixed into the admin of the outbox."""

    @admin.display(description=gettext_lazy("Message"), ordering="kind")
    def message(self, obj: OutgoingMail) -> str:
        return kind_words(obj.kind)

    @admin.display(description=gettext_lazy("Message"), ordering="kind")
    def message_in_list(self, obj: OutgoingMail) -> str:
        """What it is, and below it the kind of deadline it was planned from."""
        if not obj.deadline:
            return kind_words(obj.kind)
        return format_html(
            '<div>{}<div class="soft small">{}</div></div>', kind_words(obj.kind), deadline_words(obj.deadline)
        )

    @admin.display(description=gettext_lazy("Class"))
    def shown_class(self, obj: OutgoingMail) -> str:
        return class_words(obj.klass)

    @admin.display(description=gettext_lazy("State"), ordering="status")
    def shown_state(self, obj: OutgoingMail) -> str:
        return state_chip(obj)

    @admin.display(description=gettext_lazy("Language"), ordering="language")
    def shown_language(self, obj: OutgoingMail) -> str:
        return language_name(obj.language)

    @admin.display(description=gettext_lazy("Name"))
    def name_told(self, obj: OutgoingMail) -> str:
        return obj.to_name

    @admin.display(description=gettext_lazy("Person"))
    def person(self, obj: OutgoingMail) -> str:
        if obj.recipient is None:
            return _("Nobody with an account")
        return linked("people_user_change", obj.recipient_id, obj.recipient)

    @admin.display(description=gettext_lazy("Queued"))
    def queued(self, obj: OutgoingMail) -> str:
        return moment_told(obj.created_at)

    @admin.display(description=gettext_lazy("Queued"), ordering="created_at")
    def queued_in_list(self, obj: OutgoingMail) -> str:
        return moment_in_list(obj.created_at)

    @admin.display(description=gettext_lazy("Sent"), ordering="sent_at")
    def sent_in_list(self, obj: OutgoingMail) -> str:
        return moment_in_list(obj.sent_at)

    @admin.display(description=gettext_lazy("Sent"))
    def sent(self, obj: OutgoingMail) -> str:
        return moment_told(obj.sent_at)

    @admin.display(description=gettext_lazy("Next try"))
    def next_try(self, obj: OutgoingMail) -> str:
        return moment_told(obj.next_try_at) if obj.status == Status.QUEUED else ""

    @admin.display(description=gettext_lazy("Not after"))
    def at_latest(self, obj: OutgoingMail) -> str:
        return moment_told(obj.not_after)

    @admin.display(description=gettext_lazy("With the mail server"))
    def handed_over(self, obj: OutgoingMail) -> str:
        """Whether a worker has it in hand, until when, and when the mail server was given it."""
        told = []
        if obj.status == Status.INFLIGHT and obj.lease_until:
            told.append(_("A worker has it until %(moment)s.") % {"moment": moment_words(obj.lease_until)})
        if obj.smtp_started_at:
            told.append(_("Handed over on %(moment)s.") % {"moment": moment_words(obj.smtp_started_at)})
        return " ".join(told)

    @admin.display(description=gettext_lazy("Last answer"))
    def error_told(self, obj: OutgoingMail) -> str:
        """What the mail server said last, or what the engine noted, in words."""
        if obj.error in NOTED:
            return str(NOTED[obj.error])
        return format_html('<bdi dir="ltr">{}</bdi>', obj.error) if obj.error else ""

    @admin.display(description=gettext_lazy("This address"))
    def address_told(self, obj: OutgoingMail) -> str:
        """Whether its server said that it takes nothing for it."""
        bounced = BouncedAddress.objects.filter(email=obj.to_email.lower()).first()
        if bounced is None:
            return (
                _("A mail came back; somebody let mail go there again.")
                if has_bounced(obj)
                else _("No mail came back from it.")
            )
        words = _("Came back on %(moment)s") % {"moment": moment_words(bounced.bounced_at)}
        return linked("mail_bouncedaddress_change", bounced.pk, words)

    @admin.display(description=gettext_lazy("Deadline"))
    def deadline_told(self, obj: OutgoingMail) -> str:
        name = subject_words(obj.deadline, obj.subject_id)
        return format_html("{}: <bdi>{}</bdi>", deadline_words(obj.deadline), name or _("something that is gone"))

    @admin.display(description=gettext_lazy("Planned for"))
    def due_told(self, obj: OutgoingMail) -> str:
        return format_html("<bdi>{}</bdi>", due_words(obj.due))

    @admin.display(description=gettext_lazy("Rule"))
    def rule_told(self, obj: OutgoingMail) -> str:
        if obj.rule is None:
            return _("Not by a rule: people were told that the deadline moved, or the rule is gone.")
        return linked("mail_reminderrule_change", obj.rule_id, rule_words(obj.rule))

    @admin.display(description=gettext_lazy("Digest"))
    def digest_told(self, obj: OutgoingMail) -> str:
        """The mail that it went into, or the reminders that it carries."""
        if obj.digest_id is not None:
            return linked("mail_outgoingmail_change", obj.digest_id, _("It went out as part of this mail."))
        parts = list(obj.parts.order_by("pk").only("kind", "deadline", "subject_id", "digest")[: PARTS + 1])
        rows = [
            (linked("mail_outgoingmail_change", part.pk, subject_words(part.deadline, part.subject_id) or kind_words(part.kind)),)
            for part in parts[:PARTS]
        ]  # fmt: skip
        more = _("and others") if len(parts) > PARTS else ""
        return format_html('<ul class="plain-list">{}</ul>{}', format_html_join("", "<li>{}</li>", rows), more)
