"""Has the pages of documents drawn, a few at a time, by the child process that photos are drawn in."""

import json
import signal
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import IO, Final

from maintainuk.domain.documents import MOST_PAGES, DocumentRefusal, DrawnPage
from maintainuk.infrastructure.images.bounded import JPEG, BoundedRedraw
from maintainuk.infrastructure.images.pages import SIDE

PORTION: Final = 10
"""Pages drawn at a time: whoever waits sees how far it has come, and other files have their turn between."""
LONGEST_HEADER: Final = 8_192
LARGEST_PAGE: Final = 6_000_000
STOPS: Final = (-signal.SIGKILL, -signal.SIGABRT, -signal.SIGTRAP, -signal.SIGILL)
"""How a child ends that gets no more memory: the system ends it, or PDFium itself does at once."""
BROKE_OFF: Final = {-signal.SIGXCPU: DocumentRefusal.TOO_SLOW} | dict.fromkeys(STOPS, DocumentRefusal.TOO_MUCH_MEMORY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Portion:
    """The next pages of a document, and how many it has in all."""

    of: int
    sizes: list[DrawnPage]
    pages: list[bytes]


async def draw_pages(
    drawing: BoundedRedraw, document: IO[bytes], *, behind: int, portion: int = PORTION
) -> Portion | DocumentRefusal:
    """Return the pages that stand behind the first so many, as far as there was time, or why there are none.

    Raises `TimeoutError` when the machine has too much else to do: that is not the document's fault.
    """
    with TemporaryFile() as answer:
        ended = await drawing.run("pages", document, answer, str(behind), str(portion), str(MOST_PAGES))
        return _read(answer, ended, behind)


def _read(answer: IO[bytes], ended: int, behind: int) -> Portion | DocumentRefusal:
    """Take nothing on trust: whoever finds a hole in PDFium writes this answer."""
    if (broke_off := BROKE_OFF.get(ended)) is not None:
        return broke_off
    answer.seek(0)
    try:
        facts = json.loads(answer.readline(LONGEST_HEADER))
        if code := facts.get("refused"):
            return DocumentRefusal(code)
        of, lengths = int(facts["pages"]), [int(length) for length in facts["bytes"]]
        sizes = [DrawnPage(width=int(width), height=int(height)) for width, height in facts["sizes"]]
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError):
        return DocumentRefusal.DAMAGED
    if ended or not _is_plausible(of, behind, lengths, sizes):
        return DocumentRefusal.DAMAGED
    pages = [answer.read(length) for length in lengths]
    is_whole = all(page.startswith(JPEG) for page in pages)
    return Portion(of=of, sizes=sizes, pages=pages) if is_whole else DocumentRefusal.DAMAGED


def _is_plausible(of: int, behind: int, lengths: list[int], sizes: list[DrawnPage]) -> bool:
    return (
        len(lengths) == len(sizes)
        and 0 < len(lengths) <= of - behind
        and of <= MOST_PAGES
        and all(0 < length <= LARGEST_PAGE for length in lengths)
        and all(0 < page.width <= SIDE and 0 < page.height <= SIDE for page in sizes)
    )
