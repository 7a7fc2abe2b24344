"""Drawings for practices of the demonstration: a row of houses, and in front of it people at what they do. Nobody's photograph."""

from __future__ import annotations

import math
import random

import typst

WIDTH, HEIGHT, GROUND = 1200, 800, 520
PAPER, EARTH, INK = "#f7efe3", "#e8d9c3", "#1b1b2f"
WALLS = ("#b3401f", "#d98e5f", "#2f6f73", "#e3b75c", "#7a8f55", "#41507a")
SKINS = ("#5b3a29", "#8d5a3b", "#c08a63", "#e2b992", "#f0d2b4")
CLOTHES = ("#2f6f73", "#b3401f", "#41507a", "#e3b75c", "#7a8f55", "#a85b7a")
GREEN, WHITE = "#3f8f5b", "#ffffff"
PAGE = (
    "#set page(width: {width}pt, height: {height}pt, margin: 0pt)\n"
    '#image(bytes(sys.inputs.drawing), format: "svg", width: 100%)'
)


class Drawing:
    """A sheet in SVG, in picture points; `chance` is the same on every run."""

    def __init__(self, motif: str) -> None:
        self.chance = random.Random(motif)  # noqa: S311  (pictures, not secrets)
        self.drawn: list[str] = []
        self.box(0, 0, WIDTH, HEIGHT, PAPER)

    def box(self, left: float, top: float, width: float, height: float, colour: str, radius: float = 0) -> None:
        self.drawn.append(
            f'<rect x="{left}" y="{top}" width="{width}" height="{height}" rx="{radius}" fill="{colour}"/>'
        )

    def disc(self, x: float, y: float, across: float, down: float, colour: str) -> None:
        self.drawn.append(f'<ellipse cx="{x:.1f}" cy="{y:.1f}" rx="{across}" ry="{down}" fill="{colour}"/>')

    def as_png(self) -> bytes:
        """The sheet as a PNG of its own size."""
        svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}">{"".join(self.drawn)}</svg>'
        page = PAGE.format(width=WIDTH, height=HEIGHT).encode()
        png = typst.compile(page, format="png", ppi=72, sys_inputs={"drawing": svg})
        assert isinstance(png, bytes), "one page"
        return png

    def houses(self) -> None:
        """A street from edge to edge; no two neighbours have one colour."""
        self.box(0, GROUND, WIDTH, HEIGHT - GROUND, EARTH)
        left, before = -20.0, ""
        while left < WIDTH:
            width, height = self.chance.randint(110, 190), self.chance.randint(210, 400)
            before = self.chance.choice([colour for colour in WALLS if colour != before])
            self.box(left, GROUND - height, width, height, before)
            for row in range(height // 90):
                for column in range(width // 55):
                    lit = self.chance.random() < 0.4
                    self.box(left + 16 + column * 52, GROUND - height + 24 + row * 88, 28, 46, PAPER if lit else INK, 3)
            left += width + 6

    def person(self, x: float, y: float, coat: str = "", size: float = 1) -> None:
        """Somebody from the waist up, whose lower edge is at `y`."""
        coat = coat or self.chance.choice(CLOTHES)
        place = f'transform="translate({x:.1f} {y:.1f}) scale({size})"'
        self.drawn.append(f'<path {place} d="M-30 0v-24a30 46 0 0 1 60 0v24z" fill="{coat}"/>')
        self.disc(x, y - 88 * size, 19 * size, 21 * size, self.chance.choice(SKINS))

    def table(self, x: float, y: float, seats: int = 8) -> None:
        """A round table and those who sit around it, the farther ones behind."""
        places = sorted((math.sin(turn), math.cos(turn)) for turn in (i * math.tau / seats + 0.4 for i in range(seats)))
        for down, across in places:
            if down < 0:
                self.person(x + across * 105, y + 20 + down * 40)
        self.disc(x, y + 16, 84, 30, INK)
        self.disc(x, y + 8, 84, 30, WHITE)
        for down, across in places:
            if down >= 0:
                self.person(x + across * 112, y + 62 + down * 40)

    def counter(self, colour: str) -> None:
        self.box(330, 560, 540, 190, colour, 10)
        self.box(310, 540, 580, 30, INK, 8)

    def stall(self, x: float, y: float, colour: str) -> None:
        """A market stall under an awning in stripes."""
        for pole in (x + 4, x + 236):
            self.box(pole, y - 110, 10, 120, INK)
        self.box(x, y, 250, 90, "#8d5a3b", 4)
        for stripe in range(5):
            self.box(x - 15 + stripe * 56, y - 130, 56, 48, colour if stripe % 2 == 0 else WHITE, 10)
        for heap in range(6):
            self.disc(x + 24 + heap * 40, y, 20, 17, self.chance.choice(WALLS))


def _assembly(on: Drawing) -> None:
    for x, y in ((250, 520), (640, 500), (980, 540), (440, 660), (820, 670)):
        on.table(x, y)


def _shift(on: Drawing) -> None:
    on.box(420, 300, 360, 210, INK, 8)
    on.box(432, 312, 336, 186, WHITE, 4)
    for line, width in enumerate((250, 190, 280, 150)):
        on.box(460, 340 + line * 36, width, 10, WALLS[line])
    on.person(830, 560)
    for row in range(2):
        for seat in range(6):
            on.person(260 + seat * 130 + row * 55, 660 + row * 110)


def _counter(on: Drawing, colour: str, *, cross: bool) -> None:
    if cross:
        on.box(570, 250, 60, 180, GREEN)
        on.box(510, 310, 180, 60, GREEN)
    else:
        for door in range(4):
            on.box(270 + door * 175, 300, 150, 190, WHITE, 10)
            on.disc(345 + door * 175, 400, 52, 52, INK)
            on.disc(345 + door * 175, 400, 40, 40, "#9cc3c9")
    on.person(640, 560, size=1.6)
    on.counter(colour)
    on.person(500, 800, size=1.9)


def _market(on: Drawing) -> None:
    for x, y, colour in ((90, 560, WALLS[0]), (470, 530, WALLS[2]), (850, 560, WALLS[5])):
        on.person(x + 125, y + 20, size=1.2)
        on.stall(x, y, colour)
    for x, coat in ((330, ""), (560, GREEN), (650, GREEN), (790, ""), (1010, "")):
        on.person(x, 785, coat, size=1.4)


MOTIFS = {
    "assembly": _assembly,
    "shift": _shift,
    "pharmacy": lambda on: _counter(on, "#2f6f73", cross=True),
    "counter": lambda on: _counter(on, "#a85b7a", cross=False),
    "market": _market,
}


def draw(motif: str) -> bytes:
    """The drawing of that name as a PNG of 1200 by 800 picture points, the same on every run."""
    on = Drawing(motif)
    on.houses()
    MOTIFS[motif](on)
    return on.as_png()
