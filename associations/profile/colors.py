"""The association's colour (kolor): whether it can be read, and the shades that pages make of it.

Contrast is WCAG 2.2's ratio (1 to 21; text needs 4.5). Inside: pure functions on `#rrggbb`. Not inside: style sheets.
"""

import colorsys
from dataclasses import dataclass

LEAST_CONTRAST = 4.5
"""WCAG 2.2, success criterion 1.4.3: text of usual size."""

# What the colour stands on or behind, as kartoteka.css names them.
WHITE, LIGHT_PAPER = "#ffffff", "#f6f5f1"
DARK_SHEET, DARK_PAPER, DARK_INK = "#1a2029", "#11151b", "#0a1a1c"
SOFT_SHARE_OF_LIGHT, SOFT_SHARE_OF_DARK = 0.11, 0.16
STEPS = 100

Rgb = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Palette:
    """The colour, what is written on it, and its pale ground; for light and for dark pages, as `#rrggbb`."""

    brand: str
    on_brand: str
    soft: str
    dark_brand: str
    dark_on_brand: str
    dark_soft: str


def contrast_of(one: str, other: str) -> float:
    """How clearly two colours differ: 1 (not at all) to 21 (black on white)."""
    lighter, darker = sorted((_luminance(_rgb(one)), _luminance(_rgb(other))), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def least_contrast_on_light(color: str) -> float:
    """The weakest contrast in which a light page would show the colour."""
    return min(contrast_of(color, ground) for ground in (WHITE, LIGHT_PAPER, _soft_of_light(color)))


def is_readable(color: str) -> bool:
    """Whether text in the colour, and white text on it, can be read on light pages."""
    return least_contrast_on_light(color) >= LEAST_CONTRAST


def nearest_readable(color: str) -> str:
    """The colour itself where it is readable, else its lightest darker shade that is."""
    return next(shade for shade in _shades(color, towards=0.0) if is_readable(shade))


def palette_of(color: str) -> Palette:
    """The shades of a readable colour; for dark pages it is lightened until it can be read there."""
    dark = next(shade for shade in _shades(color, towards=1.0) if _is_readable_in_dark(shade))
    return Palette(
        brand=color,
        on_brand=WHITE,
        soft=_soft_of_light(color),
        dark_brand=dark,
        dark_on_brand=DARK_INK,
        dark_soft=_soft_of_dark(dark),
    )


def _is_readable_in_dark(shade: str) -> bool:
    grounds = (DARK_SHEET, DARK_PAPER, DARK_INK, _soft_of_dark(shade))
    return all(contrast_of(shade, ground) >= LEAST_CONTRAST for ground in grounds)


def _soft_of_light(color: str) -> str:
    return _mix(color, WHITE, SOFT_SHARE_OF_LIGHT)


def _soft_of_dark(color: str) -> str:
    return _mix(color, DARK_SHEET, SOFT_SHARE_OF_DARK)


def _shades(color: str, *, towards: float) -> list[str]:
    """The colour with its lightness led to black (0) or white (1) in small steps; its hue stays."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*_rgb(color))
    parts = [step / STEPS for step in range(STEPS + 1)]
    return [
        _hex(colorsys.hls_to_rgb(hue, lightness + (towards - lightness) * part, saturation)) for part in parts
    ]


def _mix(color: str, ground: str, share: float) -> str:
    pairs = zip(_rgb(color), _rgb(ground), strict=True)
    red, green, blue = (one * share + other * (1 - share) for one, other in pairs)
    return _hex((red, green, blue))


def _luminance(color: Rgb) -> float:
    """Relative luminance of sRGB, as WCAG defines it."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - the definition
        for part in color
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _rgb(color: str) -> Rgb:
    red, green, blue = bytes.fromhex(color.removeprefix("#"))
    return red / 255, green / 255, blue / 255


def _hex(color: Rgb) -> str:
    return "#" + bytes(round(min(max(part, 0.0), 1.0) * 255) for part in color).hex()
