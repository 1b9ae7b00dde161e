"""The copies of a photo: upright, in the web's colours, no larger than a screen, without a word beside the pixels."""

from datetime import UTC, datetime
from io import BytesIO
from tempfile import TemporaryFile

import pytest
from PIL import Image, ImageCms

from bench._pictures import PLACE, camera, photo, saved, scene
from maintainuk.infrastructure.images.bounded import BoundedRedraw, Redrawn

KINDS = ("JPEG", "PNG", "WEBP", "HEIF")


async def drawn(file: bytes) -> Redrawn:
    with TemporaryFile() as opened:
        opened.write(file)
        outcome = await BoundedRedraw().draw(opened)
    assert isinstance(outcome, Redrawn), outcome
    return outcome


def seen(copy: bytes) -> Image.Image:
    image = Image.open(BytesIO(copy))
    image.load()
    return image


def corners(image: Image.Image) -> str:
    """The colours of the corners, clockwise from the upper left: (r)ed, (g)reen, (b)lue or (w)hite."""
    right, bottom = image.width - 5, image.height - 5
    names = {(True, False, False): "r", (False, True, False): "g", (False, False, True): "b"}
    pixels = [image.getpixel(place) for place in ((5, 5), (right, 5), (right, bottom), (5, bottom))]
    return "".join(names.get(tuple(value > 128 for value in pixel), "w") for pixel in pixels)


def flag() -> Image.Image:
    image = Image.new("RGB", (400, 300), "red")
    for colour, place in (("lime", (200, 0)), ("blue", (200, 150)), ("white", (0, 150))):
        image.paste(colour, (*place, place[0] + 200, place[1] + 150))
    return image


@pytest.mark.parametrize("kind", KINDS)
async def test_a_photo_is_no_larger_than_a_screen_and_has_a_thumbnail(kind):
    outcome = await drawn(photo(kind, 2_400, 1_800))

    assert (outcome.width, outcome.height) == seen(outcome.display).size == (2_048, 1_536)
    assert seen(outcome.thumbnail).size == (320, 240)


async def test_a_small_photo_is_not_blown_up():
    outcome = await drawn(photo(width=200, height=100))

    assert seen(outcome.display).size == seen(outcome.thumbnail).size == (200, 100)


@pytest.mark.parametrize("kind", KINDS)
async def test_nothing_is_left_of_where_and_with_what_it_was_taken(kind):
    original = photo(kind)
    assert PLACE in original

    outcome = await drawn(original)

    for copy in (outcome.display, outcome.thumbnail):
        assert PLACE not in copy
        assert PLACE[:8] not in copy
        assert not seen(copy).getexif()
        assert not set(seen(copy).info) & {"exif", "xmp", "icc_profile", "comment", "photoshop"}


@pytest.mark.parametrize(
    ("orientation", "upright"),
    [(1, "rgbw"), (2, "grwb"), (3, "bwrg"), (4, "wbgr"), (5, "rwbg"), (6, "wrgb"), (7, "bgrw"), (8, "gbwr")],
)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
async def test_a_photo_stands_upright_however_the_phone_was_held(kind, orientation, upright):
    outcome = await drawn(saved(flag(), kind, exif=camera(orientation)))

    assert corners(seen(outcome.display)) == upright
    assert (outcome.width, outcome.height) == ((400, 300) if orientation < 5 else (300, 400))


@pytest.mark.parametrize(("orientation", "upright"), [(1, "rgbw"), (3, "bwrg"), (6, "wrgb"), (8, "gbwr")])
async def test_a_heic_is_turned_once_and_not_twice(orientation, upright):
    outcome = await drawn(saved(flag(), "HEIF", exif=camera(orientation), quality=95))

    assert corners(seen(outcome.display)) == upright


@pytest.mark.parametrize("kind", KINDS)
async def test_the_time_of_capture_is_told_apart_from_the_picture(kind):
    assert (await drawn(photo(kind))).captured_at == datetime(2026, 11, 20, 8, 15, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("taken", "offset", "moment"),
    [
        ("2026:07:01 12:00:00", "+02:00", datetime(2026, 7, 1, 10, tzinfo=UTC)),
        ("2026:07:01 12:00:00", None, datetime(2026, 7, 1, 11, tzinfo=UTC)),
        ("2026:01:01 12:00:00", None, datetime(2026, 1, 1, 12, tzinfo=UTC)),
        ("0000:00:00 00:00:00", None, None),
        ("    :  :     :  :  ", None, None),
        ("yesterday", "+00:00", None),
        ("2026:07:01 12:00:00", "here", None),
        (None, None, None),
    ],
)
async def test_a_camera_that_knows_no_offset_runs_on_uk_time(taken, offset, moment):
    picture = saved(scene(40, 40), exif=camera(taken=taken, offset=offset))

    assert (await drawn(picture)).captured_at == moment


async def test_colours_are_the_webs_whatever_the_camera_calls_them():
    web = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    red_is_blue = web.replace(b"rXYZ", b"....").replace(b"bXYZ", b"rXYZ").replace(b"....", b"bXYZ")

    outcome = await drawn(saved(Image.new("RGB", (64, 64), "red"), "PNG", icc_profile=red_is_blue))

    for copy in (outcome.display, outcome.thumbnail):
        assert corners(seen(copy)) == "bbbb"
        assert "icc_profile" not in seen(copy).info


async def test_what_is_transparent_is_white():
    outcome = await drawn(saved(Image.new("RGBA", (64, 64), (255, 0, 0, 0)), "PNG"))

    assert seen(outcome.display).getpixel((32, 32)) == (255, 255, 255)


async def test_sixteen_bits_of_grey_keep_their_shades():
    outcome = await drawn(saved(Image.new("I;16", (64, 64), 32_768), "PNG"))

    assert seen(outcome.display).getpixel((32, 32)) == (128, 128, 128)


async def test_of_a_film_the_first_frame_is_taken():
    frames = [Image.new("RGB", (64, 64), colour) for colour in ("red", "lime", "blue")]

    outcome = await drawn(saved(frames[0], "PNG", save_all=True, append_images=frames[1:]))

    assert corners(seen(outcome.display)) == "rrrr"
