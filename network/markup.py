"""Plain text out of the markup that word processors and web pages leave: what it says stays, how it looked goes.

Paragraphs become paragraphs, lists become lines with their bullets or numbers, cells of a table are parted by bars, a link
keeps its address in brackets, raised and lowered figures stay so (m², CO₂), what was struck out as a tracked change is left
out. `static/js/paste.js` does the same in the browser; `tests/frame/clipboard/` holds what both are tried with.

One pass, in time that grows as the text does, whatever is nested in what. What is no tag of HTML stays as it was typed:
`a < b`, `<3`, `<your name>`. Nothing here makes markup safe to show: what comes out is text, and is escaped like any other.
"""

from __future__ import annotations

import html
import re

from network.text import BIDI_CONTROLS, CONTROLS

_BLOCKS = (
    "address article aside blockquote body br caption center dd details dialog dir div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hr html legend li main menu nav ol p pre section summary table tbody td tfoot th "
    "thead tr ul"
)
_INLINE = (
    "a abbr acronym area audio b base basefont bdi bdo big button canvas cite code col colgroup data datalist del dfn em "
    "embed font frame frameset head i iframe img input ins kbd label link map mark meta meter noframes noscript object "
    "optgroup option output param picture progress q rp rt ruby s samp script select slot small source span strike strong "
    "style sub sup svg template textarea time title track tt u var video wbr xml"
)
BLOCKS = frozenset(_BLOCKS.split())
NAMES = BLOCKS | frozenset(_INLINE.split())
# What lies between these is not for readers.
DROPPED = ("del", "iframe", "noframes", "object", "script", "style", "svg", "template", "title", "xml")
APART = frozenset(("blockquote", "dl", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "p", "pre", "table"))
LISTS = frozenset(("ul", "ol", "menu", "dir"))
# A list is indented so deep at most.
DEEPEST = 6
LONGEST_ADDRESS = 2000
# Longer markup is not read: ten times what any text may have, and about a second's work.
MOST_MARKUP = 1_000_000

_ANY = "|".join(sorted(NAMES, key=len, reverse=True))
_BLOCK = "|".join(sorted(BLOCKS, key=len, reverse=True))
# What people do not type by chance: a closing tag, a break, the opening tag of a block.
SIGNS = re.compile(rf"</(?:{_ANY})\s*>|<br\s*/?>|<(?:{_BLOCK})(?:\s+[\w:-]+\s*=[^<>]*)?>", re.IGNORECASE | re.ASCII)
FLOWS = re.compile(rf"</?(?:{_BLOCK})[\s/>]", re.IGNORECASE | re.ASCII)
PLAIN_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*(?:[:-][\w:-]*)?)((?:[\s/][^<>\"']*)?)>", re.IGNORECASE | re.ASCII)
TAG = re.compile(r"<(/?)([a-z][a-z0-9]*(?:[:-][\w:-]*)?)(?=[\s/>])", re.IGNORECASE | re.ASCII)
DECLARATION = re.compile(r"<[!?][a-z\[/]", re.IGNORECASE)
STOP = re.compile(r"[\"'>]")
SPACE = re.compile(r"[ \t\r\n\f]+")
EMPTY_LINE = re.compile(r"\n[ \t\r]*\n[ \t\r\n]*")
ENDLESS_NUMBER = re.compile(r"&#(?:x[0-9a-f]{7,}|[0-9]{8,}|x?0+);?", re.IGNORECASE)
ADDRESS = re.compile(r"(?:https?://|mailto:)[^\s<>]+", re.IGNORECASE)
BEFORE_NAME = re.compile(r"^(?:https?://|mailto:)(?:www\.)?", re.IGNORECASE)
LEVEL = re.compile(r"mso-list:[^;\"']*?\blevel(\d)", re.IGNORECASE)
IGNORED = re.compile(r"mso-list:\s*ignore", re.IGNORECASE)
START = re.compile(r"\bstart\s*=\s*[\"']?(\d{1,4})\b", re.IGNORECASE)
RAISED = str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻")
LOWERED = str.maketrans("0123456789+-", "₀₁₂₃₄₅₆₇₈₉₊₋")
FIGURES = re.compile(r"[0-9+-]+", re.ASCII)


def is_markup(text: str) -> bool:
    """Whether somebody pasted or sent HTML; comparing, hearts and names in angle brackets are not."""
    comment = text.find("<!--")
    return SIGNS.search(text) is not None or (comment >= 0 and text.find("-->", comment) >= 0)


def without_markup(text: str) -> str:
    """The text as it is where it holds no markup, or more than MOST_MARKUP, else what its markup says.

    The same again changes nothing more.
    """
    if len(text) > MOST_MARKUP or not is_markup(text):
        return text
    said = _Reading(BIDI_CONTROLS.sub("", CONTROLS.sub("", text))).text()
    # What was written about markup, escaped, stays readable and is not taken for markup the next time.
    said = SIGNS.sub(lambda found: found[0].replace("<", "‹").replace(">", "›"), said)
    return said.replace("<!--", "‹!--")


class _Reading:
    """One pass over markup. `need`: line breaks owed before the next words; `fresh`: nothing written yet after a bullet."""

    def __init__(self, markup: str) -> None:
        self.markup = markup.replace("\r\n", "\n").replace("\r", "\n")
        self.flows = FLOWS.search(self.markup) is not None
        self.out: list[str] = []
        self.need, self.fresh = 0, False
        self.lists: list[list] = []
        self.after_list = self.was_item = False
        self.level = 1
        self.bullet: list[str] | None = None
        self.bullet_depth = 0
        self.link: tuple[str, int] | None = None
        self.kept, self.raised, self.lowered = 0, 0, 0
        self.cells, self.cell_need = 0, 0
        # What was looked for and is not there any more; quotes that never end are not waited for twice.
        self.absent: set[str] = set()
        self.at: tuple[str, bool, str] | None = None
        self.simple = False

    def text(self) -> str:
        """What the markup says."""
        markup, begun = self.markup, 0
        sign = markup.find("<")
        while sign >= 0:
            end = self.end_of_sign(sign)
            if end < 0:
                # It stays as it was typed, with the words around it.
                sign = markup.find("<", sign + 1)
                continue
            self.words(markup[begun:sign])
            begun = self.act(end)
            sign = markup.find("<", begun)
        self.words(markup[begun:])
        self.close_link()
        return "".join(self.out).strip()

    def end_of_sign(self, place: int) -> int:
        """Where the comment, declaration or tag that begins there ends; -1 where it is none. A tag is kept for `act`."""
        markup = self.markup
        self.at = None
        if markup.startswith("<!--", place):
            end = self.find("-->", place + 4)
            return end if end < 0 else end + 3
        if DECLARATION.match(markup, place):
            return self.find(">", place) + 1 or -1
        found = PLAIN_TAG.match(markup, place) or TAG.match(markup, place)
        if found is None:
            return -1
        name = found[2].lower()
        if name not in NAMES and ":" not in name and "-" not in name:
            return -1
        end = found.end() - 1 if found.re is PLAIN_TAG else self.end_of_tag(found.end())
        self.at = (name, bool(found[1]), markup[found.end(2) : end])
        return end + 1 or -1

    def act(self, end: int) -> int:
        """Do what the sign that ends there asks; where reading goes on."""
        return end if self.at is None else self.tag(*self.at, end)

    def find(self, what: str, place: int) -> int:
        """Where it stands next, any case; -1 where it does not, which is remembered."""
        if what in self.absent:
            return -1
        if what.startswith("</"):
            found = re.compile(re.escape(what) + r"(?=[\s/>])", re.IGNORECASE).search(self.markup, place)
            end = found.start() if found else -1
        else:
            end = self.markup.find(what, place)
        if end < 0:
            self.absent.add(what)
        return end

    def end_of_tag(self, place: int) -> int:
        """Where the tag's `>` stands, outside its quoted values; -1 where there is none."""
        markup, start = self.markup, place
        while not self.simple:
            stop = STOP.search(markup, place)
            if stop is None:
                self.simple = True
            elif stop[0] == ">":
                return stop.start()
            elif markup[max(start, stop.start() - 20) : stop.start()].rstrip().endswith("="):
                place = markup.find(stop[0], stop.end()) + 1
                self.simple = place == 0
            else:
                place = stop.end()
        return self.find(">", start)

    # --- what is written -------------------------------------------------------------------------------------------

    def words(self, data: str) -> None:
        """Words between two tags."""
        if not data:
            return
        data = html.unescape(ENDLESS_NUMBER.sub("", data)) if "&" in data else data
        data = BIDI_CONTROLS.sub("", CONTROLS.sub("", data))
        if self.bullet is not None:
            self.bullet.append(data)
        elif self.kept or not self.flows:
            self.write(data)
        else:
            for number, piece in enumerate(EMPTY_LINE.split(data)):
                if number:
                    self.owe(2)
                self.flow(SPACE.sub(" ", piece))

    def flow(self, piece: str) -> None:
        """Words whose spaces are of no account."""
        at_start = self.need or self.fresh or not self.out
        if at_start and not piece.strip(" \xa0"):
            return
        if at_start or self.out[-1].endswith((" ", "\n")):
            piece = piece.lstrip(" ")
        if at_start:
            piece = piece.lstrip("\xa0 ")
        self.write(piece)

    def write(self, piece: str) -> None:
        if not piece:
            return
        if self.raised or self.lowered:
            table = RAISED if self.raised else LOWERED
            piece = piece.translate(table) if FIGURES.fullmatch(piece.strip()) else piece
        if self.need and self.out:
            self.out[-1] = self.out[-1].rstrip(" \xa0")
            self.out.append("\n" * self.need)
        self.need = self.cell_need = 0
        self.fresh = self.after_list = False
        self.out.append(piece)

    def owe(self, breaks: int) -> None:
        """At least so many line breaks before the next words; none right after a bullet."""
        if not self.fresh:
            self.need = max(self.need, breaks)

    # --- tags ------------------------------------------------------------------------------------------------------

    def tag(self, name: str, closes: bool, attributes: str, place: int) -> int:
        """Act on a tag; where reading goes on."""
        if name in DROPPED and not closes and not attributes.endswith("/"):
            end = self.find(f"</{name}", place)
            return place if end < 0 else end
        if name == "a":
            self.close_link()
            if not closes:
                self.open_link(attributes)
        elif name in {"sup", "sub"}:
            kind, step = ("raised" if name == "sup" else "lowered"), (-1 if closes else 1)
            setattr(self, kind, max(0, getattr(self, kind) + step))
        elif name == "span":
            self.span(closes, attributes)
        elif name == "img" and not closes:
            self.picture(attributes)
        elif name == "br":
            if not self.fresh:
                self.need = min(2, self.need + 1)
        elif name in LISTS:
            self.list(name, closes, attributes)
        elif name == "li":
            self.item(closes)
        elif name in {"td", "th", "tr"}:
            self.cell(name, closes)
        elif name in BLOCKS:
            self.block(name, closes, attributes)
        return place

    def block(self, name: str, closes: bool, attributes: str) -> None:
        if name == "pre":
            self.kept = max(0, self.kept + (-1 if closes else 1))
        if self.bullet is not None:
            self.end_bullet()
        if self.lists or name not in APART:
            self.owe(1)
            return
        if closes:
            self.fresh = False
            self.owe(2)
            return
        # Word writes its lists as paragraphs with a bullet in them.
        level = LEVEL.search(attributes)
        if level and self.was_item:
            self.need = 1
        else:
            self.owe(2)
        self.was_item = bool(level)
        self.level = min(DEEPEST, max(1, int(level[1]))) if level else 1

    def span(self, closes: bool, attributes: str) -> None:
        if self.bullet is None:
            if not closes and IGNORED.search(attributes):
                self.bullet, self.bullet_depth = [], 1
            return
        self.bullet_depth += -1 if closes else 1
        if not self.bullet_depth:
            self.end_bullet()

    def end_bullet(self) -> None:
        """Word's own bullet, a letter of a font of signs, becomes ours; a number stays."""
        bullet = SPACE.sub(" ", "".join(self.bullet or ())).strip(" \xa0")
        numbered = any(c.isalnum() for c in bullet) and (len(bullet) > 1 or bullet.isdigit())
        self.bullet = None
        self.write("  " * (self.level - 1) + (bullet[:20] if numbered else "-") + " ")
        self.fresh = True

    def list(self, name: str, closes: bool, attributes: str) -> None:
        if closes:
            self.fresh = False
            if self.lists:
                self.lists.pop()
            self.need = max(self.need, 1 if self.lists else 2)
            self.after_list = not self.lists
            return
        self.drop_bullet()
        self.need = 1 if self.lists or (self.after_list and self.out) else max(self.need, 2)
        start = START.search(attributes)
        self.lists.append([name, int(start[1]) - 1 if start else 0])

    def item(self, closes: bool) -> None:
        if closes:
            self.fresh = False
            self.need = max(self.need, 1)
            return
        self.drop_bullet()
        if self.out:
            self.need = max(1, self.need)
        bullet = "- "
        if self.lists and self.lists[-1][0] == "ol":
            self.lists[-1][1] += 1
            bullet = f"{self.lists[-1][1]}. "
        self.write("  " * (min(DEEPEST, len(self.lists) or 1) - 1) + bullet)
        self.fresh = True

    def drop_bullet(self) -> None:
        """A bullet after which nothing came but another list."""
        if self.fresh and self.lists:
            self.out.pop()
            if self.out and not self.out[-1].strip("\n"):
                self.need = len(self.out.pop())
        self.fresh = False

    def cell(self, name: str, closes: bool) -> None:
        if name == "tr":
            self.fresh = False
            self.owe(1)
            self.cells = 0
        elif closes:
            self.fresh = False
            self.need = self.cell_need
        else:
            self.cells += 1
            if self.cells > 1:
                if self.out:
                    self.out[-1] = self.out[-1].rstrip(" ")
                # What is owed now is the row's own break: the cells before it were empty.
                self.write("| " if self.need or not self.out else " | ")
            self.cell_need, self.fresh = self.need, True

    def open_link(self, attributes: str) -> None:
        href = html.unescape(attribute("href", attributes)).strip()
        if len(href) <= LONGEST_ADDRESS and ADDRESS.fullmatch(href):
            self.link = (href, len(self.out))

    def close_link(self) -> None:
        """After the words of a link stands where it leads, unless they say it themselves."""
        if self.link is None:
            return
        (href, place), self.link = self.link, None
        words = "".join(self.out[place:]).strip()
        bare = BEFORE_NAME.sub("", href).rstrip("/")
        if words and BEFORE_NAME.sub("", words).rstrip("/").lower() != bare.lower():
            need, self.need = self.need, 0
            self.out[-1] = self.out[-1].rstrip(" ")
            self.write(f" ({BEFORE_NAME.sub('', href) if href.lower().startswith('mailto:') else href})")
            self.need = need

    def picture(self, attributes: str) -> None:
        """A picture that stands for a sign, as pages draw 😀, stays that sign."""
        said = html.unescape(attribute("alt", attributes))
        if said and len(said) <= 8 and not any(c.isalnum() or c.isspace() for c in said):
            self.write(said)


_ATTRIBUTES = {
    name: re.compile(rf"(?:^|[\s\"']){name}\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.IGNORECASE)
    for name in ("href", "alt")
}


def attribute(name: str, attributes: str) -> str:
    """The value of an attribute in the inside of a tag; nothing where it has none."""
    found = _ATTRIBUTES[name].search(attributes)
    return next((value for value in found.groups() if value is not None), "") if found else ""
