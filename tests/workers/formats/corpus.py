"""Files that nobody should be able to harm the program with: bombs, lies, damage and nonsense, made on the spot."""

import copy
import io
import random
import struct
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import xlwt

from tests.workers.formats.writers import dbf_table, ods_table, xls_table, xlsx_table, xml_table
from tests.workers.workbooks import sheet_xml, workbook_bytes, worksheet, zip_bytes
from workers.formats.source import MIB

HEADERS = ("Lokal", "Fundusz", "Saldo", "Stan_na")
ROWS = [("1", "FR", Decimal("5.00"), date(2026, 10, 31)), ("2", "FR", Decimal("-7.50"), date(2026, 10, 31))]
STRANGERS = ("Imię", "Kolor", "Rozmiar", "Smak")
EXTENSIONS = (
    "csv",
    "txt",
    "tsv",
    "xlsx",
    "xlsm",
    "ods",
    "xls",
    "dbf",
    "xml",
    "zip",
    "sta",
    "mt940",
    "pdf",
    "",
)


@dataclass(frozen=True, slots=True)
class BadFile:
    """A name for the test, the file's name and how to make its content."""

    title: str
    name: str
    write: Callable[[Path], None]

    @classmethod
    def of(cls, title: str, name: str, content: bytes | str) -> "BadFile":
        """A file of this content."""
        raw = content.encode() if isinstance(content, str) else content

        def write(path: Path) -> None:
            path.write_bytes(raw)

        return cls(title, name, write)


def corpus() -> Iterator[BadFile]:
    """All of them. What is large is made only when it is written."""
    yield from archives()
    yield from workbooks()
    yield from markup()
    yield from texts()
    for extension, content in written(HEADERS, []).items():
        yield BadFile.of(f"headers only, {extension}", f"salda.{extension}", content)
    for extension, content in written(STRANGERS, ROWS).items():
        yield BadFile.of(f"wrong dataset, {extension}", f"salda.{extension}", content)
    for extension, content in written(HEADERS, ROWS * 200).items():
        if extension != "csv":
            yield BadFile.of(f"cut off, {extension}", f"salda.{extension}", content[: len(content) * 2 // 3])
    for number, extension in enumerate(EXTENSIONS):
        noise = random.Random(number).randbytes(20_000)  # noqa: S311  the same noise at every run
        yield BadFile.of(f"random bytes, {extension}", f"plik.{extension}".rstrip("."), noise)


def written(headers: tuple[str, ...], rows: list[tuple[str, str, Decimal, date]]) -> dict[str, bytes]:
    """One table in every format, by extension."""
    lines = [";".join(map(str, row)) for row in [headers, *rows]]
    ascii_headers = [header.replace("ę", "e") for header in headers]
    return {
        "csv": "\n".join(lines).encode("cp1250"),
        "dbf": dbf_table([header[:10] for header in ascii_headers], rows, "cp852", 0x64),
        "xml": xml_table(ascii_headers, rows, "utf-8", as_attributes=False),
        "xlsx": xlsx_table(headers, rows),
        "xls": xls_table(headers, rows),
        "ods": ods_table(headers, rows),
    }


def archives() -> Iterator[BadFile]:
    """ZIP files that unpack to too much, or out of their folder, or to themselves."""
    good = written(HEADERS, ROWS)
    yield BadFile.of("ratio bomb", "paczka.zip", zip_bytes({"a.csv": b"0" * 20_000_000}))
    yield BadFile.of("flat bomb", "paczka.zip", zip_bytes({f"{n}.csv": bytes(8 * MIB) for n in range(40)}))
    yield BadFile.of("a gigabyte that is none", "paczka.zip", lying_archive(1024 * MIB))
    yield BadFile.of("more bytes than stated", "paczka.zip", lying_archive(10))
    yield BadFile.of("overlapping entries", "paczka.zip", overlapping_archive(99))
    yield BadFile.of("an archive in an archive", "paczka.zip", zip_bytes({"a.zip": zip_bytes(good)}))
    yield BadFile.of("thousands of entries", "paczka.zip", zip_bytes({f"{n}.csv": b"a" for n in range(3000)}))
    for name in ("../salda.csv", "/etc/cron.d/salda.csv", "C:\\salda.csv", "a/../../b.csv", "a\nb.csv"):
        yield BadFile.of(f"path {name!r}", "paczka.zip", zip_bytes({name: good["csv"]}))


def lying_archive(size: int) -> bytes:
    """An archive whose directory states another size of its one entry than it has."""
    content = bytearray(zip_bytes({"salda.csv": b"Lokal;Saldo\n" * 1000}))
    at = content.index(b"PK\x01\x02")
    content[at + 24 : at + 28] = struct.pack("<L", size)
    return bytes(content)


def overlapping_archive(entries: int) -> bytes:
    """Many entries of one and the same packed content."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("0.csv", b"1;2;3;4\n" * MIB)
        first = archive.infolist()[0]
        for number in range(1, entries):
            entry = copy.copy(first)
            entry.filename = f"{number}.csv"
            archive.filelist.append(entry)
            archive.NameToInfo[entry.filename] = entry
    return buffer.getvalue()


def workbooks() -> Iterator[BadFile]:
    """Workbooks that ask for more memory than a machine has."""
    corners = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    yield BadFile.of("two far cells", "bomba.xlsx", workbook_bytes({"A": worksheet(corners)}))
    hidden = corners.replace('<c r="XFD', '<c s="1" r="XFD')
    yield BadFile.of(
        "two far cells, written otherwise", "bomba.xlsx", workbook_bytes({"A": worksheet(hidden)})
    )
    strings = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 20_001))
    yield BadFile.of("shared strings", "bomba.xlsx", shared_string_bomb(worksheet(strings)))
    wide: list[str | float | None] = [f"k{n}" for n in range(16_384)]
    yield BadFile.of("16 384 columns", "szeroki.xlsx", workbook_bytes({"A": sheet_xml([wide, wide])}))
    tall = "".join(f'<row r="{n}"><c r="A{n}"><v>1</v></c></row>' for n in range(1, 500_003))
    yield BadFile.of("500 002 rows", "wysoki.xlsx", workbook_bytes({"A": worksheet(tall)}))
    cell = (
        '<table:table-cell table:number-columns-repeated="16384" office:value-type="float" office:value="1"/>'
    )
    row = f'<table:table-row table:number-rows-repeated="{{}}">{cell}</table:table-row>'
    yield BadFile.of("repeated rows", "bomba.ods", ods_bytes(row.format(1_048_576)))
    yield BadFile.of("repeated cells", "bomba.ods", ods_bytes(row.format(400_000)))
    yield BadFile.of("many repeated cells", "bomba.ods", ods_bytes(row.format(1) * 30_000))
    old = xls_table(HEADERS, ROWS)
    at = old.index(struct.pack("<HH", 0x200, 14)) + 4
    stated = struct.pack("<LLHH", 0, 2**31, 0, 65_535)
    yield BadFile.of("stated size", "bomba.xls", old[:at] + stated + old[at + 12 :])
    yield BadFile.of("far cells", "bomba.xls", far_cells())
    yield BadFile.of(
        "sectors in a circle", "kolo.xls", old[:512] + old[512:].replace(b"\xfe\xff\xff\xff", bytes(4))
    )


def shared_string_bomb(sheet: str) -> bytes:
    """A text of a megabyte that every cell refers to."""
    parts = {}
    with zipfile.ZipFile(io.BytesIO(workbook_bytes({"A": sheet}))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    text = "x" * MIB
    parts["xl/sharedStrings.xml"] = f'<sst xmlns="{main}"><si><t>{text}</t></si></sst>'.encode()
    return zip_bytes(parts)


def far_cells() -> bytes:
    """A sheet of two cells, in opposite corners, for every hundredth of a workbook."""
    workbook = xlwt.Workbook()
    for number in range(100):
        sheet = workbook.add_sheet(f"A{number}")
        sheet.write(0, 0, 1)
        sheet.write(65_535, 255, 1)
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def ods_bytes(rows: str, manifest: str = "<manifest:manifest/>") -> bytes:
    """An ODS workbook of one sheet, its rows given as XML."""
    names = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0"?><office:document-content{names}><office:body><office:spreadsheet>'
        f'<table:table table:name="Dane">{rows}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr("content.xml", content)
    return buffer.getvalue()


def markup() -> Iterator[BadFile]:
    """XML that would read other files or grow while it is read."""
    entities = "".join(f'<!ENTITY l{n} "{laugh(n - 1)}">' for n in range(1, 10))
    laughs = f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY l0 "ha">{entities}]><r><w><a>&l9;</a></w></r>'
    yield BadFile.of("billion laughs", "smiech.xml", laughs)
    yield BadFile.of("quadratic entity", "smiech.xml", quadratic_entity())
    for target in ("file:///etc/passwd", "http://127.0.0.1:9/"):
        outside = f'<!DOCTYPE r [<!ENTITY x SYSTEM "{target}">]><r><w><a>&x;</a></w></r>'
        yield BadFile.of(f"external entity {target}", "obcy.xml", f'<?xml version="1.0"?>{outside}')
    yield BadFile.of("depth", "glebia.xml", '<?xml version="1.0"?>' + "<x>" * 1_000_000)
    value = "x" * 30_000_000
    yield BadFile.of("one long tag", "tag.xml", f'<?xml version="1.0"?><r><w a="{value}"/></r>')
    yield BadFile.of("NUL in XML", "nul.xml", '<?xml version="1.0"?><r><w><a>\0</a></w></r>')
    laughing = workbook_bytes({"A": laughs.replace("<r>", "<worksheet>").replace("</r>", "</worksheet>")})
    yield BadFile.of("billion laughs in a workbook", "smiech.xlsx", laughing)


def laugh(number: int) -> str:
    """Ten times the entity before."""
    return f"&l{number};" * 10


def quadratic_entity() -> str:
    """One long entity, named many times."""
    entity, uses = "x" * 50_000, "&a;" * 50_000
    return f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "{entity}">]><r><w><a>{uses}</a></w></r>'


def texts() -> Iterator[BadFile]:
    """Texts without end, without sense, without lines."""
    yield BadFile("a line of 99 MB", "linia.csv", write_long_line)
    yield BadFile("a gigabyte", "gigabajt.csv", write_gigabyte)
    yield BadFile.of(
        "NUL bytes", "nul.csv", b"Lokal;Fundusz;Saldo;Stan na\n1;FR;5\0;31.10.2026\n" + bytes(5000)
    )
    yield BadFile.of("NUL bytes only", "nul.txt", bytes(100_000))
    header = ";".join(f"kolumna {n}" for n in range(16_384))
    yield BadFile.of("16 384 columns", "szeroki.csv", f"{header}\n{';' * 16_383}\n")
    known = ";".join(["Lokal", "Fundusz", "Saldo", "Stan na", *(f"k{n}" for n in range(16_380))])
    yield BadFile.of(
        "16 384 columns of balances", "szeroki.csv", f"{known}\n1;FR;5;31.10.2026{';' * 16_380}\n"
    )
    yield BadFile.of("open quote", "cudzyslow.csv", 'Lokal;Fundusz;Saldo;Stan na\n"' + "x;\n" * 500_000)
    yield BadFile.of("nothing but quotes", "cudzyslow.csv", '"' * 1_000_000)


def write_long_line(path: Path) -> None:
    """99 MB without a line end."""
    with path.open("wb") as stream:
        for _ in range(99):
            stream.write(b"x" * MIB)


def write_gigabyte(path: Path) -> None:
    """A gigabyte that takes no room on the disk."""
    with path.open("wb") as stream:
        stream.truncate(1024 * MIB)
