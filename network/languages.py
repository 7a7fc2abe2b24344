"""The languages Koine can speak, in one table.

The superset is fixed, because translated columns are part of the database schema; which of them a network switches on
is data (`Network.enabled_languages`). Codes are BCP 47, native names as Unicode CLDR gives them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache


@dataclass(frozen=True)
class Language:
    """A language: BCP 47 code, English name, native name, whether it is written right to left."""

    code: str
    name: str
    native_name: str
    rtl: bool = False
    core: bool = False

    @property
    def direction(self) -> str:
        """`rtl` or `ltr`, as HTML's `dir` takes it."""
        return "rtl" if self.rtl else "ltr"


LANGUAGES: dict[str, Language] = {
    language.code: language
    for language in (
        Language("en", "English", "English", core=True),
        Language("ar", "Arabic", "العربية", rtl=True, core=True),
        Language("el", "Greek", "Ελληνικά", core=True),
        Language("it", "Italian", "Italiano", core=True),
        Language("sv", "Swedish", "Svenska", core=True),
        Language("fr", "French", "Français"),
        Language("fa", "Persian", "فارسی", rtl=True),
        Language("ur", "Urdu", "اردو", rtl=True),
        Language("da", "Danish", "Dansk"),
        Language("nb", "Norwegian Bokmål", "Norsk bokmål"),
        Language("fi", "Finnish", "Suomi"),
        Language("is", "Icelandic", "Íslenska"),
        Language("es", "Spanish", "Español"),
        Language("de", "German", "Deutsch"),
    )
}
CODES: tuple[str, ...] = tuple(LANGUAGES)
CORE: tuple[str, ...] = tuple(code for code, language in LANGUAGES.items() if language.core)
DEFAULT = "en"


def direction(code: str) -> str:
    """`rtl` or `ltr` for a language code; unknown codes (native names in other languages) answer by their script."""
    if code in LANGUAGES:
        return LANGUAGES[code].direction
    return "rtl" if code.split("-")[0] in {"he", "ps", "ckb", "ug", "sd", "yi", "dv"} else "ltr"


def native_name(code: str) -> str:
    """The language's name in itself; the code where it is not one of ours."""
    return LANGUAGES[code].native_name if code in LANGUAGES else code


@lru_cache(maxsize=1_000)
def fallbacks(wanted: str, original: str | None = None) -> tuple[str, ...]:
    """The order in which text is looked for: the reader's language, the text's own original, English, then the rest."""
    order = [wanted, *([original] if original else []), DEFAULT, *CODES]
    return tuple(dict.fromkeys(code for code in order if code in LANGUAGES))
