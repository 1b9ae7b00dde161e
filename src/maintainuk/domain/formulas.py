"""Texts that a spreadsheet would run, made safe to open and brought back again (OWASP: CSV injection)."""

from typing import Final

STARTS_A_FORMULA: Final = frozenset("=+-@\t\r\n\0＝＋－＠")  # noqa: RUF001  (spreadsheets read full-width signs, too)
GUARD: Final = "'"
BLANKS: Final = " \u00a0\u200b\ufeff"


def guarded(text: str) -> str:
    """Return a text, without NULs, so that no spreadsheet takes it for a formula."""
    kept = text.replace("\0", "")
    return f"{GUARD}{kept}" if _begins_a_formula(kept.lstrip(GUARD)) else kept


def as_meant(text: str) -> str:
    """Return what `guarded` was given; a text that it left alone stays as it is.

    An apostrophe that somebody typed before a formula is guarded by another one, so that each text comes back.
    """
    return text[1:] if text[:1] == GUARD and _begins_a_formula(text.lstrip(GUARD)) else text


def _begins_a_formula(text: str) -> bool:
    return text.lstrip(BLANKS)[:1] in STARTS_A_FORMULA
