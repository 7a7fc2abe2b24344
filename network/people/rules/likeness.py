"""How alike the names and addresses of two organisations are. Pure.

Names are folded as searching folds them (`network.text`), in their own script and in Latin letters, without legal forms;
then compared by the share of trigrams they have in common, as Postgres' pg_trgm does.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import urlsplit

import idna

from network.text import tokens, transliterate, word_forms

ALIKE = 0.55
# Legal forms and articles in names: they tell no organisation apart.
FORMS = frozenset(
    word_forms(word)[0]
    for word in tokens(
        "ltd limited plc llp cic cio inc the and of for ev gmbh ggmbh ag asbl sarl sa de la le les des du et "
        "srl spa onlus aps ets odv di del della ab ek for och i as og oy ry rf ae epe ike amke αε επε ικε αμκε του της των και "
        "sl y el los las"
    )
)
# Mail boxes that anybody can have: an address there says nothing of an organisation.
FREE_MAIL = frozenset(
    [
        "gmail.com",
        "googlemail.com",
        "outlook.com",
        "hotmail.com",
        "hotmail.co.uk",
        "hotmail.fr",
        "hotmail.it",
        "hotmail.es",
        "hotmail.de",
        "live.com",
        "live.co.uk",
        "msn.com",
        "yahoo.com",
        "yahoo.co.uk",
        "yahoo.fr",
        "yahoo.it",
        "yahoo.es",
        "yahoo.de",
        "yahoo.gr",
        "ymail.com",
        "rocketmail.com",
        "icloud.com",
        "me.com",
        "mac.com",
        "aol.com",
        "proton.me",
        "protonmail.com",
        "pm.me",
        "tutanota.com",
        "tuta.com",
        "gmx.de",
        "gmx.net",
        "gmx.com",
        "gmx.at",
        "gmx.ch",
        "web.de",
        "t-online.de",
        "freenet.de",
        "posteo.de",
        "mailbox.org",
        "mail.com",
        "mail.ru",
        "yandex.ru",
        "yandex.com",
        "zoho.com",
        "fastmail.com",
        "hey.com",
        "orange.fr",
        "wanadoo.fr",
        "free.fr",
        "laposte.net",
        "sfr.fr",
        "libero.it",
        "virgilio.it",
        "tiscali.it",
        "alice.it",
        "tin.it",
        "telia.com",
        "comhem.se",
        "home.se",
        "spray.se",
        "tele2.se",
        "bredband.net",
        "online.no",
        "broadpark.no",
        "mail.dk",
        "jubii.dk",
        "stofanet.dk",
        "luukku.com",
        "kolumbus.fi",
        "suomi24.fi",
        "otenet.gr",
        "forthnet.gr",
        "in.gr",
        "hol.gr",
        "btinternet.com",
        "btopenworld.com",
        "sky.com",
        "talktalk.net",
        "virginmedia.com",
        "ntlworld.com",
        "blueyonder.co.uk",
        "tiscali.co.uk",
        "hotmail.gr",
        "seznam.cz",
        "wp.pl",
        "o2.pl",
        "onet.pl",
        "interia.pl",
        "sapo.pt",
        "telefonica.net",
        "terra.es",
        "simnet.is",
        "maktoob.com",
        "menara.ma",
        "topnet.tn",
    ]
)


@lru_cache(maxsize=50_000)
def folded(name: str) -> frozenset[str]:
    """The forms under which a name is compared: as it is written and in Latin letters, without legal forms.

    “Föreningen Ljus AB” gives {"ljus"}; Φως gives {"φωσ", "fos"}. A name of legal forms only keeps them.
    """
    found = set()
    for text in (name, transliterate(name)):
        words = [word_forms(word)[0] for word in tokens(text)]
        telling = [word for word in words if word not in FORMS and len(word) > 1] or words
        if telling:
            found.add(" ".join(telling))
    return frozenset(found)


@lru_cache(maxsize=50_000)
def trigrams(text: str) -> frozenset[str]:
    """Three letters at a time of every word, with two spaces before it and one after, as pg_trgm cuts them."""
    cut: set[str] = set()
    for word in text.split():
        padded = f"  {word} "
        cut.update(padded[n : n + 3] for n in range(len(padded) - 2))
    return frozenset(cut)


def likeness(one: str, other: str) -> float:
    """From 0 to 1: how many of the trigrams of two folded names are in both. Where only the spaces differ, 1."""
    if one.replace(" ", "") == other.replace(" ", ""):
        return 1.0
    a, b = trigrams(one), trigrams(other)
    return len(a & b) / len(a | b) if a and b else 0.0


def blocks(names: Iterable[str]) -> set[str]:
    """Under what a folded name is looked up: each word, and how it begins. Names that share nothing here are not alike."""
    found: set[str] = set()
    for name in names:
        found.update(name.split())
        found.add(f"^{name.replace(' ', '')[:5]}")
    return found


def site_of(address: str) -> str:
    """The host of a website without “www.”, in its ASCII form; empty where there is none."""
    host = (urlsplit(address).hostname or "").rstrip(".").removeprefix("www.")
    try:
        return idna.encode(host, uts46=True).decode() if host else ""
    except idna.IDNAError:
        return host


def mail_domain(email: str) -> str:
    """The domain of an address; empty where anybody can have a mail box there."""
    domain = email.rpartition("@")[2].casefold()
    return "" if domain in FREE_MAIL else domain
