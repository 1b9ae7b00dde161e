"""Draws one photo anew, in a process of its own that has little memory, little time, and no secret in its environment.

`python -m maintainuk.infrastructure.images.redraw MEMORY SECONDS PIXELS <photo >answer`. The answer is a line of JSON,
then the bytes of the display copy and of the thumbnail. Only pixels and the time of capture come through: no EXIF, no
position, no colour profile, no comment, nothing that was hidden behind the picture.
"""

import json
import resource
import sys
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, BinaryIO, TypeVar

from PIL import ExifTags, Image, ImageCms

from maintainuk.infrastructure.images.formats import HEAD, Format, format_of, is_another_picture, webp_size

DISPLAY, THUMBNAIL = 2_048, 320
"""Pixels of the longer side."""
DISPLAY_QUALITY, THUMBNAIL_QUALITY = 82, 75
ENOUGH = 1.25
"""Times the pixels that are wanted in the end: with fewer, the last and careful step has too little to work on."""
ROWS = 60
"""Rows worked on at a time, so that no second copy of the whole picture is ever made; many factors divide it."""
WEBP_PIXEL = 17.5
"""Bytes that a pixel of a WebP takes: its decoder keeps two canvases, and hands out a third."""
LARGEST_ANSWER = 8_000_000
LARGEST_PROFILE = 1_000_000

if TYPE_CHECKING:
    from pillow_heif import HeifImage

Size = tuple[int, int]
Taken = tuple[bytes, bytes, dict[str, Any]]
Told = TypeVar("Told")


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one photo may take: bytes beyond the interpreter's own, seconds of work, and pixels of the picture."""

    memory: int
    seconds: int
    pixels: int

    def allow(self, size: Size, *, each: float = 0) -> None:
        """Refuse a picture whose header says that it is too large, or whose decoder takes too many bytes a pixel."""
        pixels = size[0] * size[1]
        if pixels > self.pixels:
            raise Refused("too-many-pixels")
        if pixels * each > self.memory:  # the decoders themselves would only say that the file is broken
            raise Refused("too-much-memory")

    def impose(self) -> None:
        """Bind this process; it can't be undone."""
        now = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
        for limit, soft, hard in (
            (resource.RLIMIT_AS, now + self.memory, now + self.memory),
            (resource.RLIMIT_CPU, self.seconds, self.seconds + 1),  # first the signal that says why
            (resource.RLIMIT_FSIZE, LARGEST_ANSWER, LARGEST_ANSWER),
            (resource.RLIMIT_CORE, 0, 0),
        ):
            resource.setrlimit(limit, (soft, hard))


class Refused(Exception):
    """The file is no photo that we can draw; the text is the code of the reason."""


def redraw(photo: IO[bytes], bounds: Bounds) -> Taken:
    """Return the display copy, the thumbnail and what is told of them. Raises `Refused`, and whatever decoders do."""
    head = _head_of(photo)
    match format_of(head):
        case None:
            raise Refused("unsupported-format" if is_another_picture(head) else "not-an-image")
        case Format.HEIC:
            picture, exif, profile = _from_heic(photo, bounds)
        case known:
            if known is Format.WEBP and (size := webp_size(head)):
                bounds.allow(size, each=WEBP_PIXEL)
            picture, exif, profile = _from_pillow(photo, known, bounds)
    display = _in_srgb(_fitted(picture, DISPLAY), profile)
    thumbnail = _fitted(display, THUMBNAIL)
    facts = {"width": display.width, "height": display.height, "captured_at": _capture_time(exif)}
    return (
        _written(display, quality=DISPLAY_QUALITY, progressive=True),
        _written(thumbnail, quality=THUMBNAIL_QUALITY),
        facts,
    )


def _head_of(photo: IO[bytes]) -> bytes:
    head = photo.read(HEAD)
    photo.seek(0)
    return head


def _from_pillow(photo: IO[bytes], known: Format, bounds: Bounds) -> tuple[Image.Image, Image.Exif, bytes]:
    with Image.open(photo, formats=[known]) as image:
        bounds.allow(image.size)
        if image.info.get("progressive"):
            bounds.allow(image.size, each=_kept_for_each_pixel(image))
        profile = image.info.get("icc_profile") if image.mode in {"RGB", "RGBA"} else None
        exif = _read(image.getexif, Image.Exif())
        goal = _smaller(image.size)
        image.draft("RGB", goal)  # a JPEG is decoded at a half, a quarter or an eighth where that is enough
        image.load()
        picture = _shrunk(image.size, _parts_of(image))
    return _upright(picture, exif), exif, profile or b""


def _from_heic(photo: IO[bytes], bounds: Bounds) -> tuple[Image.Image, Image.Exif, bytes]:
    found = _heif().HeifFile(photo, remove_stride=False)
    if not len(found):
        raise Refused("damaged")
    image = found[found.primary_index]
    bounds.allow(image.size)
    exif, told = Image.Exif(), image.info.get("exif")
    if told:
        exif = _read(lambda: _loaded(told), exif)
    profile = image.info.get("icc_profile") if image.mode in {"RGB", "RGBA"} else None
    image.load()  # turned upright by its own container: what EXIF says of that does not count
    bounds.allow(image.size)
    return _shrunk(image.size, _parts_of_heic(image)), exif, profile or b""


def _parts_of(image: Image.Image) -> Iterator[tuple[int, Image.Image]]:
    for top in range(0, image.height, ROWS):
        yield top, image.crop((0, top, image.width, min(top + ROWS, image.height)))


def _parts_of_heic(image: "HeifImage") -> Iterator[tuple[int, Image.Image]]:
    data, stride, (width, height) = memoryview(image.data), image.stride, image.size
    for top in range(0, height, ROWS):
        rows = min(ROWS, height - top)
        part = bytes(data[top * stride : (top + rows) * stride])
        yield top, Image.frombytes(image.mode, (width, rows), part, "raw", image.mode, stride)


def _shrunk(size: Size, parts: Iterator[tuple[int, Image.Image]]) -> Image.Image:
    """Put the parts together on white, as many times smaller as leaves enough for the display copy."""
    width, height = size
    factor = max(1, int(max(size) / (DISPLAY * ENOUGH)))
    while ROWS % factor:
        factor -= 1
    canvas = Image.new("RGB", (-(-width // factor), -(-height // factor)), "white")
    for top, part in parts:
        opaque = _on_white(part)
        canvas.paste(opaque.reduce(factor) if factor > 1 else opaque, (0, top // factor))
    return canvas


def _on_white(part: Image.Image) -> Image.Image:
    if part.mode in {"I", "F"} or part.mode.startswith("I;16"):  # sixteen bits of grey
        part = part.convert("I").point(lambda value: value / 256).convert("L")
    if part.has_transparency_data:
        part = part.convert("RGBA")
        behind = Image.new("RGBA", part.size, "white")
        behind.alpha_composite(part)
        part = behind
    return part.convert("RGB")


def _smaller(size: Size) -> Size:
    scale = min(1.0, DISPLAY * ENOUGH / max(size))
    return max(1, int(size[0] * scale)), max(1, int(size[1] * scale))


def _fitted(image: Image.Image, side: int) -> Image.Image:
    scale = side / max(image.size)
    if scale >= 1:
        return image
    size = tuple(max(1, round(length * scale)) for length in image.size)
    return image.resize((size[0], size[1]), Image.Resampling.LANCZOS)


def _in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    if not profile or len(profile) > LARGEST_PROFILE:
        return image
    try:
        own = ImageCms.ImageCmsProfile(BytesIO(profile))
        drawn = ImageCms.profileToProfile(image, own, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):  # a nonsense profile costs a shade of colour, not the photo
        return image
    return drawn or image


def _upright(image: Image.Image, exif: Image.Exif) -> Image.Image:
    turns: dict[Any, Image.Transpose] = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_270,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_90,
    }
    turn = turns.get(exif.get(ExifTags.Base.Orientation))
    return image if turn is None else image.transpose(turn)


def _read(read: Callable[[], Told], otherwise: Told) -> Told:
    """Read what the camera wrote; nonsense there is no reason to refuse the photo."""
    try:
        return read()
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001  (written by anything that calls itself a camera)
        return otherwise


def _loaded(told: bytes) -> Image.Exif:
    exif = Image.Exif()
    exif.load(told)
    return exif


def _capture_time(exif: Image.Exif) -> str | None:
    """Return when the shutter opened, as `YYYY-MM-DDTHH:MM:SS` with the offset from UTC if the camera knew it."""
    nothing: dict[int, Any] = {}
    inner = _read(lambda: exif.get_ifd(ExifTags.IFD.Exif), nothing)
    when = str(inner.get(ExifTags.Base.DateTimeOriginal) or "").strip("\0 ")
    offset = str(inner.get(ExifTags.Base.OffsetTimeOriginal) or "").strip("\0 ")
    day, _, clock = when.partition(" ")
    return f"{day.replace(':', '-')}T{clock}{offset}"[:40] if clock else None


def _kept_for_each_pixel(image: Any) -> float:  # noqa: ANN401  (only a JPEG has layers)
    """Return how many bytes the decoder of a progressive JPEG keeps: two for each sample."""
    samples: list[int] = [across * down for _, across, down, _ in image.layer]
    return 2 * sum(samples) / max(samples)


def _written(image: Image.Image, **how: Any) -> bytes:  # noqa: ANN401  (Pillow's own words)
    file = BytesIO()
    image.save(file, "JPEG", **how)
    return file.getvalue()


def _heif() -> Any:  # noqa: ANN401  (a module)
    import pillow_heif  # noqa: PLC0415  (a third of the start, and one photo in ten needs it)

    options = pillow_heif.options
    options.DECODE_THREADS = 1
    options.THUMBNAILS = options.DEPTH_IMAGES = options.AUX_IMAGES = False
    return pillow_heif


def main() -> None:
    """Draw what comes in, answer, and end: nothing of one photo is left for the next."""
    bounds = Bounds(*map(int, sys.argv[1:]))
    photo: BinaryIO = sys.stdin.buffer
    if format_of(_head_of(photo)) is Format.HEIC:
        _heif()  # before the bounds: they leave no room for a library
    Image.init()
    bounds.impose()
    warnings.simplefilter("ignore")
    Image.MAX_IMAGE_PIXELS = None  # our own and lower limit is asked first
    display = thumbnail = b""
    facts: dict[str, Any]
    try:
        display, thumbnail, facts = redraw(photo, bounds)
        facts |= {"display": len(display), "thumbnail": len(thumbnail)}
    except Refused as refusal:
        facts = {"refused": str(refusal)}
    except MemoryError:
        facts = {"refused": "too-much-memory"}
    except Exception as error:  # noqa: BLE001  (decoders raise whatever they like at what is no picture)
        facts = {"refused": "too-much-memory" if "emory" in str(error) else "damaged"}
    sys.stdout.buffer.write(json.dumps(facts).encode() + b"\n" + display + thumbnail)


if __name__ == "__main__":
    main()
