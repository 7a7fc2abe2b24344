"""Numbers, money, countries and languages in the reader's language, after Unicode CLDR (Babel).

Digits are Latin in every language: reference numbers, money and dates are read aloud on the telephone across scripts.
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.numbers import format_currency, format_decimal, format_percent
from babel.units import format_unit
from django.utils.translation import get_language

from network.languages import direction

# English is written as in London, where dates go day, month, year.
SPOKEN = {"en": "en_GB", "nb": "nb_NO"}


@lru_cache(maxsize=64)
def locale_of(code: str) -> Locale:
    """The CLDR locale of a language code; British English for codes CLDR does not know."""
    try:
        return Locale.parse(SPOKEN.get(code, code.replace("-", "_")))
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en_GB")


def reader() -> Locale:
    """The locale of the language that is active now."""
    return locale_of(get_language() or "en")


def number_text(value: Decimal | float | int, *, places: int | None = None) -> str:
    """1,234.5 in the reader's separators; `places` fixes the decimals."""
    return _number_text(value, places, get_language() or "en")


@lru_cache(maxsize=20_000)
def _number_text(value: Decimal | float | int, places: int | None, code: str) -> str:
    # Kept, because pages name the same small numbers again and again, and each takes a fifth of a millisecond.
    pattern = None if places is None else "#,##0" + ("." + "0" * places if places else "")
    return format_decimal(value, format=pattern, locale=locale_of(code), numbering_system="latn")


def percent_text(share: Decimal | float) -> str:
    """A share of one as a percentage without decimals: 0.5 is 50%."""
    return format_percent(share, locale=reader(), numbering_system="latn")


@lru_cache(maxsize=64)
def _money_pattern(locale: Locale, whole: bool) -> str:
    pattern = locale.currency_formats["standard"].pattern
    return pattern.replace(".00", "") if whole else pattern


def money_text(amount: Decimal | float | int, currency: str) -> str:
    """£50,000 or 1.250,50 €: an ISO 4217 currency in the reader's way, without pence where there are none.

    In right-to-left languages it is written as in English: CLDR's forms there mix Latin letters, marks and signs that
    come apart on the screen.
    """
    amount = Decimal(amount)
    locale = reader()
    if direction(locale.language) == "rtl":
        locale = locale_of("en")
    whole = amount == amount.to_integral_value()
    return format_currency(
        amount, currency, _money_pattern(locale, whole), locale=locale, currency_digits=False, numbering_system="latn"
    )


def size_text(octets: int) -> str:
    """178 kB: the size of a file in its largest whole unit."""
    unit, step = ("megabyte", 1e6) if octets >= 1e6 else ("kilobyte", 1e3)
    size = max(octets / step, 1)
    return format_unit(
        round(size, 1 if unit == "megabyte" else 0),
        f"digital-{unit}",
        length="short",
        locale=reader(),
        numbering_system="latn",
    )


def country_name(code: str) -> str:
    """A country by its ISO 3166 alpha-2 code in the reader's language; the code itself where CLDR knows no name."""
    return str(reader().territories.get(code, code)) if code else ""


def language_name(code: str) -> str:
    """A language by its code in the reader's language, as it stands inside a sentence."""
    return str(reader().languages.get(code.replace("-", "_"), code)) if code else ""
