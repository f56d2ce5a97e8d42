"""The bar that migrate_associations draws on a terminal, and nowhere else."""

from io import StringIO

from django.core.management.base import OutputWrapper

from saas.management.progress import ProgressBar


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def drawn(stream: StringIO, total: int) -> str:
    bar = ProgressBar(OutputWrapper(stream), total)
    for number in range(total):
        bar.step(f"failed: {number}")
    bar.end()
    return stream.getvalue()


def test_a_terminal_shows_how_many_are_done() -> None:
    lines = drawn(Terminal(), 4).split("\r")[1:]

    assert [line.count("#") for line in lines] == [10, 20, 30, 40]
    assert ["2/4 failed: 1" in line for line in lines] == [False, True, False, False]
    assert lines[-1].endswith("\n")


def test_a_file_and_nothing_to_do_show_nothing() -> None:
    assert drawn(StringIO(), 4) == ""
    assert drawn(Terminal(), 0) == ""
