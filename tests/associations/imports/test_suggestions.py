"""Suggestions: one known code, clearly the nearest, or none."""

import time

import pytest

from associations.imports.suggestions import suggest_codes

PREMISES = [f"{stairs:04}-{number:03}" for stairs in range(401, 413) for number in range(1, 41)]


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        ("412-034", "0412-034"),
        ("0412/034", "0412-034"),
        ("0412034", "0412-034"),
        ("412/34", "0412-034"),
        ("O412-O34", "0412-034"),
        ("0412-0034", "0412-034"),
        (" 0412 - 034 ", "0412-034"),
    ],
)
def test_a_code_written_otherwise_is_recognised(wrong: str, expected: str) -> None:
    assert suggest_codes([wrong], PREMISES) == {wrong: expected}


@pytest.mark.parametrize(
    ("wrong", "known", "expected"),
    [
        ("LU-22", ["LU-2", "LU-7"], "LU-2"),
        ("201-1-0000068-2", ["201-1-0000086-2", "201-1-0000123-9"], "201-1-0000086-2"),
        ("Remontwy", ["remontowy", "podstawowy"], "remontowy"),
        ("Remotowwy", ["remontowy", "podstawowy"], "remontowy"),
        ("Zimna wda", ["Zimna woda", "Ciepła woda"], "Zimna woda"),
        ("17000209", ["17000200", "27000209"], ""),
        ("0412-999", PREMISES, ""),
        ("7", ["1", "2", "17"], ""),
        ("garaże", ["remontowy", "podstawowy"], ""),
        ("", ["1"], ""),
    ],
)
def test_only_a_single_nearest_code_is_suggested(wrong: str, known: list[str], expected: str) -> None:
    assert suggest_codes([wrong], known).get(wrong, "") == expected


def test_a_known_code_needs_no_suggestion() -> None:
    assert suggest_codes(["0412-034"], PREMISES) == {}


def test_two_codes_written_alike_are_no_suggestion() -> None:
    assert suggest_codes(["1 14"], ["1/14", "1-14"]) == {}


def test_two_thousand_wrong_codes_among_twelve_thousand_take_less_than_a_second() -> None:
    known = [f"{stairs:04}-{number:03}" for stairs in range(1, 121) for number in range(1, 101)]
    wrong = [f"{code[:3]}X{code[3:]}" for code in known[:1000]] + [code[:-1] + "Y" for code in known[:1000]]

    started = time.process_time()
    found = suggest_codes(wrong, known)

    assert time.process_time() - started < 1
    assert found["000X1-001"] == "0001-001"
