"""Plain papers as PDF, as the demo's organisations have them: a heading, lines of words, a page number."""

from collections.abc import Sequence

A4 = (595, 842)
"""Points."""
MARGIN, LEADING = 60, 22


def pdf(objects: Sequence[bytes], trailer: bytes = b"") -> bytes:
    """Return a file of these objects, the first of which is the catalogue (ISO 32000-1 §7.5)."""
    file, places = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(file))
        file += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return file + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        table,
        len(objects) + 1,
        trailer,
        len(file),
    )


def stream(content: bytes, entries: bytes = b"") -> bytes:
    """Return an object that holds bytes."""
    return b"<</Length %d%s>>\nstream\n%s\nendstream" % (len(content), entries, content)


def paper(*pages: Sequence[str]) -> bytes:
    """Return a document of these pages, each a heading and its lines."""
    kids = b" ".join(b"%d 0 R" % (5 + 2 * number) for number in range(len(pages)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Count %d/Kids[%s]>>" % (len(pages), kids),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica-Bold/Encoding/WinAnsiEncoding>>",
    ]
    for number, lines in enumerate(pages, 1):
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %d %d]/Contents %d 0 R/Resources<</Font<</F 3 0 R/B 4 0 R>>>>>>"
            % (*A4, len(objects) + 2)
        )
        objects.append(stream(_drawn(lines, f"Page {number} of {len(pages)}")))
    return pdf(objects)


def _drawn(lines: Sequence[str], foot: str) -> bytes:
    heading, *rest = (_text(line) for line in (*lines, foot))
    *body, foot_text = rest
    top = A4[1] - MARGIN - 20
    drawn = [b"BT /B 20 Tf %d %d Td (%s) Tj ET" % (MARGIN, top, heading)]
    drawn.append(b"0.6 w %d %d m %d %d l S" % (MARGIN, top - 14, A4[0] - MARGIN, top - 14))
    for place, line in enumerate(body):
        drawn.append(b"BT /F 12 Tf %d %d Td (%s) Tj ET" % (MARGIN, top - 44 - place * LEADING, line))
    drawn.append(b"BT /F 9 Tf %d %d Td (%s) Tj ET" % (MARGIN, MARGIN // 2, foot_text))
    return b"\n".join(drawn)


def _text(line: str) -> bytes:
    plain = line.encode("cp1252", "replace")
    return plain.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
