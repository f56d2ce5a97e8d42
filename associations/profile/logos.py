"""Reading an uploaded logo (znak): a small PNG of our own is made of it; nothing of the file itself is kept.

SVG is refused: it may hold scripts and addresses of other hosts.
"""

from dataclasses import dataclass
from io import BytesIO
from typing import IO

from PIL import Image, UnidentifiedImageError

FORMATS = ("PNG", "JPEG", "WEBP")
MOST_BYTES = 2 * 1024 * 1024
MOST_PIXELS = 25_000_000
LARGEST = (480, 160)
"""Three times as large as the bar shows it: sharp on a phone and on paper."""


class LogoError(ValueError):
    """The file cannot become a logo; `code`: `too_large`, `too_many_pixels` or `no_picture`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Logo:
    """A PNG with its size in pixels."""

    content: bytes
    width: int
    height: int


def read_logo(file: IO[bytes], size: int) -> Logo:
    """The picture, made no larger than 480 × 160 pixels, its transparency kept. Raises LogoError.

    `size` in bytes. The pixels are counted before any is read, so that a small file cannot ask for gigabytes.
    """
    if size > MOST_BYTES:
        raise LogoError("too_large")
    try:
        with Image.open(file, formats=FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise LogoError("too_many_pixels")
            picture.load()
            shown = picture.convert("RGBA")
    except Image.DecompressionBombError as error:
        raise LogoError("too_many_pixels") from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        if isinstance(error, LogoError):
            raise
        raise LogoError("no_picture") from error
    shown.thumbnail(LARGEST)
    target = BytesIO()
    shown.save(target, "PNG", optimize=True)
    return Logo(target.getvalue(), shown.width, shown.height)
