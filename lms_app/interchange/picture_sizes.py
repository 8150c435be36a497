"""How large a picture is that a stranger made."""

from io import BytesIO

from PIL import Image

MOST_BYTES = 20_000_000
MOST_PIXELS = 20_000


def picture_size(content: bytes) -> tuple[int, int] | None:
    """Width and height in pixels, None of what is no picture, or too large a one."""
    if len(content) > MOST_BYTES:
        return None
    try:
        with Image.open(BytesIO(content)) as picture:
            return (picture.width, picture.height) if max(picture.size) <= MOST_PIXELS else None
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
