"""Pictures such as phones take, and such as only somebody with bad intentions makes."""

import struct
import zlib
from io import BytesIO
from random import Random
from typing import Any

import pillow_heif
from PIL import ExifTags, Image, PngImagePlugin

pillow_heif.register_heif_opener(thumbnails=False)

PLACE = b"53.8008N-CANARY-1.5491W"
"""What no copy may hold: where the picture was taken, or anything else that was written beside the pixels."""


def scene(width: int = 800, height: int = 600, mode: str = "RGB", seed: int = 1) -> Image.Image:
    """Something with light, shade and grain, as in a photo."""
    coarse = (width // 40 + 1, height // 40 + 1)
    light = Image.frombytes("RGB", coarse, Random(seed).randbytes(coarse[0] * coarse[1] * 3))
    grain = Image.effect_noise((width, height), 12).convert("RGB")
    return Image.blend(light.resize((width, height), Image.Resampling.BICUBIC), grain, 0.15).convert(mode)


def camera(orientation: int = 1, taken: str | None = "2026:11:20 08:15:30", offset: str | None = "+00:00") -> bytes:
    """What a phone writes beside the pixels, the place included."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    exif[ExifTags.Base.Make] = PLACE.decode()
    inner = exif.get_ifd(ExifTags.IFD.Exif)
    if taken:
        inner[ExifTags.Base.DateTimeOriginal] = taken
    if offset:
        inner[ExifTags.Base.OffsetTimeOriginal] = offset
    inner[ExifTags.Base.MakerNote] = PLACE
    place = exif.get_ifd(ExifTags.IFD.GPSInfo)
    place[ExifTags.GPS.GPSLatitudeRef], place[ExifTags.GPS.GPSLatitude] = "N", (53.0, 48.0, 2.88)
    place[ExifTags.GPS.GPSLongitudeRef], place[ExifTags.GPS.GPSLongitude] = "W", (1.0, 32.0, 56.76)
    place[ExifTags.GPS.GPSProcessingMethod] = b"ASCII\0\0\0" + PLACE
    return exif.tobytes()


def saved(image: Image.Image, kind: str = "JPEG", **how: Any) -> bytes:  # noqa: ANN401  (Pillow's own words)
    file = BytesIO()
    image.save(file, kind, **how)
    return file.getvalue()


def photo(kind: str = "JPEG", width: int = 800, height: int = 600, **how: Any) -> bytes:  # noqa: ANN401
    """A photo with all that phones write into one."""
    beside = {"exif": camera(how.pop("orientation", 1)), "xmp": b"<x:xmpmeta>" + PLACE + b"</x:xmpmeta>"}
    if kind == "PNG":
        notes = PngImagePlugin.PngInfo()
        notes.add_text("Comment", PLACE.decode())
        beside = {"exif": beside["exif"], "pnginfo": notes}
    if kind == "JPEG":
        beside["comment"] = PLACE
    return saved(scene(width, height), kind, **beside, **how)


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, *, pixels: bytes = b"", colour: int = 2, before: bytes = b"") -> bytes:
    """A PNG with a header that may say anything."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, colour, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + before + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def black(length: int, *, level: int = 9) -> bytes:
    """Zeros, packed a thousand times smaller, without ever holding them all."""
    packer, parts = zlib.compressobj(level), []
    block = bytes(1_000_000)
    parts.extend(packer.compress(block) for _ in range(length // len(block)))
    return b"".join((*parts, packer.compress(bytes(length % len(block))), packer.flush()))


def resized_header(picture: bytes, width: int, height: int) -> bytes:
    """The same JPEG, whose header says another size."""
    at = next(picture.find(marker) for marker in (b"\xff\xc0", b"\xff\xc2") if picture.find(marker) > 0)
    return picture[: at + 5] + struct.pack(">HH", height, width) + picture[at + 9 :]


def heic_of_size(width: int, height: int) -> bytes:
    """A HEIC that says of itself that it is as large as that."""
    picture = saved(scene(64, 64), "HEIF")
    size = picture.find(b"ispe") + 8
    return picture[:size] + struct.pack(">II", width, height) + picture[size + 8 :]


def webp_canvas(width: int, height: int) -> bytes:
    """An animated WebP of a few bytes whose canvas is as large as that."""
    frame = saved(Image.new("RGB", (1, 1)), "WEBP", lossless=True)[12:]
    wide = struct.pack("<I", width - 1)[:3] + struct.pack("<I", height - 1)[:3]
    extended = b"VP8X" + struct.pack("<I", 10) + bytes((2, 0, 0, 0)) + wide
    animation = b"ANIM" + struct.pack("<I", 6) + bytes(6)
    one = bytes(6) + bytes(6) + bytes(4) + frame
    body = b"WEBP" + extended + animation + b"ANMF" + struct.pack("<I", len(one)) + one
    return b"RIFF" + struct.pack("<I", len(body)) + body


def jpeg_with(marker: int, *blocks: bytes) -> bytes:
    """A small photo with blocks of that kind behind its first bytes."""
    picture = saved(scene(64, 64))
    told = b"".join(bytes((0xFF, marker)) + struct.pack(">H", len(block) + 2) + block for block in blocks)
    return picture[:2] + told + picture[2:]
