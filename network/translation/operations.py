"""What migrations are written with: the columns that a translated field had when its table was made."""

from __future__ import annotations

from typing import Any

from django.db import models

# The languages of 2026. They stay as they are: a migration makes today what it made then. A language that joins the network
# joins `network.languages`, and brings its columns in migrations of its own.
FOURTEEN = [
    ("en", "English"),
    ("ar", "العربية"),
    ("el", "Ελληνικά"),
    ("it", "Italiano"),
    ("sv", "Svenska"),
    ("fr", "Français"),
    ("fa", "فارسی"),
    ("ur", "اردو"),
    ("da", "Dansk"),
    ("nb", "Norsk bokmål"),
    ("fi", "Suomi"),
    ("is", "Íslenska"),
    ("es", "Español"),
    ("de", "Deutsch"),
]


def translated(name: str, kind: type[models.Field], **options: Any) -> list[tuple[str, models.Field]]:
    """The columns of a translated field as modeltranslation makes them: its own, and one per language that may be NULL."""
    columns = [(f"{name}_{code}", kind(**{**options, "null": True})) for code, _own_name in FOURTEEN]
    return [(name, kind(**options)), *columns]
