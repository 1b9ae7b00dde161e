"""Draws pages of one PDF, in a process of its own with little memory, little time, and no secret in its environment.

`python -m maintainuk.infrastructure.images.pages MEMORY SECONDS PIXELS BEHIND PORTION MOST <document >answer`.
The answer is a line of JSON, then the bytes of each page. It draws `PORTION` pages behind the first `BEHIND`, fewer if
they take long, and says how many pages there are. Only pixels come through: no link, no script, no file within the
file, and nothing is filled in, since the PDFium that is asked can't run scripts.
"""

import json
import sys
from io import BytesIO
from time import process_time
from typing import Any, Final

from PIL import Image

from maintainuk.infrastructure.images.redraw import Bounds, Refused

SIDE: Final = 2_000
"""Pixels of a page's longer side: small print of an A4 page can be read at 170 dots an inch."""
QUALITY: Final = 80
LONG_ENOUGH: Final = 3.0
"""Seconds of work after which no further page is begun."""
LARGEST_PORTION: Final = 4_000_000
"""Bytes after which no further page is begun; one page of pure noise takes 3.5 million."""
HEAD: Final = 1_024
PASSWORD: Final = 4
"""What PDFium answers for a document that asks for one (`FPDF_ERR_PASSWORD`)."""
SECURITY: Final = 5
"""An encryption that it does not know (`FPDF_ERR_SECURITY`)."""

Drawn = tuple[dict[str, Any], list[bytes]]


def is_pdf(head: bytes) -> bool:
    """Say whether a file is a PDF, as its readers do: by a mark within its first 1,024 bytes."""
    return b"%PDF-" in head[:HEAD]


def draw(content: bytes, behind: int, portion: int, most: int) -> Drawn:
    """Return what is told of the document, and its next pages. Raises `Refused`, and whatever PDFium's binding does."""
    import pypdfium2  # noqa: PLC0415  (loaded before the bounds: see main)

    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        is_locked = getattr(error, "err_code", None) in {PASSWORD, SECURITY}
        raise Refused("locked" if is_locked else "damaged") from None
    count = len(document)
    if not count:
        raise Refused("damaged")
    if count > most:
        raise Refused("too-many-pages")
    document.init_forms()  # what was filled in by hand is drawn, too
    pages: list[bytes] = []
    sizes: list[tuple[int, int]] = []
    for number in range(behind, min(behind + portion, count)):
        image = _page(document, number)
        sizes.append(image.size)
        pages.append(_written(image))
        if process_time() > LONG_ENOUGH or sum(map(len, pages)) > LARGEST_PORTION:
            break
    return {"pages": count, "sizes": sizes, "bytes": [len(page) for page in pages]}, pages


def _page(document: Any, number: int) -> Image.Image:  # noqa: ANN401  (the binding has no types)
    page = document[number]
    width, height = page.get_size()
    longer = max(width, height)
    if not (0 < longer < float("inf")) or min(width, height) <= 0:
        raise Refused("damaged")
    bitmap = page.render(scale=SIDE / longer, rev_byteorder=True, draw_annots=True, fill_color=(255, 255, 255, 255))
    image: Image.Image = bitmap.to_pil().convert("RGB")
    page.close()
    return image


def _written(image: Image.Image) -> bytes:
    file = BytesIO()
    image.save(file, "JPEG", quality=QUALITY, progressive=True)
    return file.getvalue()


def main() -> None:
    """Draw what is asked, answer, and end: nothing of one document is left for the next."""
    memory, seconds, pixels, behind, portion, most = map(int, sys.argv[1:])
    import pypdfium2  # noqa: F401, PLC0415  (the bounds leave no room for a library)

    Image.init()
    content = sys.stdin.buffer.read()
    Bounds(memory, seconds, pixels).impose()
    pages: list[bytes] = []
    facts: dict[str, Any]
    try:
        if not is_pdf(content[:HEAD]):
            raise Refused("unsupported-format")  # noqa: TRY301  (one place says what becomes of a refusal)
        facts, pages = draw(content, behind, portion, most)
    except Refused as refusal:
        facts = {"refused": str(refusal)}
    except MemoryError:
        facts = {"refused": "too-much-memory"}
    except Exception as error:  # noqa: BLE001  (a binding raises whatever it likes at what is no document)
        facts = {"refused": "too-much-memory" if "emory" in str(error) else "damaged"}
    sys.stdout.buffer.write(json.dumps(facts).encode() + b"\n" + b"".join(pages))


if __name__ == "__main__":
    main()
