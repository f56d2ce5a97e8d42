"""XML files of docs/xml-format.md, and those that would harm a parser."""

import re
from pathlib import Path

import pytest

from tests.workers.formats.writers import NumberedRows, read_tables
from tests.workers.readings import read_bytes
from workers.formats.source import UnreadableFileError
from workers.reading_options import Encoding, TableOptions

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'
DOCUMENTATION = Path(__file__).parents[3] / "docs" / "xml-format.md"


def tables_of(body: str, options: TableOptions | None = None) -> dict[str, NumberedRows]:
    return read_tables("plik.xml", f"{DECLARATION}{body}".encode(), options)


def refusal(content: bytes, options: TableOptions | None = None) -> UnreadableFileError:
    with pytest.raises(UnreadableFileError) as caught:
        read_tables("plik.xml", content, options)
    return caught.value


def test_the_documented_example_is_imported(tmp_path: Path) -> None:
    found = re.search(r"```xml\n(.*?)```", DOCUMENTATION.read_text(), re.DOTALL)
    assert found

    reading = read_bytes(tmp_path, "obroty.xml", found[1].encode("cp1250"))

    assert reading.problems == []
    assert [(row["premises_code"], row["credit"], row["line_no"]) for row in reading.rows["postings"]] == [
        ("0401-001", "743.28", "2"),
        ("0401-002", "12.50", "3"),
    ]
    assert reading.tables[0].encoding == "cp1250"


@pytest.mark.parametrize(
    ("body", "rows"),
    [
        ("<r><w><a>1</a><b> 2 </b></w></r>", [["a", "b"], ["1", "2"]]),
        ("<r><w><a>1</a></w><w><b>2</b><a/></w></r>", [["a", "b"], ["1", None], ["", "2"]]),
        ('<r><w a="1" b="2"/><w b="3"/></r>', [["a", "b"], ["1", "2"], [None, "3"]]),
        ('<r><w a="1">5,00</w></r>', [["a", "w"], ["1", "5,00"]]),
        ('<r><w><a x="1">2</a><b>3</b></w></r>', [["a", "a x", "b"], ["2", "1", "3"]]),
        ("<r><s><w><a>1</a></w><w><a>2</a></w></s></r>", [["a"], ["1"], ["2"]]),
        ('<r><s><w a="1"/></s></r>', [["a"], ["1"]]),
        ('<n:r xmlns:n="u"><n:w><n:a xml:lang="pl">1</n:a></n:w></n:r>', [["a"], ["1"]]),
        ("<r><w><a><![CDATA[<1>]]>&amp;2</a></w><!-- x --></r>", [["a"], ["<1>&2"]]),
        ("<r>\n<w>\n<a>1\n2</a>\n</w>\n</r>", [["a"], ["1\n2"]]),
    ],
)
def test_rows_and_columns(body: str, rows: list[list[str | None]]) -> None:
    assert tables_of(body) == {"": list(enumerate(rows, start=1))}


def test_every_kind_of_row_is_a_table() -> None:
    body = "<r><n><d>x</d></n><s><w><a>1</a></w></s><t><w><b>2</b></w></t><n><d>y</d></n></r>"

    assert tables_of(body) == {
        "n": [(1, ["d"]), (2, ["x"]), (3, ["y"])],
        "s/w": [(1, ["a"]), (2, ["1"])],
        "t/w": [(1, ["b"]), (2, ["2"])],
    }


def test_a_row_that_is_not_clear_is_refused_and_the_others_are_read(tmp_path: Path) -> None:
    good = "<Lokal>1</Lokal><Fundusz>FR</Fundusz><Saldo>5</Saldo><Stan_na>31.10.2026</Stan_na>"
    bad = f"<w>{good}<Saldo>6</Saldo></w><w>{good}x</w>"

    reading = read_bytes(tmp_path, "salda.xml", f"<r><w>{good}</w>{bad}<w>{good}</w></r>")

    assert [(p.code, p.row) for p in reading.problems] == [("repeated_column", 3), ("mixed_text", 4)]
    assert [row["line_no"] for row in reading.rows["balances"]] == ["2", "5"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1250", "iso8859-2", "cp852", "mazovia"])
def test_encodings_by_declaration_by_words_and_by_choice(encoding: Encoding) -> None:
    text = "<r><w><a>Należność za śmieci</a></w></r>"
    declared = f'<?xml version="1.0" encoding="{encoding}"?>{text}'.encode(encoding)
    lying = f'<?xml version="1.0" encoding="koi8-r"?>{text}'.encode(encoding)

    for content, options in (
        (declared, TableOptions()),
        (text.encode(encoding), TableOptions()),
        (lying, TableOptions(encoding=encoding)),
    ):
        assert read_tables("x.xml", content, options) == {"": [(1, ["a"]), (2, ["Należność za śmieci"])]}


def laughs(n: int) -> str:
    return f"&l{n};" * 10


LAUGHS = "".join(f'<!ENTITY l{n} "{laughs(n - 1)}">' for n in range(1, 10))
MANY_NAMES = "".join(f'<w x{n}:a="1" xmlns:x{n}="u"/>' for n in range(2001))
LONG = "x" * 3_000_000


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (f'{DECLARATION}<!DOCTYPE r [<!ENTITY l0 "ha">{LAUGHS}]><r><w><a>&l9;</a></w></r>', "xml_doctype"),
        (f'{DECLARATION}<!DOCTYPE r SYSTEM "file:///etc/passwd"><r><w><a>1</a></w></r>', "xml_doctype"),
        (
            f'{DECLARATION}<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r><w><a>&x;</a></w></r>',
            "xml_doctype",
        ),
        (f'{DECLARATION}<!DOCTYPE r [<!ENTITY % x SYSTEM "http://example.org/">%x;]><r/>', "xml_doctype"),
        (f"{DECLARATION}<r><w><a>&nieznana;</a></w></r>", "damaged"),
        (f"{DECLARATION}<r><w><a>1</a></w>", "damaged"),
        (f"{DECLARATION}<r><w><a>\x00</a></w></r>", "damaged"),
        (f"{DECLARATION}<r><w><a>1</w></a></r>", "damaged"),
        (f"{DECLARATION}", "damaged"),
        (f"{DECLARATION}<r/>", "no_rows"),
        (f"{DECLARATION}<r><w/></r>", "no_rows"),
        (f"{DECLARATION}<r><a><b><c><d>1</d></c></b></a></r>", "xml_too_deep"),
        (DECLARATION + "<x>" * 100_000, "xml_too_deep"),
        (f"{DECLARATION}<r><w>{''.join(f'<k{n}/>' for n in range(501))}</w></r>", "too_many_columns"),
        (
            f"{DECLARATION}<r>{MANY_NAMES}</r>",
            "too_many_columns",
        ),
        (f"{DECLARATION}<r>{''.join(f'<k{n}><a>1</a></k{n}>' for n in range(21))}</r>", "xml_too_many_kinds"),
        (f"{DECLARATION}<r><w><a>{'x' * 70_000}</a></w></r>", "line_too_long"),
        (f'{DECLARATION}<r><w a="{LONG}"/></r>', "line_too_long"),
        (f"{DECLARATION}<r><!--{LONG}--></r>", "line_too_long"),
        (f'{DECLARATION}<Workbook xmlns="urn:schemas-microsoft-com"><W/></Workbook>', "unsupported_format"),
        ('<?xml version="1.0" encoding="utf-7"?><r/>', "unknown_encoding"),
        ('<?xml version="1.0" encoding="nie-ma"?><r/>', "unknown_encoding"),
    ],
    ids=lambda value: value[38:70],
)
def test_what_is_refused(content: str, code: str) -> None:
    error = refusal(content.encode())

    assert error.code == code
    assert error.reason.endswith(".")


def test_bytes_outside_the_declared_encoding_are_refused() -> None:
    assert refusal(f"{DECLARATION}<r><w><a>ł</a></w></r>".encode("cp1250")).code == "damaged"
    declared = b'<?xml version="1.0" encoding="cp1250"?><r><w><a>\x98</a></w></r>'
    assert refusal(declared).code == "damaged"
