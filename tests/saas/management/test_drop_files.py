"""Files of a drop folder: what is read of them, whoever writes into them meanwhile."""

from pathlib import Path

import pytest

from saas.management.drop_files import CHUNK, ChangedMeanwhileError, FoundFile, open_folder


def test_a_file_that_grows_while_it_is_read_is_left_to_the_next_pass(tmp_path: Path) -> None:
    path = tmp_path / "salda.csv"
    path.write_bytes(b"x" * (CHUNK + 1))

    with open_folder(str(tmp_path)) as folder:
        pieces = FoundFile("salda.csv", None, folder).chunks()
        first = next(pieces)
        with path.open("ab") as more:
            more.write(b"y" * CHUNK)
        with pytest.raises(ChangedMeanwhileError):
            list(pieces)
        whole = b"".join(FoundFile("salda.csv", None, folder).chunks())

    assert (len(first), len(whole)) == (CHUNK, 2 * CHUNK + 1)
