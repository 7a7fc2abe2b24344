"""What every page may use: its language and direction, the switcher, the navigation."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language, gettext_lazy as _

from network.frame.links import language_links, place_of
from network.languages import CORE, direction, native_name

PLACE_NAMES = {
    "practices": _("Practices"),
    "cities": _("Cities"),
    "networks": _("Networks"),
    "funds": _("Funds"),
    "desk": _("My desk"),
}


def frame(request: HttpRequest) -> dict[str, Any]:
    """The frame's variables; a view may pass its own `language_links` to list only the languages its content has."""
    code = get_language() or "en"
    here = place_of(request.path)
    return {
        "language_code": code,
        "language_native": native_name(code),
        "direction": direction(code),
        "language_links": language_links(request),
        "interface_complete": code in CORE,
        "core_languages": CORE,
        "navigation": [
            {"url": f"/{code}/{place}/", "name": name, "current": place == here} for place, name in PLACE_NAMES.items()
        ],
        "demo": settings.KOINE_DEMO,
        "developing": settings.KOINE_DEVELOPMENT,
        "site_origin": settings.KOINE_BASE_URL,
    }
