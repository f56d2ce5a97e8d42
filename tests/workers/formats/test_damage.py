"""Files of every format with flipped bits, lost ends and moved pieces, read by the real child."""

import random
from pathlib import Path

import pytest

from tests.workers.formats.corpus import HEADERS, ROWS, written
from tests.workers.readings import read_bytes

FORMATS = ("dbf", "xml", "xlsx", "xls", "ods")
GOOD = written(HEADERS, ROWS * 40)


def damaged(content: bytes, chance: random.Random) -> bytes:
    spoilt = bytearray(content)
    for _ in range(chance.randint(1, 20)):
        spoilt[chance.randrange(len(spoilt))] ^= 1 << chance.randrange(8)
    if chance.random() < 0.3:
        del spoilt[chance.randrange(1, len(spoilt)) :]
    if chance.random() < 0.2:
        start = chance.randrange(len(spoilt))
        spoilt[start:start] = spoilt[: chance.randrange(1, 2000)]
    return bytes(spoilt)


def check_survival(folder: Path, extension: str, seed: int) -> None:
    chance = random.Random(f"{extension} {seed}")  # noqa: S311  the same damage at every run

    reading = read_bytes(folder, f"salda.{extension}", damaged(GOOD[extension], chance))

    assert reading.ended is not None
    assert "reader_stopped" not in reading.codes, reading.problems


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("extension", FORMATS)
def test_damage_is_a_problem_and_nothing_worse(tmp_path: Path, extension: str, seed: int) -> None:
    check_survival(tmp_path, extension, seed)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(1000, 1150))
@pytest.mark.parametrize("extension", FORMATS)
def test_much_damage_is_a_problem_and_nothing_worse(tmp_path: Path, extension: str, seed: int) -> None:
    check_survival(tmp_path, extension, seed)
