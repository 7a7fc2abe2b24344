"""Requests of OAI-PMH 2.0 (https://www.openarchives.org/OAI/openarchivesprotocol.html) as they come in.

A request is arguments by name, from the address or a form. What breaks the protocol's rules is a `Refused` with the
protocol's own code, never a status of HTTP.

    verb                  arguments
    Identify
    ListMetadataFormats   [identifier]
    ListSets              [resumptionToken]
    GetRecord             identifier, metadataPrefix
    ListIdentifiers       metadataPrefix, [from], [until], [set]; or resumptionToken alone
    ListRecords           the same

A resumption token is all there is to know of a list that is being told, signed; nothing is kept of it here, and it never
expires.
"""

from __future__ import annotations

import datetime
import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core import signing

from practices.queries.harvest import Place, Selection

PREFIX = "oai_dc"
LISTS = ("ListIdentifiers", "ListRecords")
ALLOWED: dict[str, frozenset[str]] = {
    "Identify": frozenset(),
    "ListMetadataFormats": frozenset({"identifier"}),
    "ListSets": frozenset({"resumptionToken"}),
    "GetRecord": frozenset({"identifier", "metadataPrefix"}),
    **{verb: frozenset({"metadataPrefix", "from", "until", "set", "resumptionToken"}) for verb in LISTS},
}
DATE = re.compile(r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}Z)?", re.ASCII)
# What stands in these is part of the protocol's own schema.
NAMES = re.compile(r"[A-Za-z0-9\-_.!~*'()]+")
SETS = re.compile(rf"{NAMES.pattern}(:{NAMES.pattern})*")
URI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[!-~]+")
UUID_URN = "urn:uuid:"
LONGEST = 1000
SALT = "koine.practices.harvest"


class Refused(Exception):
    """The protocol's error: its code, and what is wrong in words."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code, self.words = code, words


@dataclass(frozen=True)
class Progress:
    """How far a list has been told: where the next record stands after, how many were told, how many there are."""

    after: Place
    told: int
    total: int


@dataclass(frozen=True)
class HarvestRequest:
    """A request that keeps the rules. identifier: none where it can't be one of ours; progress: where a list goes on."""

    verb: str
    arguments: Mapping[str, str]
    identifier: uuid.UUID | None = None
    wanted: Selection = field(default_factory=Selection)
    progress: Progress | None = None


def read_request(given: Iterable[tuple[str, Sequence[str]]]) -> HarvestRequest:
    """The request of these arguments, each with all its values. Raises Refused."""
    values = dict(given)
    verbs = values.pop("verb", ())
    if len(verbs) != 1 or verbs[0] not in ALLOWED:
        raise Refused("badVerb", f"Give one verb, one of: {', '.join(ALLOWED)}.")
    verb = verbs[0]
    for name, several in values.items():
        if name not in ALLOWED[verb]:
            raise Refused("badArgument", f"{verb} takes no such argument.")
        if len(several) != 1:
            raise Refused("badArgument", f"{name} is given {len(several)} times.")
    arguments = {name: several[0] for name, several in values.items()}
    if "resumptionToken" in arguments:
        return _resumed(verb, arguments)
    if missing := _needed(verb) - set(arguments):
        raise Refused("badArgument", f"{verb} needs {' and '.join(sorted(missing))}.")
    identifier = _identifier(arguments["identifier"]) if "identifier" in arguments else None
    _judge_prefix(arguments)
    return HarvestRequest(verb, arguments, identifier, _selection(arguments))


def _needed(verb: str) -> set[str]:
    return {"GetRecord": {"identifier", "metadataPrefix"}}.get(verb) or ({"metadataPrefix"} if verb in LISTS else set())


def _judge_prefix(arguments: Mapping[str, str]) -> None:
    if not NAMES.fullmatch(arguments.get("metadataPrefix", PREFIX)):
        raise Refused("badArgument", "That can't be a metadataPrefix.")


def _identifier(text: str) -> uuid.UUID | None:
    """The number behind `urn:uuid:...`; None for a name that is none of ours."""
    if len(text) > LONGEST or not URI.fullmatch(text):
        raise Refused("badArgument", "That can't be an identifier: it is no URI.")
    try:
        return uuid.UUID(text[len(UUID_URN) :]) if text.lower().startswith(UUID_URN) else None
    except ValueError:
        return None


def _selection(arguments: Mapping[str, str]) -> Selection:
    since, until = arguments.get("from"), arguments.get("until")
    if since is not None and until is not None and len(since) != len(until):
        raise Refused("badArgument", "from and until have different granularities.")
    first = _moment(since, "from", datetime.time.min) if since is not None else None
    last = _moment(until, "until", datetime.time(23, 59, 59)) if until is not None else None
    if first and last and first > last:
        raise Refused("badArgument", "from is later than until.")
    spec = arguments.get("set", "")
    if "set" in arguments and not SETS.fullmatch(spec):
        raise Refused("badArgument", "That can't be a set: ListSets tells those there are.")
    return Selection(first, last, spec)


def _moment(text: str, name: str, of_day: datetime.time) -> datetime.datetime:
    try:
        if not DATE.fullmatch(text):
            raise ValueError(text)
        if len(text) == len("YYYY-MM-DD"):
            return datetime.datetime.combine(datetime.date.fromisoformat(text), of_day, tzinfo=datetime.UTC)
        return datetime.datetime.fromisoformat(text)
    except ValueError:
        raise Refused("badArgument", f"{name} is no date: write YYYY-MM-DD or YYYY-MM-DDThh:mm:ssZ.") from None


def token_of(verb: str, wanted: Selection, progress: Progress) -> str:
    """The token with which a list goes on."""
    told: dict[str, Any] = {
        "v": verb,
        "f": wanted.since and wanted.since.isoformat(),
        "u": wanted.until and wanted.until.isoformat(),
        "s": wanted.set_spec,
        "d": progress.after[0].isoformat(),
        "n": progress.after[1],
        "c": progress.told,
        "t": progress.total,
    }
    return signing.dumps(told, salt=SALT, compress=True)


def _resumed(verb: str, arguments: Mapping[str, str]) -> HarvestRequest:
    if len(arguments) > 1:
        raise Refused("badArgument", "resumptionToken stands alone.")
    token = arguments["resumptionToken"]
    try:
        if len(token) > LONGEST:
            raise signing.BadSignature
        told = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        raise Refused("badResumptionToken", "This portal did not make that token.") from None
    if told["v"] != verb:
        raise Refused("badResumptionToken", f"That token is one of {told['v']}.")
    since, until = (datetime.datetime.fromisoformat(told[key]) if told[key] else None for key in ("f", "u"))
    after = (datetime.datetime.fromisoformat(told["d"]), told["n"])
    return HarvestRequest(
        verb, arguments, wanted=Selection(since, until, told["s"]), progress=Progress(after, told["c"], told["t"])
    )
