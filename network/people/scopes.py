"""What roles and API tokens are tied to, told by the apps that own those things.

`network.people` knows a scope only as a kind and a key. An app that owns such things (cities, funds, rounds, networks)
registers in `ready` how a key is named and to which networks it belongs, so that roles can be shown in words and a
network's officers can give the roles of their own network.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from network.doors import Verdict
from network.languages import native_name


@dataclass(frozen=True)
class Scope:
    """How the keys of one kind of scope are read: their name in the reader's language, and their networks' UUIDs."""

    name_of: Callable[[str], str]
    networks_of: Callable[[str], Iterable[str]]


@dataclass(frozen=True)
class TokenScope:
    """A kind of thing that there can be API tokens for: who may make them for a key, and the keys a person is offered."""

    rule: Callable[[Any, str], Verdict]
    offered: Callable[[Any], Iterable[str]]


SCOPES: dict[str, Scope] = {}
TOKEN_SCOPES: dict[str, TokenScope] = {}


def register_scope(
    kind: str, *, name_of: Callable[[str], str], networks_of: Callable[[str], Iterable[str]] = lambda key: ()
) -> None:
    """Say in an app's `ready` how keys of `kind` (a ScopeKind) are named and which networks may give roles for them.

    Both functions are called with a key that may no longer exist: answer "" and nothing then.
    """
    SCOPES[kind] = Scope(name_of, networks_of)


def register_token_scope(
    kind: str, *, rule: Callable[[Any, str], Verdict], offered: Callable[[Any], Iterable[str]]
) -> None:
    """Say in an app's `ready` that there can be API tokens for keys of `kind`.

    `rule(user, key)` says whether a person may make and see the tokens for that key, which may no longer exist; a token
    opens something only while its owner still may. `offered(user)` are the keys told on the person's own page.
    """
    TOKEN_SCOPES[kind] = TokenScope(rule, offered)


def name_of(kind: str, key: str) -> str:
    """The name of a scope's thing in the reader's language; "" where nobody knows it: a bare key tells a reader nothing."""
    scope = SCOPES.get(kind)
    return scope.name_of(key) if scope else ""


def networks_of(kind: str, key: str) -> set[str]:
    """The UUIDs of the networks whose officers may give roles for this thing."""
    scope = SCOPES.get(kind)
    return {str(network) for network in scope.networks_of(key)} if scope else set()


register_scope("network", name_of=lambda key: "", networks_of=lambda key: (key,))
register_scope("language", name_of=native_name)
