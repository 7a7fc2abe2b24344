"""Finding English on a page that should have none."""

from __future__ import annotations

import re
from html.parser import HTMLParser

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
# A title can carry no `lang`, and holds names that people typed.
SILENT = {"script", "style", "template", "title"}
SPOKEN = {"aria-label", "title", "placeholder", "alt", "data-label", "content"}
# Small words that a sentence of English can hardly do without and that mean nothing in Greek, Arabic, Italian or Swedish.
ENGLISH = re.compile(
    r"\b(the|and|with|your|this|that|from|you|are|was|were|been|have|which|what|when|of)\b", re.IGNORECASE
)


class Page(HTMLParser):
    """A page's texts with the language each stands in (its nearest `lang`), and its own language and direction."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.stack: list[tuple[str, str]] = []
        self.texts: list[tuple[str, str]] = []
        self.language = self.direction = ""
        self.feed(source)
        self.close()

    def speaking(self) -> str:
        """The language at this point."""
        return self.stack[-1][1] if self.stack else ""

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        # What people typed stands in <bdi> or dir="auto": nobody promises its language.
        typed = "typed" if tag == "bdi" or given.get("dir") == "auto" else ""
        language = given.get("lang") or typed or self.speaking()
        if tag == "html":
            self.language, self.direction = given.get("lang") or "", given.get("dir") or ""
        if tag != "meta" or given.get("name") == "description":
            self.texts += [(language, given[name] or "") for name in SPOKEN & given.keys()]
        if tag not in VOID:
            self.stack.append((tag, language))

    def handle_endtag(self, tag: str) -> None:
        while self.stack:
            if self.stack.pop()[0] == tag:
                return

    def handle_data(self, data: str) -> None:
        if data.strip() and not any(tag in SILENT for tag, _ in self.stack):
            self.texts.append((self.speaking(), " ".join(data.split())))

    def english(self, translations: dict[str, str]) -> list[str]:
        """Texts in the page's own language that are an untranslated message, or read like an English sentence."""
        own = [text for language, text in self.texts if language == self.language]
        untranslated = [text for text in own if translations.get(text, text) != text]
        sentences = [text for text in own if len({word.lower() for word in ENGLISH.findall(text)}) >= 2]
        return sorted({*untranslated, *sentences})
