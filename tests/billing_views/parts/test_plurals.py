"""Counts in Polish forms."""

import pytest
from django.utils import translation

from billing_views.parts.plurals import choose_form, say_count


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (0, "wierszy"),
        (1, "wiersz"),
        (2, "wiersze"),
        (4, "wiersze"),
        (5, "wierszy"),
        (11, "wierszy"),
        (12, "wierszy"),
        (14, "wierszy"),
        (21, "wierszy"),
        (22, "wiersze"),
        (101, "wierszy"),
        (102, "wiersze"),
        (112, "wierszy"),
        (1_000_003, "wiersze"),
    ],
)
def test_the_form_follows_the_count(count: int, expected: str) -> None:
    assert choose_form(count, "wiersz", "wiersze", "wierszy") == expected


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (1, "рядок"),
        (2, "рядки"),
        (5, "рядків"),
        (11, "рядків"),
        (12, "рядків"),
        (21, "рядок"),
        (22, "рядки"),
        (101, "рядок"),
        (111, "рядків"),
        (112, "рядків"),
    ],
)
def test_ukrainian_counts_twenty_one_like_one(count: int, expected: str) -> None:
    with translation.override("uk"):
        assert choose_form(count, "рядок", "рядки", "рядків") == expected


def test_thousands_are_parted() -> None:
    assert say_count(12_014, "{n} lokal", "{n} lokale", "{n} lokali") == "12\u00a0014 lokali"
