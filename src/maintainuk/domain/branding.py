"""How an organisation looks to its tenants: one colour that can be read, and a logo that we have drawn ourselves."""

import re
from typing import Final
from uuid import UUID

from maintainuk.domain.errors import Invalid, Reason

LEAST_CONTRAST: Final = 4.5
"""Of white words on the colour (WCAG 2.2, success criterion 1.4.3)."""

LARGEST_LOGO: Final = 1_000_000
"""Bytes of the file that is sent."""

_HEX: Final = re.compile(r"#?([0-9a-fA-F]{6})")
_STEPS: Final = 100


def colour_of(text: str) -> str:
    """Return a colour as #rrggbb on which white words can be read.

    Raises `Invalid` with the nearest darker colour that would do.
    """
    if (found := _HEX.fullmatch(text.strip())) is None:
        raise Invalid(fields={"colour": Reason("colour-unreadable")})
    colour = f"#{found[1].lower()}"
    if (ratio := contrast_with_white(colour)) < LEAST_CONTRAST:
        raise Invalid(fields={"colour": Reason("colour-too-light", ratio=f"{ratio:.1f}", instead=darkened(colour))})
    return colour


def contrast_with_white(colour: str) -> float:
    """Return the contrast ratio of #rrggbb with white, from 1 to 21 (WCAG 2.2, relative luminance)."""
    return 1.05 / (_luminance(colour) + 0.05)


def darkened(colour: str) -> str:
    """Return the lightest shade of a colour on which white words can be read."""
    parts = [int(colour[at : at + 2], 16) for at in (1, 3, 5)]
    shades = ("#" + "".join(f"{part * step // _STEPS:02x}" for part in parts) for step in range(_STEPS, -1, -1))
    return next(shade for shade in shades if contrast_with_white(shade) >= LEAST_CONTRAST)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4  # noqa: PLR2004  (sRGB)


def logo_file(org_id: UUID, name: str) -> str:
    """Return where the file store keeps an organisation's logo."""
    return f"logos/{org_id}/{name}.jpg"


def logo_path(org_id: UUID, name: str | None) -> str | None:
    """Return where everybody is shown it; a new logo has a new address."""
    return f"/logos/{org_id}/{name}.jpg" if name else None
