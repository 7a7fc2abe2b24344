"""The classification as SKOS (https://www.w3.org/TR/skos-reference/), in Turtle and in JSON-LD.

Both are written from one list of statements, so that they say the same. The address of a concept is that of its page
without a language; whoever follows it is led to the page in their own.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from network.translation.models import texts_of
from practices.enums import ConceptKind
from practices.models import Concept

PREFIXES = {
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dct": "http://purl.org/dc/terms/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
TITLE = "Koine: themes, target groups and approaches of cities against hate and for inclusion"
# https://www.w3.org/TR/turtle/#sec-escapes, and nothing that a line can't hold.
ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})


@dataclass(frozen=True)
class Address:
    """A thing that is named by its address."""

    iri: str


@dataclass(frozen=True)
class Words:
    """A text, and the language it is in (BCP 47); a code of ours is in none."""

    text: str
    language: str = ""


@dataclass(frozen=True)
class Flag:
    """True."""


Value = Address | Words | Flag


@dataclass(frozen=True)
class Thing:
    """A thing and what is said about it: its class, then property and values, in order."""

    iri: str
    kind: str
    says: list[tuple[str, list[Value]]]


def things(concepts: Iterable[Concept], origin: str) -> Iterator[Thing]:
    """The scheme, a collection of each kind, and every concept. Without a word that nobody wrote."""
    concepts = list(concepts)
    base = f"{origin}/practices/themes/"
    scheme = Address(base)

    def address(concept: Concept) -> Address:
        return Address(f"{base}{concept.code}/")

    tops = [concept for concept in concepts if concept.broader_id is None and not concept.archived_at]
    yield Thing(
        base,
        "skos:ConceptScheme",
        [
            ("dct:title", [Words(TITLE, "en")]),
            ("dct:license", [Address(LICENCE)]),
            ("skos:hasTopConcept", [address(concept) for concept in tops]),
        ],
    )
    for kind in ConceptKind:
        members = [address(concept) for concept in concepts if concept.kind == kind and not concept.archived_at]
        label = [Words(kind.value.replace("_", " ").capitalize(), "en")]
        yield Thing(f"{base}#{kind.value}", "skos:Collection", [("skos:prefLabel", label), ("skos:member", members)])
    for concept in concepts:
        narrower = [one for one in concepts if one.broader_id == concept.pk and not one.archived_at]
        yield Thing(
            address(concept).iri,
            "skos:Concept",
            [
                ("skos:inScheme", [scheme]),
                ("skos:notation", [Words(concept.code)]),
                ("skos:prefLabel", _texts(concept, "label")),
                ("skos:hiddenLabel", _hidden(concept)),
                ("skos:scopeNote", _texts(concept, "scope_note")),
                ("skos:topConceptOf", [scheme] if concept in tops else []),
                ("skos:broader", [address(concept.broader)] if concept.broader else []),
                ("skos:narrower", [address(one) for one in narrower]),
                ("skos:exactMatch", [Address(match) for match in concept.exact_match]),
                ("skos:closeMatch", [Address(match) for match in concept.close_match]),
                ("owl:deprecated", [Flag()] if concept.archived_at else []),
                ("dct:isReplacedBy", [address(concept.replaced_by)] if concept.replaced_by else []),
            ],
        )


def _texts(concept: Concept, field: str) -> list[Value]:
    return [Words(text, code) for code, text in texts_of(concept, field).items()]


def _hidden(concept: Concept) -> list[Value]:
    return [Words(text, code) for code, words in concept.hidden_labels.items() for text in words]


def as_turtle(concepts: Iterable[Concept], origin: str) -> str:
    """The scheme as a Turtle document in UTF-8."""
    lines = [f"@prefix {name}: <{address}> ." for name, address in PREFIXES.items()]
    for thing in things(concepts, origin):
        lines += ["", f"<{thing.iri}> a {thing.kind}"]
        for name, values in thing.says:
            if values:
                lines[-1] += " ;"
                lines.append(f"  {name} {', '.join(_turtle(value) for value in values)}")
        lines[-1] += " ."
    return "\n".join(lines) + "\n"


def _turtle(value: Value) -> str:
    match value:
        case Address(iri):
            return f"<{iri}>"
        case Words(text, language):
            return f'"{text.translate(ESCAPES)}"' + (f"@{language}" if language else "")
    return "true"


def as_json_ld(concepts: Iterable[Concept], origin: str) -> str:
    """The same as a JSON-LD 1.1 document; its context stands in it, nothing has to be fetched."""
    graph = [
        {"@id": thing.iri, "@type": thing.kind, **{name: [_json(one) for one in values] for name, values in thing.says if values}}
        for thing in things(concepts, origin)
    ]  # fmt: skip
    return json.dumps({"@context": PREFIXES, "@graph": graph}, ensure_ascii=False)


def _json(value: Value) -> object:
    match value:
        case Address(iri):
            return {"@id": iri}
        case Words(text, language):
            return {"@value": text, "@language": language} if language else text
    return True
