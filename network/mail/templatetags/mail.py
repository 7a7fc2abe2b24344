"""What the frame tells a signed-in person about their notices."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.context import Context

from network.mail.queries.desk import short_count, unread_words
from network.mail.queries.notices import unread_count

register = template.Library()


@register.simple_tag(takes_context=True)
def unread_notices(context: Context) -> dict[str, Any]:
    """`short` (3, 99+) and `words` (3 unread notices), or nothing where none is unread. Asked for signed-in people only."""
    unread = unread_count(context["user"])
    return {"short": short_count(unread), "words": unread_words(unread)} if unread else {}
