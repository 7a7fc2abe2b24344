"""The answers of OAI-PMH 2.0 as XML: http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd, records as oai_dc.

Elements stand in the order of that schema, which is a sequence everywhere.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from xml.sax.saxutils import escape, quoteattr

from network.sheets import NOT_XML
from practices.documents.dublin_core import Statement, statements
from practices.queries.harvest import Harvested, HarvestSet, Header

NAMESPACE = "http://www.openarchives.org/OAI/2.0/"
FORMAT_SCHEMA = "http://www.openarchives.org/OAI/2.0/oai_dc.xsd"
FORMAT_NAMESPACE = "http://www.openarchives.org/OAI/2.0/oai_dc/"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
START = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    f'<OAI-PMH xmlns="{NAMESPACE}" xmlns:xsi="{XSI}" xsi:schemaLocation="{NAMESPACE} {NAMESPACE}OAI-PMH.xsd">\n'
)
DUBLIN_CORE = (
    f'<oai_dc:dc xmlns:oai_dc="{FORMAT_NAMESPACE}" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    f'xsi:schemaLocation="{FORMAT_NAMESPACE} {FORMAT_SCHEMA}">'
)


def answer(base_url: str, arguments: Mapping[str, str], content: str, at: datetime.datetime) -> str:
    """A whole answer. `arguments` are those of a request that keeps the rules (with its verb), else none."""
    told = "".join(f" {name}={quoteattr(_clean(value))}" for name, value in arguments.items())
    request = f"<request{told}>{_text(base_url)}</request>\n"
    return f"{START}{_element('responseDate', stamp(at))}\n{request}{content}\n</OAI-PMH>\n"


def error(code: str, words: str) -> str:
    """That something can't be told, by the protocol's code."""
    return f"<error code={quoteattr(code)}>{_text(words)}</error>"


def identify(name: str, base_url: str, email: str, earliest: datetime.datetime) -> str:
    """Who tells."""
    return _holding(
        "Identify",
        _element("repositoryName", name),
        _element("baseURL", base_url),
        _element("protocolVersion", "2.0"),
        _element("adminEmail", email),
        _element("earliestDatestamp", stamp(earliest)),
        _element("deletedRecord", "persistent"),
        _element("granularity", "YYYY-MM-DDThh:mm:ssZ"),
    )


def formats(prefix: str) -> str:
    """The one format that every record can be told in."""
    parts = {"metadataPrefix": prefix, "schema": FORMAT_SCHEMA, "metadataNamespace": FORMAT_NAMESPACE}
    one = _holding("metadataFormat", *(_element(name, text) for name, text in parts.items()))
    return _holding("ListMetadataFormats", one)


def sets(told: Iterable[HarvestSet]) -> str:
    """The sets, with their names in every language."""
    return _holding("ListSets", *(_set(one) for one in told))


def _set(one: HarvestSet) -> str:
    names = [Statement("title", name, code) for code, name in one.names.items() if name]
    described = f"<setDescription>{_dublin_core(names)}</setDescription>"
    return _holding("set", _element("setSpec", one.spec), _element("setName", one.name), described)


def listed(verb: str, records: Iterable[Harvested], origin: str, token: str) -> str:
    """Records, or (ListIdentifiers) their headers; `token` as `resumption` makes it, or nothing."""
    make = _header_of if verb == "ListIdentifiers" else _record
    return _holding(verb, *(make(one, origin) for one in records), token)


def single(one: Harvested, origin: str) -> str:
    """One record."""
    return _holding("GetRecord", _record(one, origin))


def resumption(token: str, *, cursor: int, total: int) -> str:
    """How a list goes on; with an empty token: that it ends here. cursor: how many were told before; total: in all."""
    return f'<resumptionToken completeListSize="{total}" cursor="{cursor}">{_text(token)}</resumptionToken>'


def stamp(moment: datetime.datetime) -> str:
    """2026-11-30T17:00:00Z."""
    return moment.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _header_of(one: Harvested, _origin: str) -> str:
    return _header(one.header)


def _header(header: Header) -> str:
    status = ' status="deleted"' if header.deleted else ""
    sets_told = "".join(_element("setSpec", spec) for spec in header.sets)
    identified = _element("identifier", header.uuid.urn) + _element("datestamp", stamp(header.datestamp))
    return f"<header{status}>{identified}{sets_told}</header>\n"


def _record(one: Harvested, origin: str) -> str:
    if one.practice is None:
        return _holding("record", _header(one.header))
    told = _dublin_core(statements(one.practice, origin))
    return _holding("record", _header(one.header), f"<metadata>{told}</metadata>")


def _dublin_core(told: Iterable[Statement]) -> str:
    lines = []
    for statement in told:
        if text := _text(statement.text):
            language = f' xml:lang="{statement.language}"' if statement.language else ""
            lines.append(f"<dc:{statement.element}{language}>{text}</dc:{statement.element}>\n")
    return f"{DUBLIN_CORE}\n{''.join(lines)}</oai_dc:dc>"


def _holding(name: str, *parts: str) -> str:
    return f"<{name}>\n{''.join(parts)}</{name}>\n"


def _element(name: str, text: str) -> str:
    return f"<{name}>{_text(text)}</{name}>\n"


def _text(text: str) -> str:
    return escape(_clean(text))


def _clean(text: str) -> str:
    """Without what XML can't hold."""
    return NOT_XML.sub("", text)
