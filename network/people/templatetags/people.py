"""What templates ask about the person at this page."""

from __future__ import annotations

from typing import Any

from django import template
from django.template.context import Context

from network.people.rules.roles import demands_second_factor
from network.people.sessions import has_second_factor

register = template.Library()


@register.simple_tag(takes_context=True)
def second_factor_owed(context: Context) -> bool:
    """Whether this person's role demands a second factor and none is set up."""
    user: Any = context["user"]
    return demands_second_factor(user) and not has_second_factor(user)
