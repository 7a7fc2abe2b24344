"""Calls for applications as an Atom feed: the rounds that are open or open soon, the next deadline first."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils.translation import get_language, gettext as _

from grants.enums import Moment
from grants.models import Round
from network import atom
from network.frame.moments import moment_text
from network.frame.names import money_text


def as_atom(rounds: Iterable[tuple[Round, Moment]], origin: str) -> tuple[bytes, datetime]:
    """The document in the active language, and when a round of it was published or opened last. `origin`: the portal's address."""
    code, rounds = get_language() or "en", list(rounds)
    updated = max((_changed(round_, moment) for round_, moment in rounds), default=atom.NEVER)
    own, shown = origin + reverse("grants:feed"), origin + reverse("grants:funds")
    root = atom.begun(atom.Head(_("Calls for applications"), code, updated, own, shown), origin)
    for round_, moment in rounds:
        fund = round_.fund
        entry = atom.text(root, "entry")
        entry.set(atom.LANG, code)
        atom.text(entry, "id", round_.uuid.urn)
        title = _("%(fund)s: %(round)s") % {"fund": fund.shown_title, "round": round_.shown_title}
        atom.text(entry, "title", title)
        atom.text(entry, "published", round_.created_at.isoformat())
        atom.text(entry, "updated", _changed(round_, moment).isoformat())
        author = atom.text(entry, "author")
        owner = fund.owner_city or fund.owner_network
        atom.text(author, "name", owner.shown_name if owner else "Koine")
        atom.link(entry, "alternate", origin + fund.get_absolute_url(), atom.HTML, code)
        call = origin + reverse("grants:fund_pdf", args=[fund.slug])
        atom.link(entry, "related", call, atom.PDF, code, _("All of it with every question (PDF)"))
        atom.text(entry, "category", term=str(moment), label=str(moment.label))
        if round_.demo:
            told = _("Demonstration: it did not happen")
            atom.text(entry, "category", term="demonstration", label=told)
        atom.text(entry, "summary", "\n\n".join(filter(None, (_terms(round_), fund.shown_purpose))))
    return atom.written(root), updated


def _changed(round_: Round, moment: Moment) -> datetime:
    """When followers last had something to learn of it: that it was announced, then that it opened."""
    return round_.opens_at if moment == Moment.OPEN else round_.created_at


def _terms(round_: Round) -> str:
    opens, closes = (moment_text(one, round_.timezone) for one in (round_.opens_at, round_.closes_at))
    lines = [_("Opens %(moment)s") % {"moment": opens}, _("Closes %(moment)s") % {"moment": closes}]
    if round_.award_max:
        most = money_text(round_.award_max, round_.fund.currency)
        lines.append(_("Grants up to %(amount)s") % {"amount": most})
    return "\n".join(lines)
