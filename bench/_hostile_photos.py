"""Files that strangers send as photos, and what becomes of each."""

import struct
from collections.abc import Callable
from random import Random

from PIL import Image, ImageCms

from bench._pictures import (
    PLACE,
    black,
    chunk,
    heic_of_size,
    jpeg_with,
    photo,
    png,
    resized_header,
    saved,
    scene,
    webp_canvas,
)
from maintainuk.domain.photos import PhotoRefusal

SCRIPT = b"<script>alert(document.cookie)</script>"


def gif() -> bytes:
    frames = [scene(40, 40, seed=number) for number in range(3)]
    return saved(frames[0], "GIF", save_all=True, append_images=frames[1:])


def apng(kind: str = "PNG") -> bytes:
    frames = [Image.new("RGB", (400, 300), colour) for colour in ("red", "green", "blue")]
    return saved(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)


def truncated(kind: str) -> bytes:
    whole = photo(kind)
    return whole[: len(whole) // 2]


NO_PHOTO: dict[str, tuple[Callable[[], bytes], PhotoRefusal]] = {
    "nothing": (lambda: b"", PhotoRefusal.NOT_AN_IMAGE),
    "one byte": (lambda: b"\xff", PhotoRefusal.NOT_AN_IMAGE),
    "zeros": (lambda: bytes(100_000), PhotoRefusal.NOT_AN_IMAGE),
    "chance": (lambda: b"x" + Random(7).randbytes(100_000), PhotoRefusal.NOT_AN_IMAGE),
    "a program called .jpg": (lambda: b"MZ\x90\0" + Random(8).randbytes(60_000), PhotoRefusal.NOT_AN_IMAGE),
    "a program for Linux": (lambda: b"\x7fELF\2\1\1" + bytes(60_000), PhotoRefusal.NOT_AN_IMAGE),
    "a web page": (lambda: b"<!doctype html>" + SCRIPT, PhotoRefusal.NOT_AN_IMAGE),
    "a shell script": (lambda: b"#!/bin/sh\nrm -rf /\n", PhotoRefusal.NOT_AN_IMAGE),
    "a zip": (lambda: b"PK\3\4" + bytes(1_000), PhotoRefusal.NOT_AN_IMAGE),
    "PostScript, which some programs run": (lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n", PhotoRefusal.NOT_AN_IMAGE),
    "an SVG with a script": (
        lambda: b'<svg xmlns="http://www.w3.org/2000/svg">' + SCRIPT + b"</svg>",
        PhotoRefusal.UNSUPPORTED_FORMAT,
    ),
    "an SVG behind an XML declaration": (
        lambda: b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY x "x">]><SVG onload="alert(1)"/>',
        PhotoRefusal.UNSUPPORTED_FORMAT,
    ),
    "a GIF": (gif, PhotoRefusal.UNSUPPORTED_FORMAT),
    "a TIFF": (lambda: saved(scene(40, 40), "TIFF"), PhotoRefusal.UNSUPPORTED_FORMAT),
    "a BMP": (lambda: saved(scene(40, 40), "BMP"), PhotoRefusal.UNSUPPORTED_FORMAT),
    "an icon": (lambda: saved(scene(40, 40), "ICO"), PhotoRefusal.UNSUPPORTED_FORMAT),
    "a PDF": (lambda: saved(scene(40, 40), "PDF"), PhotoRefusal.UNSUPPORTED_FORMAT),
    "an AVIF": (lambda: saved(scene(40, 40), "AVIF"), PhotoRefusal.UNSUPPORTED_FORMAT),
    "a film": (lambda: b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(5_000), PhotoRefusal.UNSUPPORTED_FORMAT),
    "half a JPEG": (lambda: truncated("JPEG"), PhotoRefusal.DAMAGED),
    "half a PNG": (lambda: truncated("PNG"), PhotoRefusal.DAMAGED),
    "half a WebP": (lambda: truncated("WEBP"), PhotoRefusal.DAMAGED),
    "half a HEIC": (lambda: truncated("HEIF"), PhotoRefusal.DAMAGED),
    "the magic bytes of a JPEG alone": (lambda: b"\xff\xd8\xff\xe0", PhotoRefusal.DAMAGED),
    "the magic bytes of a PNG before a script": (lambda: b"\x89PNG\r\n\x1a\n" + SCRIPT, PhotoRefusal.DAMAGED),
    "the magic bytes of a WebP alone": (lambda: b"RIFF\0\0\0\0WEBP", PhotoRefusal.DAMAGED),
    "the magic bytes of a HEIC alone": (lambda: b"\0\0\0\x18ftypheic\0\0\0\0heicmif1", PhotoRefusal.DAMAGED),
    "a HEIC of boxes within boxes": (
        lambda: b"\0\0\0\x18ftypheic\0\0\0\0heicmif1" + b"\0\0\xff\xffmeta\0\0\0\0" * 5_000,
        PhotoRefusal.DAMAGED,
    ),
    "a PNG without pixels": (lambda: png(800, 600), PhotoRefusal.DAMAGED),
    "a PNG of no width": (lambda: png(0, 600, pixels=black(1_000)), PhotoRefusal.DAMAGED),
    "a PNG with a wrong checksum": (
        lambda: photo("PNG").replace(b"IHDR", b"IHDR", 1)[:29] + b"\0\0\0\0" + photo("PNG")[33:],
        PhotoRefusal.DAMAGED,
    ),
    "a PNG whose text unpacks to a gigabyte": (
        lambda: png(300, 200, pixels=black(200 * 901), before=chunk(b"zTXt", b"Comment\0\0" + black(1_000_000_000))),
        PhotoRefusal.DAMAGED,
    ),
    "a PNG whose colour profile unpacks to a gigabyte": (
        lambda: png(300, 200, pixels=black(200 * 901), before=chunk(b"iCCP", b"icc\0\0" + black(1_000_000_000))),
        PhotoRefusal.DAMAGED,
    ),
    "30,000 by 30,000 black pixels": (
        lambda: png(30_000, 30_000, pixels=black(90_030_000)),
        PhotoRefusal.TOO_MANY_PIXELS,
    ),
    "a PNG as large as headers can say": (lambda: png(2**31 - 1, 2**31 - 1), PhotoRefusal.TOO_MANY_PIXELS),
    "a PNG one row too large": (lambda: png(10_000, 5_001), PhotoRefusal.TOO_MANY_PIXELS),
    "a JPEG whose header says 65,500 by 65,500": (
        lambda: resized_header(photo(), 65_500, 65_500),
        PhotoRefusal.TOO_MANY_PIXELS,
    ),
    "a WebP with a canvas of 16,383 by 16,383": (lambda: webp_canvas(16_383, 16_383), PhotoRefusal.TOO_MANY_PIXELS),
    "a WebP with a canvas of 16 million by 16 million": (
        lambda: webp_canvas(2**24, 2**24),
        PhotoRefusal.TOO_MANY_PIXELS,
    ),
    "a HEIC that says it is 60,000 by 60,000": (lambda: heic_of_size(60_000, 60_000), PhotoRefusal.TOO_MANY_PIXELS),
    "a WebP with a canvas of 49 megapixels": (lambda: webp_canvas(7_000, 7_000), PhotoRefusal.TOO_MUCH_MEMORY),
    "a progressive JPEG that must be held whole": (
        lambda: resized_header(saved(scene(64, 64), progressive=True, subsampling=0), 8_000, 6_000),
        PhotoRefusal.TOO_MUCH_MEMORY,
    ),
}

PHOTOS: dict[str, Callable[[], bytes]] = {
    "a PNG with a script behind it": lambda: photo("PNG") + SCRIPT,
    "a PNG with a script in its text": lambda: png(
        300, 200, pixels=black(200 * 901), before=chunk(b"tEXt", b"Comment\0" + SCRIPT)
    ),
    "a PNG whose pixels go on for a gigabyte": lambda: png(300, 200, pixels=black(1_000_000_000)),
    "a JPEG with a zip behind it": lambda: photo() + b"PK\3\4" + SCRIPT,
    "a JPEG with a comment of a page": lambda: jpeg_with(0xFE, b"<html>" + SCRIPT),
    "a JPEG with a huge EXIF": lambda: jpeg_with(0xE1, *([b"Exif\0\0" + PLACE * 2_800] * 100)),
    "a JPEG with an EXIF that points at itself": lambda: jpeg_with(
        0xE1, b"Exif\0\0MM\0*\0\0\0\x08\0\2\x87\x69\0\4\0\0\0\1\0\0\0\x08\x88\x25\0\4\0\0\0\1\0\0\0\x08\0\0\0\x08"
    ),
    "a JPEG with a huge colour profile": lambda: jpeg_with(
        0xE2,
        *(b"ICC_PROFILE\0" + bytes((part, 200)) + Random(part).randbytes(60_000) for part in range(1, 201)),
    ),
    "a JPEG with a nonsense colour profile": lambda: saved(scene(), icc_profile=PLACE * 100),
    "a JPEG with the profile of another kind of picture": lambda: saved(
        scene(), icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    ),
    "a CMYK JPEG": lambda: saved(scene(mode="CMYK")),
    "a grey JPEG": lambda: saved(scene(mode="L")),
    "a JPEG of 65,500 by 1": lambda: saved(Image.new("RGB", (65_500, 1), "teal")),
    "a JPEG of 1 by 65,500": lambda: saved(Image.new("RGB", (1, 65_500), "teal")),
    "a JPEG that two lenses took": lambda: saved(
        scene(), "MPO", save_all=True, append_images=[scene(seed=2)], exif=b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0"
    ),
    "a JPEG with nonsense for its layers": lambda: photo()[:-1_000] + b"Z" * 998 + b"\xff\xd9",
    "a PNG of sixteen bits of grey": lambda: saved(
        Image.frombytes("I;16", (300, 200), struct.pack("<60000H", *range(60_000))), "PNG"
    ),
    "a PNG with a palette and transparency": lambda: saved(
        scene(mode="RGB").quantize(64), "PNG", transparency=bytes(range(64))
    ),
    "a PNG that is half transparent": lambda: saved(scene(mode="RGBA"), "PNG"),
    "a PNG of one bit": lambda: saved(scene(mode="1"), "PNG"),
    "an animated PNG": apng,
    "an animated WebP": lambda: apng("WEBP"),
    "a WebP without loss, half transparent": lambda: saved(scene(mode="RGBA"), "WEBP", lossless=True),
    "a grey HEIC": lambda: saved(scene(mode="L"), "HEIF"),
    "a HEIC that is half transparent": lambda: saved(scene(mode="RGBA"), "HEIF"),
    "a photo of one pixel": lambda: saved(Image.new("RGB", (1, 1)), "PNG"),
    "50 million pixels of PNG": lambda: saved(
        Image.new("RGBA", (10_000, 5_000), (9, 9, 9, 99)), "PNG", compress_level=1
    ),
}
