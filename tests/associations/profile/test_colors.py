"""The association's colour: what can be read, and the shades that pages make of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from associations.profile.colors import (
    DARK_INK,
    DARK_PAPER,
    DARK_SHEET,
    LEAST_CONTRAST,
    LIGHT_PAPER,
    WHITE,
    contrast_of,
    is_readable,
    nearest_readable,
    palette_of,
)

COLORS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@pytest.mark.parametrize(
    ("one", "other", "contrast"),
    # The first two stand in WCAG's own texts, the third is its threshold's well-known grey.
    [("#000000", "#ffffff", 21.0), ("#ffffff", "#ffffff", 1.0), ("#767676", "#ffffff", 4.54)],
)
def test_contrast_is_that_of_wcag(one: str, other: str, contrast: float) -> None:
    assert round(contrast_of(one, other), 2) == contrast
    assert contrast_of(one, other) == contrast_of(other, one)


@pytest.mark.parametrize(
    ("color", "expected"), [("#0f5b63", True), ("#c8102e", True), ("#f5a623", False), ("#ffffff", False)]
)
def test_a_pale_colour_is_not_readable(color: str, expected: bool) -> None:
    assert is_readable(color) is expected


@given(COLORS)
def test_nearest_shade_is_readable_and_a_readable_colour_is_its_own(color: str) -> None:
    nearest = nearest_readable(color)

    assert is_readable(nearest)
    assert (nearest == color) or not is_readable(color)


@given(COLORS)
def test_every_shade_of_a_palette_reads_on_its_grounds(color: str) -> None:
    palette = palette_of(nearest_readable(color))

    light = [contrast_of(palette.brand, ground) for ground in (WHITE, LIGHT_PAPER, palette.soft)]
    dark = [
        contrast_of(palette.dark_brand, ground)
        for ground in (DARK_SHEET, DARK_PAPER, DARK_INK, palette.dark_soft)
    ]
    on_buttons = [
        contrast_of(palette.brand, palette.on_brand),
        contrast_of(palette.dark_brand, palette.dark_on_brand),
    ]
    assert min(light + dark + on_buttons) >= LEAST_CONTRAST
