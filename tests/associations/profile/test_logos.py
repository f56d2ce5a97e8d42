"""An uploaded picture becomes a small PNG of our own, or a reason why not."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image

from associations.profile.logos import LARGEST, MOST_BYTES, LogoError, read_logo


def picture(size: tuple[int, int], file_format: str, color: str = "#0f5b63", mode: str = "RGB") -> bytes:
    target = BytesIO()
    Image.new(mode, size, color).save(target, file_format)
    return target.getvalue()


def png_that_claims(width: int, height: int) -> bytes:
    """A PNG of a hundred bytes whose header asks for width × height pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b""))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("file_format", ["PNG", "JPEG", "WEBP"])
def test_logo_is_a_png_that_fits_the_bar_and_paper(file_format: str) -> None:
    content = picture((1200, 300), file_format)

    logo = read_logo(BytesIO(content), len(content))

    with Image.open(BytesIO(logo.content)) as written:
        assert (written.format, written.size) == ("PNG", (480, 120))
    assert (logo.width, logo.height) == (480, 120)


def test_a_small_picture_keeps_its_size_and_transparency() -> None:
    content = picture((20, 10), "PNG", "#0f5b6300", "RGBA")

    logo = read_logo(BytesIO(content), len(content))

    with Image.open(BytesIO(logo.content)) as written:
        assert (written.size, written.getpixel((3, 3))) == ((20, 10), (15, 91, 99, 0))
    assert logo.width <= LARGEST[0]


def test_what_hides_in_a_picture_is_not_kept() -> None:
    target = BytesIO()
    image = Image.new("RGB", (40, 40))
    exif = image.getexif()
    exif[0x010E] = "Kanarek"
    image.save(target, "JPEG", exif=exif, comment=b"Kanarek")
    assert b"Kanarek" in target.getvalue()

    logo = read_logo(BytesIO(target.getvalue() + b"Kanarek"), 100)

    assert b"Kanarek" not in logo.content


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "no_picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no_picture"),
        (picture((30, 30), "GIF"), "no_picture"),
        (picture((30, 30), "PNG")[:60], "no_picture"),
        (png_that_claims(30_000, 30_000), "too_many_pixels"),
        (png_that_claims(6_000, 6_000), "too_many_pixels"),
        (png_that_claims(100, 100), "no_picture"),
    ],
)
def test_what_is_no_logo_is_refused(content: bytes, code: str) -> None:
    with pytest.raises(LogoError) as refused:
        read_logo(BytesIO(content), len(content))

    assert refused.value.code == code


def test_a_large_file_is_refused_unread() -> None:
    with pytest.raises(LogoError) as refused:
        read_logo(BytesIO(picture((9, 9), "PNG")), MOST_BYTES + 1)

    assert refused.value.code == "too_large"
