"""Encodings of Polish texts told apart by their words; Mazovia, for which Python has no codec."""

import io
from pathlib import Path

import pytest

from tests.workers.readings import read_bytes
from workers.formats.csv_text import CsvText
from workers.formats.encodings import EIGHT_BIT, best_eight_bit, words_of
from workers.formats.source import Limits, Source, Table, UnreadableFileError
from workers.reading_options import Encoding, TableOptions
from workers.values.fault import Cell

LETTERS = "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ"
SENTENCE = """Spółdzielnia ŁÓDŹ Żółkiewska Maciąg źródło Łucja są Dąb KSIĘGA WŁAŚCICIEL Józef Gąska Wójcik Gdańsk
dzień WIŚNIEWSKI Bąk Krąg Ślęza Dźwig PAŹDZIERNIK Ządło należność ILOŚĆ miesiąc opłata śmieci gąszcz"""
WORDS = tuple(SENTENCE.split())


def detect(raw: bytes) -> str:
    return best_eight_bit({byte for byte in raw if byte > 127}, set(words_of(raw)))


def read_table(content: bytes, options: TableOptions) -> tuple[Table, list[tuple[int, list[Cell]]]]:
    source = Source(1, "plik.csv", len(content), lambda: io.BytesIO(content))
    return next((table, list(table.rows)) for table in CsvText().tables(source, Limits(), options))


def test_mazovia_has_the_letters_where_old_programs_put_them() -> None:
    raw = bytes.fromhex("868d9192a4a29ea6a78f95909ca5a398a0a1")

    assert raw.decode("mazovia") == LETTERS
    assert LETTERS.encode("mazovia") == raw
    assert bytes(range(128)).decode("mazovia") == bytes(range(128)).decode("ascii")


def test_mazovia_gives_every_byte_back() -> None:
    raw = bytes(range(256))

    assert raw.decode("mazovia").encode("mazovia") == raw


def test_mazovia_refuses_what_it_has_no_place_for() -> None:
    with pytest.raises(UnicodeEncodeError):
        "№".encode("mazovia")


@pytest.mark.parametrize("encoding", EIGHT_BIT)
@pytest.mark.parametrize("word", WORDS)
def test_one_word_tells_the_encoding(word: str, encoding: str) -> None:
    raw = word.encode(encoding)

    assert raw.decode(detect(raw)) == word


@pytest.mark.parametrize("encoding", EIGHT_BIT)
def test_all_letters_in_names_and_capitals(encoding: str) -> None:
    text = "Zażółć gęślą jaźń; ZAŻÓŁĆ GĘŚLĄ JAŹŃ; Ćma Łoś Śmiech Źdźbło Żaba Ósmy Ął"

    assert detect(text.encode(encoding)) == encoding


@pytest.mark.parametrize("raw", ["Вася пошёл домой".encode("cp1251"), bytes(range(128, 256)) * 3])
def test_what_is_no_polish_text_is_not_guessed(raw: bytes) -> None:
    with pytest.raises(UnreadableFileError, match="unknown_encoding"):
        detect(raw)


@pytest.mark.parametrize("encoding", ["cp1250", "iso8859-2", "cp852"])
def test_a_foreign_name_alone_is_no_reason_to_refuse(encoding: str) -> None:
    raw = "Müller".encode(encoding)

    assert raw.decode(detect(raw)) == "Müller"


def test_lines_of_a_dos_table_do_not_hide_its_encoding() -> None:
    text = "║ Kowalski Józef │wywóz śmieci, żużel│\n╟──────────────┼──────┤\n"

    assert detect(text.encode("cp852", "replace")) == "cp852"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1250", "iso8859-2", "cp852", "mazovia"])
def test_options_settle_the_encoding(encoding: Encoding) -> None:
    # Nothing in this text tells cp1250 from ISO-8859-2.
    content = "Kod lokalu;Opis\n1;ół\n".encode(encoding)

    table, rows = read_table(content, TableOptions(encoding=encoding))

    assert rows == [(1, ["Kod lokalu", "Opis"]), (2, ["1", "ół"])]
    assert table.encoding == encoding


def test_options_settle_the_separator() -> None:
    _, rows = read_table(b"a;b,c;d\ne;f,g;h\n", TableOptions(separator=","))

    assert rows == [(1, ["a;b", "c;d"]), (2, ["e;f", "g;h"])]


def test_a_byte_outside_the_chosen_encoding_names_its_line() -> None:
    with pytest.raises(UnreadableFileError) as caught:
        read_table("a;b\n1;ś\n".encode("cp852"), TableOptions(encoding="cp1250"))

    assert (caught.value.code, caught.value.row) == ("wrong_encoding", 2)
    assert "Windows-1250: bajt 0x98 w wierszu 2" in caught.value.reason


def test_an_encoding_beyond_the_first_block_is_found(tmp_path: Path) -> None:
    row = "1;204-1;10.11.2026;WB 1;Wplata;0;5,00\n"
    text = (
        "Kod lokalu;Konto;Data;Dokument;Opis;Wn;Ma\n" + row * 20_000 + row.replace("Wplata", "Wpłata ćwierć")
    )

    reading = read_bytes(tmp_path, "obroty.csv", text.encode("mazovia"))

    assert reading.problems == []
    assert reading.tables[0].encoding == "mazovia"
    assert reading.rows["postings"][-1]["description"] == "Wpłata ćwierć"
