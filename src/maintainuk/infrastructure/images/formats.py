"""What a file is, told by its first bytes: neither its name nor what its sender calls it counts."""

from enum import StrEnum

HEAD = 1_024
"""Bytes of a file that are enough to tell."""


class Format(StrEnum):
    """The kinds of photo that phones and computers send."""

    JPEG = "JPEG"
    PNG = "PNG"
    WEBP = "WEBP"
    HEIC = "HEIF"


HEVC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"})
OTHER_PICTURES = (b"GIF8", b"II*\0", b"MM\0*", b"BM", b"\0\0\1\0", b"\xff\x0a", b"\0\0\0\x0cJXL ", b"8BPS", b"%PDF")
"""Pictures and scans that people have, and that we don't take: GIF, TIFF, BMP, ICO, JPEG XL, Photoshop, PDF."""


def format_of(head: bytes) -> Format | None:
    """Return which of our formats a file has, or None; `head` is how it begins."""
    if head.startswith(b"\xff\xd8\xff"):
        return Format.JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return Format.PNG
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return Format.WEBP
    if HEVC_BRANDS & _brands(head):
        return Format.HEIC
    return None


def is_another_picture(head: bytes) -> bool:
    """Say whether it is at least a picture or a scan, so that its owner learns what to do about it."""
    return head.startswith(OTHER_PICTURES) or head[4:8] == b"ftyp" or b"<svg" in head.lower()


def webp_size(head: bytes) -> tuple[int, int] | None:
    """Return width and height from the header: opening a WebP makes room for all of it. None when it has none."""
    kind, body = head[12:16], head[20:30]
    if len(body) < 10:  # noqa: PLR2004  (as long as the longest of the three headers)
        return None
    if kind == b"VP8X":
        return 1 + int.from_bytes(body[4:7], "little"), 1 + int.from_bytes(body[7:10], "little")
    if kind == b"VP8L":
        bits = int.from_bytes(body[1:5], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if kind == b"VP8 ":
        return int.from_bytes(body[6:8], "little") & 0x3FFF, int.from_bytes(body[8:10], "little") & 0x3FFF
    return None


def _brands(head: bytes) -> set[bytes]:
    """Return the brands that the `ftyp` box of an ISO media file names (ISO/IEC 14496-12 §4.3)."""
    if head[4:8] != b"ftyp":
        return set()
    end = min(int.from_bytes(head[:4], "big"), len(head))
    return {head[8:12], *(head[at : at + 4] for at in range(16, end - 3, 4))}
