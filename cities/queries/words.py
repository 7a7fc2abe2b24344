"""Counts of cities in words."""

from __future__ import annotations

from django.utils.translation import gettext as _, ngettext

from network.frame.names import number_text


def cities_in_countries(cities: int, countries: int) -> str:
    """17 cities in 1 country: each number with its own plural, which many languages need."""
    return _("%(cities)s %(in_countries)s") % {
        "cities": ngettext("%(count)s city", "%(count)s cities", cities) % {"count": number_text(cities)},
        "in_countries": ngettext("in %(count)s country", "in %(count)s countries", countries)
        % {"count": number_text(countries)},
    }
