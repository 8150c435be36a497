"""Pictures made fit for a page, by Pillow: upright, no larger than needed, and with nothing in them but the picture."""

import io
import math
from dataclasses import dataclass
from typing import Any, Final

from PIL import Image, ImageOps, ImageSequence
from PIL.ImageFile import ImageFile

from lms_app.errors import Invalid

LARGEST_SIDE: Final = 2000
"""Pixels. Twice the width of a page's column, for screens of two pixels a point."""
MOST_PIXELS: Final = 60_000_000
"""Of a picture that comes, all frames of a moving one together: 240 MB of memory while it is worked on."""
FORMATS: Final = {"image/png": "PNG", "image/jpeg": "JPEG", "image/gif": "GIF", "image/webp": "WEBP", "image/avif": "AVIF"}

_ORIENTATION: Final = 0x0112
_TOO_MANY = f"This picture has too many pixels. The limit is {MOST_PIXELS // 1_000_000} million; make it smaller, then upload it again."
_MOVING = f"This moving picture is too large: its frames have more than {MOST_PIXELS // 1_000_000} million pixels together. Upload it as a video."


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A picture as it is kept; its sides in pixels."""

    data: bytes
    width: int
    height: int


def prepare(data: bytes, media_type: str) -> Picture:
    """The picture turned as its camera says, at most LARGEST_SIDE pixels wide and high, and without metadata: no place, no time, no camera. Moving
    pictures move on. Raises Invalid for what is no picture of this type, is damaged, or has too many pixels."""
    try:
        # Only this one reader looks at the file: none can be chosen by its content.
        with Image.open(io.BytesIO(data), formats=[FORMATS[media_type]]) as image:
            if image.width * image.height > MOST_PIXELS:
                raise Invalid(_TOO_MANY)
            # Several pictures in one JPEG are a still one with its depth or preview, as telephones write it.
            if media_type != "image/jpeg" and getattr(image, "is_animated", False):
                return _moving(image, media_type)
            return _still(image, media_type, data)
    except Invalid:
        raise
    except Image.DecompressionBombError as error:
        raise Invalid(_TOO_MANY) from error
    except (OSError, SyntaxError, ValueError, EOFError, KeyError, IndexError, TypeError, AttributeError, OverflowError, RuntimeError) as error:
        # Readers of pictures meet a damaged file with errors of many kinds.
        raise Invalid("This picture is damaged or incomplete. Open it in a picture program and save it anew.") from error


def _still(image: ImageFile, media_type: str, data: bytes) -> Picture:
    is_small = max(image.size) <= LARGEST_SIDE
    profile = image.info.get("icc_profile")
    if is_small and image.format == "JPEG" and image.getexif().get(_ORIENTATION, 1) == 1:
        # With its own tables, so that next to nothing is lost.
        return _written(image, "JPEG", quality="keep", icc_profile=profile)
    if not is_small:
        # For a JPEG this reads a half, a quarter or an eighth of it at once.
        image.thumbnail((LARGEST_SIDE, LARGEST_SIDE), Image.Resampling.LANCZOS)
    upright = ImageOps.exif_transpose(image)
    match media_type:
        case "image/jpeg":
            return _written(upright, "JPEG", quality=86, optimize=True, progressive=True, icc_profile=profile)
        case "image/webp":
            return _written(upright, "WEBP", lossless=b"VP8L" in data[:256], quality=88, icc_profile=profile, exif=b"", xmp=b"")
        case "image/avif":
            return _written(upright, "AVIF", quality=80, speed=8, icc_profile=profile, exif=b"", xmp=b"")
        case "image/gif":
            return _written(upright, "GIF", comment=b"")
        case _:
            return _written(upright, "PNG", icc_profile=profile, exif=b"")


def _moving(image: ImageFile, media_type: str) -> Picture:
    share = min(1.0, LARGEST_SIDE / max(image.size))
    size = (max(1, math.floor(image.width * share)), max(1, math.floor(image.height * share)))
    frames: list[Image.Image] = []
    durations: list[float] = []
    for frame in ImageSequence.Iterator(image):
        if (len(frames) + 1) * image.width * image.height > MOST_PIXELS:
            raise Invalid(_MOVING)
        frames.append(frame.convert("RGBA").resize(size) if share < 1 else frame.copy())
        durations.append(frame.info.get("duration", 100) or 100)
    options: dict[str, Any] = {"save_all": True, "append_images": frames[1:], "duration": durations, "loop": image.info.get("loop")}
    match media_type:
        case "image/gif":
            options |= {"disposal": 2, "comment": b""}
        case "image/webp":
            options |= {"quality": 85, "method": 2, "exif": b"", "xmp": b""}
        case "image/avif":
            options |= {"quality": 75, "speed": 9, "exif": b"", "xmp": b"", "duration": [round(each) for each in durations]}
            options["loop"] = None
        case _:
            options |= {"exif": b""}
    return _written(frames[0], FORMATS[media_type], **options)


def _written(image: Image.Image, form: str, **options: Any) -> Picture:
    for name in ("exif", "xmp", "comment", "photoshop", "Raw profile type exif", "Raw profile type xmp", "XML:com.adobe.xmp"):
        image.info.pop(name, None)
    out = io.BytesIO()
    image.save(out, form, **{name: value for name, value in options.items() if value is not None})
    return Picture(data=out.getvalue(), width=image.width, height=image.height)
