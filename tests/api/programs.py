"""A city's own system, as the tests of its token play it."""

from __future__ import annotations

import json
import uuid
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from network.people.domain.tokens import make_token
from network.people.models import User

OWN = "/api/v1/own/practices/"
WHOLE: dict[str, dict[str, Any]] = {
    "about": {"title": "Bridges", "running": "running", "started_on": "9 2019", "settings_count": 2},
    "classification": {"themes": ["peace"]},
    "summary": {"summary": "What it is."},
    "story": {name: f"The {name}." for name in ("challenge", "goals", "actions", "participation")},
    "lessons": {"rows": [{"kind": "failed", "text": "Posters."}]},
    "results": {"rows": [{"indicator": "Trust", "unit": "per cent", "baseline": 31, "value": 58.5}]},
}


class Program:
    """A city's own system: what it sends carries its token, and it speaks one language."""

    def __init__(self, secret: str, language: str = "en") -> None:
        self.client, self.headers = Client(), {"Authorization": f"Bearer {secret}", "Accept-Language": language}

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Send JSON; header names with underscores for hyphens."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        content = {} if body is None else {"data": body if isinstance(body, str) else json.dumps(body)}
        return getattr(self.client, method)(
            path, **content, content_type="application/json", headers={**self.headers, **named}
        )

    def get(self, path: str, **headers: str) -> Any:
        return self.client.get(path, headers={**self.headers, **headers})

    def begin(self, body: dict[str, Any] | None = None, **headers: str) -> Any:
        return self.ask("post", OWN, body or {"language": "en", "title": "Bridges"}, **headers)

    def write(self, practice: str, section: str, body: Any, revision: int | str = 1) -> Any:
        return self.ask("put", f"{OWN}{practice}/sections/{section}/", body, If_Match=f'"{revision}"')

    def write_all(self, practice: str) -> None:
        for section, body in WHOLE.items():
            assert self.write(practice, section, body).status_code == 200


def token_of(city, officer: User, right: str = "write", name: str = "CMS"):
    return make_token(("city", str(city.uuid)), name, right, 90, by=officer)


PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\nIDATx\x9cc\x00\x01\x00\x00\x05\x00\x01\r\n-\xb4\x00\x00\x00\x00IEND\xaeB`\x82"
)


def upload(program, begun: str, data: bytes, name: str = "a.png", section: str = "pictures", row: str = ""):
    path = f"{OWN}{begun}/sections/{section}/{row or uuid.uuid4()}/file/"
    body = {"file": SimpleUploadedFile(name, data)} if name else {}
    content = program.client.post  # the client encodes multipart for POST only
    return content(path, body, headers=program.headers, REQUEST_METHOD="PUT")
