"""QR codes, drawn as one path that a page can show without trusting anybody's markup."""

from dataclasses import dataclass
from itertools import groupby

import segno

QUIET_ZONE = 4
"""Modules of empty paper that a camera needs on each side (ISO/IEC 18004)."""
ENDURANCE = "q"
"""A quarter of the code may be scratched or covered: it hangs in a hallway for years."""


@dataclass(frozen=True, slots=True)
class QrCode:
    """A drawn code: the `d` of an SVG path, and the side of its square board, the empty margin within it."""

    path: str
    size: int


def qr_code(text: str) -> QrCode:
    """Draw what a phone's camera reads as this text."""
    rows = segno.make_qr(text, error=ENDURANCE).matrix
    path: list[str] = []
    for y, row in enumerate(rows, QUIET_ZONE):
        x = QUIET_ZONE
        for is_dark, run in groupby(row):
            width = len(list(run))
            if is_dark:
                path.append(f"M{x} {y}h{width}v1h-{width}z")
            x += width
    return QrCode("".join(path), len(rows) + 2 * QUIET_ZONE)
