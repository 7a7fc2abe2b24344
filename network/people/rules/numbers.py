"""Numbers in public registers: how each register writes them, and whether the check digit fits. Pure.

Formats are those the registers publish; check digits are computed by python-stdnum, which names its source for each.
A register without a check digit is judged by its format alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from stdnum import lei
from stdnum.be import vat as be_vat
from stdnum.dk import cvr
from stdnum.es import cif
from stdnum.exceptions import ValidationError
from stdnum.fi import ytunnus
from stdnum.fr import siren
from stdnum.gr import vat as gr_vat
from stdnum.is_ import kennitala
from stdnum.it import codicefiscale, iva
from stdnum.no import orgnr as no_orgnr
from stdnum.se import orgnr as se_orgnr

from network.people.enums import IdentifierScheme as S
from network.text import ascii_digits, clean_line

LONGEST = 64


@dataclass(frozen=True)
class Register:
    """How a register writes its numbers: the canonical form as a pattern, an example for people, whether spaces, dots and
    dashes are mere decoration, and who computes the check digit (it raises `ValidationError`)."""

    pattern: str
    example: str
    plain: bool = True
    check: Callable[[str], Any] | None = None
    mend: Callable[[str], str] | None = None


def _eight(number: str) -> str:
    """Companies House numbers have eight characters: zeros that were left out at the start come back."""
    return number.zfill(8) if number.isdecimal() and len(number) >= 5 else number


def _english(number: str) -> str:
    """Subsidiaries of a charity are numbered after a dash that people often write with zeros or spaces."""
    return re.sub(r"[\s.]", "", number)


def _german(number: str) -> str:
    """“Amtsgericht München HRB 123456 B”: one space between the parts, the kind of register in its own capitals."""
    kinds = {"hra": "HRA", "hrb": "HRB", "gnr": "GnR", "pr": "PR", "vr": "VR", "gsr": "GsR"}
    words = re.sub(r"(?i)\b(hra|hrb|gnr|pr|vr|gsr)\.?\s*(?=\d)", lambda found: f"{found[1]} ", number).split()
    return " ".join(kinds.get(word.casefold(), word) for word in words)


REGISTERS: dict[str, Register] = {
    # Charity Commission: six or seven digits, a subsidiary after a dash. No check digit.
    S.GB_CHC: Register(r"\d{6,7}(-\d{1,3})?", "1156077", plain=False, mend=_english),
    # Companies House, "Company number formats": eight digits, or a prefix of two and six more. No check digit.
    S.GB_COH: Register(r"\d{8}|[A-Z]{2}\d{6}|R0\d{6}|IP\d{5}R", "09668396", mend=_eight),
    # OSCR: SC and six digits. CCNI: NIC and six digits. No check digits.
    S.GB_SC: Register(r"SC\d{6}", "SC012345"),
    S.GB_NIC: Register(r"NIC\d{6}", "NIC100123"),
    # Local authorities in England: the three or four letters of the register.
    S.GB_LAE: Register(r"[A-Z]{3,4}", "BIR"),
    # GEMI: up to twelve digits, zeros at the start count. No published check digit.
    S.GR_GEMI: Register(r"\d{5,12}", "000123401000"),
    # AFM (Greek tax number): nine digits, powers of two modulo 11.
    S.GR_AFM: Register(r"\d{9}", "094259216", check=gr_vat.validate),
    # Bolagsverket and Skatteverket (SKV 709): ten digits, the last by the Luhn formula.
    S.SE_BLV: Register(r"\d{10}", "556703-7485", check=se_orgnr.validate),
    S.SE_ON: Register(r"\d{10}", "556703-7485", check=se_orgnr.validate),
    # REA number of a chamber of commerce: province and up to seven digits. No check digit.
    S.IT_RI: Register(r"[A-Z]{2}\d{4,7}", "MI-1234567"),
    # Codice fiscale of an organisation: eleven digits (Luhn), or sixteen characters of a person (D.M. 23 December 1976).
    S.IT_CF: Register(r"\d{11}|[A-Z0-9]{16}", "00743110157", check=codicefiscale.validate),
    S.IT_PIVA: Register(r"\d{11}", "00743110157", check=iva.validate),
    # Erhvervsstyrelsen: eight digits, weighted modulo 11.
    S.DK_CVR: Register(r"\d{8}", "13585628", check=cvr.validate),
    # Brønnøysundregistrene: nine digits, weighted modulo 11.
    S.NO_BRC: Register(r"\d{9}", "988 077 917", check=no_orgnr.validate),
    # PRH and Verohallinto: seven digits and a check digit, weighted modulo 11.
    S.FI_PRO: Register(r"\d{8}", "2077474-0", check=ytunnus.validate),
    # Skatturinn (RSK): ten digits, weighted modulo 11; organisations add 40 to the day.
    S.IS_RSK: Register(r"\d{10}", "450401-3150", check=kennitala.validate),
    # RNA: W and nine digits (décret du 16 août 1901, art. 1). No check digit. SIREN: nine digits, Luhn (INSEE).
    S.FR_RNA: Register(r"W\d{9}", "W751234567"),
    S.FR_SIREN: Register(r"\d{9}", "552 008 443", check=siren.validate),
    # Orden EHA/451/2008: a letter, seven digits and a control character.
    S.ES_NIF: Register(r"[A-Z]\d{7}[A-J0-9]", "J99216582", check=cif.validate),
    # Handelsregister: court, kind of register and number. No check digit.
    S.DE_CR: Register(r"(\D{2,60} )?(HRA|HRB|GnR|PR|VR|GsR) \d{1,6}( [A-Z]{1,3})?", "Bonn HRB 8146", plain=False, mend=_german),
    # KVK: eight digits, zeros at the start count. No published check digit.
    S.NL_KVK: Register(r"\d{8}", "01234567"),
    # KBO/BCE: ten digits, the last two by modulo 97.
    S.BE_BCE_KBO: Register(r"\d{10}", "0403.019.261", check=be_vat.validate),
    # ISO 17442: twenty characters, modulo 97.
    S.XI_LEI: Register(r"[A-Z0-9]{18}\d{2}", "213800KUD8LAJWSQ9D15", check=lei.validate),
    S.XI_WIKIDATA: Register(r"Q[1-9]\d{0,9}", "Q42"),
}  # fmt: skip


def canonical(scheme: str, typed: str) -> str:
    """A number as it is stored and compared: ASCII digits, capitals, without the register's decoration. Zeros stay."""
    number = ascii_digits(clean_line(typed))
    register = REGISTERS.get(scheme)
    if register is None:
        return number.replace(" ", "")
    if register.plain:
        number = re.sub(r"[\s./_\-\u2010-\u2015]", "", number).upper()
    return register.mend(number) if register.mend else number


def fault(scheme: str, number: str) -> Any:
    """What is wrong with a canonical number, as a sentence; None where nothing is."""
    if scheme not in S.values or not number or len(number) > LONGEST:
        return _("Enter the register and the number, or leave both empty.")
    register = REGISTERS.get(scheme)
    if register is None:
        return None
    if not re.fullmatch(register.pattern, number, re.ASCII):
        return _("Numbers of this register look like %(example)s. Check for missing or extra characters.") % {
            "example": register.example
        }
    if register.check is not None:
        try:
            register.check(number)
        except ValidationError:
            return _(
                "The check digit does not fit: a digit of this number is wrong, or two are swapped. "
                "Copy it from the register."
            )
    return None
