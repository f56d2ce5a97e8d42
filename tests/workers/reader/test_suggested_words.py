"""Words and headers that are nearly those of a dataset come with the one that may be meant."""

import pytest

from workers.datasets.headers import match_headers
from workers.problems import Problem
from workers.suggested_words import near_headers, suggest_word


@pytest.mark.parametrize(
    ("dataset", "field", "code", "value", "expected"),
    [
        ("readings", "kind", "unknown_kind", "odczty", "odczyt"),
        ("people", "is_joint", "not_yes_or_no", "takk", "tak"),
        ("readings", "kind", "unknown_kind", "zupełnie inne słowo", ""),
        ("readings", "value", "not_a_number", "odczty", ""),
        ("", "", "unknown_kind", "odczty", ""),
    ],
)
def test_a_word_near_one_of_the_column_s_own(
    dataset: str, field: str, code: str, value: str, expected: str
) -> None:
    problem = Problem("error", code, "Nieznane określenie.", dataset=dataset, field=field, value=value)

    assert suggest_word(problem) == expected


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (["Kod lokau", "Konto", "Data księgowania", "Winien", "Ma"], ["Kod lokau"]),
        (["Kod lokalu", "Konto", "Data ksiegowniaa", "Winien", "Ma", "Opiekun"], ["Data ksiegowniaa"]),
        (["Kod lokalu", "Konto", "Data księgowania", "Dokument", "Winen"], ["Winen"]),
        (["Kod lokalu", "Konto", "Data księgowania", "Opiekun"], []),
    ],
)
def test_a_header_near_a_column_that_is_missing(headers: list[str], expected: list[str]) -> None:
    match = match_headers(headers)[0]

    assert near_headers(match, headers) == expected
