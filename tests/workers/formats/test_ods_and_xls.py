"""ODS and XLS workbooks: what spreadsheets write into them, and cells that have no value."""

import io
import zipfile
from pathlib import Path

import pytest
import xlwt

from tests.workers.formats.corpus import ods_bytes
from tests.workers.formats.writers import NumberedRows, read_tables, source_of
from tests.workers.readings import read_bytes
from workers.formats import detect_format, ods_content
from workers.formats.source import Limits, UnreadableFileError
from workers.reading_options import TableOptions
from workers.values.fault import Cell

EMPTY = "<table:table-cell/>"
CUT = '<table:table-cell table:formula="of:=[.A1]"/>'


def text(value: str, attributes: str = "") -> str:
    return f'<table:table-cell office:value-type="string"{attributes}><text:p>{value}</text:p></table:table-cell>'


def number(value: float, attributes: str = "") -> str:
    return f'<table:table-cell office:value-type="float" office:value="{value}"{attributes}/>'


def row(*cells: str, repeated: int = 1) -> str:
    attribute = f' table:number-rows-repeated="{repeated}"' if repeated > 1 else ""
    return f"<table:table-row{attribute}>{''.join(cells)}</table:table-row>"


def rows_of(content: bytes, name: str = "x.ods") -> NumberedRows:
    (rows,) = read_tables(name, content).values()
    return [(number, cells) for number, cells in rows if any(cell != "" for cell in cells)]


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        (row(text("a"), number(1.5)), [(1, ["a", 1.5])]),
        (row(text("ż &amp; „x”")), [(1, ["ż & „x”"])]),
        (row(EMPTY, text("a")) + row(text("b")), [(1, ["", "a"]), (2, ["b", ""])]),
        (row(EMPTY) + row(EMPTY, repeated=3) + row(text("a")), [(5, ["a"])]),
        (row(text("a"), repeated=2) + row(text("b")), [(1, ["a"]), (2, ["a"]), (3, ["b"])]),
        (
            row(text("a", ' table:number-columns-repeated="2"'), text("b")),
            [(1, ["a", "a", "b"])],
        ),
        (
            row(text("a"), '<table:table-cell table:number-columns-repeated="16383"/>')
            + row('<table:table-cell table:number-columns-repeated="16384"/>', repeated=1_048_575),
            [(1, ["a"])],
        ),
        (
            "<table:table-header-rows>" + row(text("a")) + "</table:table-header-rows><table:table-row-group>"
            "<table:table-column/>" + row(text("b")) + "</table:table-row-group>",
            [(1, ["a"]), (2, ["b"])],
        ),
        (row(text("a")) + "<table:table-row/>" + row(text("b")), [(1, ["a"]), (3, ["b"])]),
    ],
)
def test_rows_of_an_ods_sheet(rows: str, found: list[tuple[int, list[Cell]]]) -> None:
    assert rows_of(ods_bytes(rows)) == found


ERROR = (
    '<table:table-cell table:formula="of:=1/0" office:value-type="{}" calcext:value-type="error">'
    "<text:p>#DZIEL/0!</text:p></table:table-cell>"
)


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        ([text("a"), ERROR.format('string" office:string-value="')], ["a", "#N/D!"]),
        ([text("a"), ERROR.format('float" office:value="0')], ["a", "#N/D!"]),
        ([ERROR.format('float" office:value="0'), text("a")], ["#N/D!", "a"]),
        ([CUT, text("a")], ["#NIEPRZELICZONA", "a"]),
        ([text("a"), CUT], ["a", "#NIEPRZELICZONA"]),
        ([CUT], ["#NIEPRZELICZONA"]),
        ([number(5.0, ' table:formula="of:=2+3"')], [5.0]),
        ([text("", ' table:formula="of:=IF(1;&quot;&quot;)"'), text("a")], ["", "a"]),
    ],
)
def test_an_ods_cell_without_a_value_says_so(cells: list[str], found: list[Cell]) -> None:
    assert rows_of(ods_bytes(row(EMPTY, repeated=4) + row(*cells))) == [(5, found)]


def test_a_long_sheet_is_one_table_whatever_its_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ods_content, "_PIECE", 2000)
    lines = [row(text(f"w{n}"), EMPTY, number(n) if n % 3 else CUT) for n in range(1, 201)]
    other = '</table:table><table:table table:name="Drugi &amp; ostatni">' + row(text("x"))

    tables = read_tables("x.ods", ods_bytes(row(EMPTY, repeated=9) + "".join(lines) + other))

    expected = [(n + 9, [f"w{n}", "", float(n) if n % 3 else "#NIEPRZELICZONA"]) for n in range(1, 201)]
    assert [entry for entry in tables["Dane"] if entry[1] and entry[1][0]] == expected
    assert tables["Drugi & ostatni"] == [(1, ["x"])]


def test_a_sheet_that_nobody_reads_does_not_hide_the_next() -> None:
    content = ods_bytes(row(text("a")) * 50 + '</table:table><table:table table:name="B">' + row(text("x")))
    source = source_of("x.ods", content)

    names = [table.sheet_name for table in detect_format(source).tables(source, Limits(), TableOptions())]

    assert names == ["Dane", "B"]


def test_a_hidden_ods_sheet_is_left_out_with_a_warning(tmp_path: Path) -> None:
    style = (
        '<office:automatic-styles><style:style style:name="ta2" style:family="table">'
        '<style:table-properties table:display="false"/></style:style></office:automatic-styles><office:body>'
    )
    sheet = row(text("Lokal"), text("Fundusz"), text("Saldo"), text("Stan na")) + row(
        text("1"), text("FR"), number(5), text("31.10.2026")
    )
    hidden = f'</table:table><table:table table:name="Stare" table:style-name="ta2">{sheet}'
    parts = {}
    with zipfile.ZipFile(io.BytesIO(ods_bytes(sheet + hidden))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["content.xml"] = parts["content.xml"].replace(b"<office:body>", style.encode())
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)

    reading = read_bytes(tmp_path, "salda.ods", buffer.getvalue())

    assert [(p.severity, p.code, p.sheet_name) for p in reading.problems] == [
        ("warning", "hidden_sheet", "Stare")
    ]
    assert len(reading.rows["balances"]) == 1


def test_an_encrypted_ods_says_so() -> None:
    content = ods_bytes(row(text("a")), manifest="<manifest:encryption-data/>")

    with pytest.raises(UnreadableFileError, match="encrypted"):
        rows_of(content)


def old_workbook(*, is_hidden: bool = False) -> xlwt.Workbook:
    workbook = xlwt.Workbook()
    sheet = workbook.add_sheet("Dane")
    sheet.write(0, 0, "Żółw")
    sheet.write(2, 1, -12.5)
    sheet.visibility = int(is_hidden)
    return workbook


def saved(workbook: xlwt.Workbook) -> bytes:
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def test_rows_of_an_old_workbook() -> None:
    assert rows_of(saved(old_workbook()), "x.xls") == [(1, ["Żółw", ""]), (3, ["", -12.5])]


def test_an_old_workbook_is_known_by_its_content() -> None:
    assert detect_format(source_of("x.dat", saved(old_workbook()))).name == "xls"


def test_a_cell_without_a_value_in_an_old_workbook_says_so() -> None:
    workbook = old_workbook()
    sheet = workbook.get_sheet("Dane")
    sheet.row(1).set_cell_error(0, 42)
    sheet.write(1, 1, xlwt.Formula("1+1"))

    no_text = b"\x03\0\0\0\0\0\xff\xff"
    content = saved(workbook).replace(no_text + b"\0", no_text + b"\x02")

    assert rows_of(content, "x.xls")[1] == (2, ["#N/D!", "#NIEPRZELICZONA"])


def test_hidden_sheets_of_an_old_workbook_are_marked() -> None:
    source = source_of("x.xls", saved(old_workbook(is_hidden=True)))

    tables = detect_format(source).tables(source, Limits(), TableOptions())

    assert [table.is_hidden for table in tables] == [True]


@pytest.mark.parametrize("place", range(76, 512, 40))
def test_a_torn_container_is_damaged(place: int) -> None:
    content = bytearray(saved(old_workbook()))
    content[place - 30 : place] = b"\x07" * 30

    with pytest.raises(UnreadableFileError):
        rows_of(bytes(content[:600]), "x.xls")


def test_an_encrypted_old_workbook_says_so() -> None:
    content = saved(old_workbook())
    # The first record behind the beginning of the workbook becomes the one that announces a password.
    at = content.index(b"\xe1\x00\x02\x00")

    with pytest.raises(UnreadableFileError, match="encrypted"):
        rows_of(content[:at] + b"\x2f\x00\x02\x00" + content[at + 4 :], "x.xls")


@pytest.mark.parametrize("extension", ["xlsx", "ods", "xls"])
def test_a_workbook_of_many_rows_says_how_to_save_it(tmp_path: Path, extension: str) -> None:
    workbook = xlwt.Workbook()
    sheet = workbook.add_sheet("Dane")
    for line in range(12):
        sheet.write(line, 0, "x")
    contents = {"ods": ods_bytes(row(text("x")) * 12), "xls": saved(workbook)}
    contents["xlsx"] = (Path(__file__).parents[3] / "samples" / "wspolnota" / "lipowa-12.xlsx").read_bytes()

    reading = read_bytes(tmp_path, f"x.{extension}", contents[extension], Limits(sheet_rows=10))

    reasons = [p.reason for p in reading.problems if p.code == "sheet_too_large"]
    assert reasons
    assert all("może mieć najwyżej 10. Zapisz go jako CSV." in reason for reason in reasons)
