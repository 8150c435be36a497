"""Pictures made fit for a page: upright, not larger than needed, and without anything else in them."""

import io
import zlib
from struct import pack
from typing import Any

import pytest
from PIL import Image, ImageDraw, PngImagePlugin

from lms_app.adapters.pictures import FORMATS, LARGEST_SIDE, prepare
from lms_app.errors import Invalid

SECRET = b"52.5200N"


def picture(size: tuple[int, int] = (60, 40), mode: str = "RGB") -> Image.Image:
    """White, with a red corner at the top left."""
    image = Image.new("RGB", size, "white")
    ImageDraw.Draw(image).rectangle((0, 0, size[0] // 2, size[1] // 2), fill="red")
    return image.convert(mode)


def saved(image: Image.Image, form: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def exif(orientation: int = 1) -> Image.Exif:
    tags = Image.Exif()
    tags[0x0112] = orientation
    tags[0x010E] = SECRET.decode()
    tags.get_ifd(0x8825)[1] = "N"
    return tags


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


@pytest.mark.parametrize("media_type", FORMATS)
def test_where_a_picture_was_taken_is_not_in_it_any_more(media_type: str) -> None:
    form = FORMATS[media_type]
    match form:
        case "GIF":
            sent = saved(picture(), form, comment=SECRET)
        case "PNG":
            words = PngImagePlugin.PngInfo()
            words.add_itxt("XML:com.adobe.xmp", SECRET.decode())
            sent = saved(picture(), form, exif=exif(), pnginfo=words)
        case "JPEG":
            sent = saved(picture(), form, exif=exif(), comment=SECRET)
        case _:
            sent = saved(picture(), form, exif=exif(), xmp=SECRET)
    assert SECRET in sent
    kept = prepare(sent, media_type)
    assert SECRET not in kept.data
    image = opened(kept.data)
    assert dict(image.getexif()) == {}
    assert image.format == form
    assert (kept.width, kept.height) == image.size == (60, 40)


@pytest.mark.parametrize("size", [(60, 40), (3000, 2000)])
def test_a_photograph_taken_on_its_side_stands_upright(size: tuple[int, int]) -> None:
    kept = prepare(saved(picture(size), "JPEG", exif=exif(orientation=6)), "image/jpeg")
    image = opened(kept.data)
    share = min(1, LARGEST_SIDE / max(size))
    assert image.size == (kept.width, kept.height) == (round(size[1] * share), round(size[0] * share))
    red, green, _ = image.getpixel((image.width - 5, 5))  # type: ignore[misc]
    assert (red > 200, green < 60) == (True, True)


@pytest.mark.parametrize("media_type", FORMATS)
def test_a_picture_larger_than_a_page_is_made_smaller(media_type: str) -> None:
    kept = prepare(saved(picture((2600, 130)), FORMATS[media_type]), media_type)
    assert opened(kept.data).size == (kept.width, kept.height) == (2000, 100)


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG"])
def test_a_moving_picture_moves_on(form: str) -> None:
    frames = [Image.new("RGB", (2400, 12), color) for color in ("red", "green", "blue")]
    kept = prepare(saved(frames[0], form, save_all=True, append_images=frames[1:], duration=120, loop=0), f"image/{form.lower()}")
    image = opened(kept.data)
    assert (getattr(image, "n_frames", 1), image.size) == (3, (2000, 10))
    assert image.info["duration"] == 120


def test_a_transparent_picture_stays_so() -> None:
    kept = prepare(saved(Image.new("RGBA", (9, 9), (0, 0, 0, 0)), "PNG"), "image/png")
    assert opened(kept.data).getpixel((4, 4)) == (0, 0, 0, 0)


def test_a_picture_of_too_many_pixels_is_refused_before_it_is_opened() -> None:
    # Twelve kilobytes that say they are 30,000 by 30,000 pixels.
    def chunk(kind: bytes, data: bytes) -> bytes:
        return pack(">I", len(data)) + kind + data + pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", pack(">IIBBBBB", 30_000, 30_000, 1, 0, 0, 0, 0))
    bomb = b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(10_000_000))) + chunk(b"IEND", b"")
    assert len(bomb) < 20_000
    with pytest.raises(Invalid, match="too many pixels"):
        prepare(bomb, "image/png")


def test_a_moving_picture_of_too_many_pixels_together_is_refused() -> None:
    frames = [Image.new("L", (1990, 1990), shade) for shade in range(0, 240, 12)]
    with pytest.raises(Invalid, match="Upload it as a video"):
        prepare(saved(frames[0], "GIF", save_all=True, append_images=frames[1:]), "image/gif")


@pytest.mark.parametrize("media_type", FORMATS)
def test_a_damaged_picture_is_refused_in_a_sentence(media_type: str) -> None:
    sent = saved(picture((300, 200)), FORMATS[media_type])
    for damaged in (sent[: len(sent) // 2], sent[:30], b""):
        with pytest.raises(Invalid):
            prepare(damaged, media_type)


def test_a_picture_is_read_as_what_it_says_and_nothing_else() -> None:
    with pytest.raises(Invalid):
        prepare(saved(picture(), "TIFF"), "image/png")
