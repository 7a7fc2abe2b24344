"""A page of PDF in plain Latin text, for the file that a demonstration application carries."""

from __future__ import annotations

from collections.abc import Iterable

# A4 in points (1/72 inch), left margin, first base line and line spacing.
WIDTH, HEIGHT, MARGIN, TOP, LEADING = 595, 842, 72, 770, 20


def page(title: str, lines: Iterable[str]) -> bytes:
    """One A4 page: the title, then the lines, in Helvetica (PDF 32000-1:2008, 7.5 and 9.4)."""
    written = "".join(f"T* ({_escaped(line)}) Tj " for line in lines)
    content = f"BT {LEADING} TL {MARGIN} {TOP} Td /F1 16 Tf ({_escaped(title)}) Tj T* /F1 11 Tf {written}ET".encode(
        "latin-1", "replace"
    )
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {WIDTH} {HEIGHT}] "
            "/Resources << /Font << /F1 5 0 R >> >> /Contents 4 0 R >>"
        ).encode(),
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    made = b"%PDF-1.4\n"
    starts = []
    for number, body in enumerate(objects, start=1):
        starts.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % start for start in starts)
    size = len(objects) + 1
    return made + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (size, table, size, len(made))
    )


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
