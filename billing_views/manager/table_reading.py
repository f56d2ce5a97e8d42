"""How a table was read, in words: „CSV, Windows-1250, średnik, nagłówek w wierszu 3, profil „Księgowania””."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from associations.imports.models import ImportTable
from workers.reading_options import SEEN

TEXT_FORMATS = frozenset({"csv"})
"""Formats in which a separator stands between columns."""
ENCODED_FORMATS = frozenset({"csv", "dbf"})
"""Formats whose bytes may be letters of several code pages."""
HEADED_FORMATS = frozenset({"csv", "xlsx", "xls", "ods", ""})
"""Formats in which the headers are a row that may lie below a title."""

DATE_ORDERS = ("dmy", "mdy", "ymd")
ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "cp1250": "Windows-1250",
    "iso8859-2": "ISO 8859-2",
    "cp852": "DOS (CP 852)",
    "mazovia": "DOS (Mazovia)",
}


def name_encoding(encoding: str) -> str:
    """„Windows-1250” for cp1250; an unknown one keeps its name."""
    known = next((name for name in ENCODINGS if encoding.startswith(name)), "")
    return ENCODINGS.get(known, encoding)


def name_separator(separator: str) -> str:
    """„średnik” for a semicolon."""
    return {
        ";": _("średnik"),
        ",": _("przecinek"),
        "\t": _("tabulator"),
        "|": _("kreska pionowa"),
    }.get(separator, separator)


def say_reading(table: ImportTable) -> str:
    """Format, encoding, separator, row of headers, switches and profile, as far as known."""
    parts = [table.file_format.upper()]
    if table.encoding and table.file_format in ENCODED_FORMATS:
        parts.append(name_encoding(table.encoding))
    if table.separator:
        parts.append(name_separator(table.separator))
    if table.header_row and table.file_format in HEADED_FORMATS:
        parts.append(_("nagłówek w wierszu {row}").format(row=table.header_row))
    # What was not settled stands there as it was seen.
    parts += say_switches({**table.options.get(SEEN, {}), **table.options})
    if table.profile:
        parts.append(_("profil „{name}”").format(name=table.profile.name))
    return ", ".join(part for part in parts if part)


def name_decimal(mark: str) -> str:
    """„przecinek” for a decimal comma; empty for none."""
    return {",": _("przecinek"), ".": _("kropka")}.get(mark, "")


def name_dates(order: str) -> str:
    """„dzień, miesiąc, rok”; empty for no order."""
    return {
        "dmy": _("dzień, miesiąc, rok"),
        "mdy": _("miesiąc, dzień, rok"),
        "ymd": _("rok, miesiąc, dzień"),
    }.get(order, "")


def say_switches(options: Mapping[str, Any]) -> list[str]:
    """What is known about amounts, dates and the table as a whole."""
    decimal = {",": _("przecinek dziesiętny"), ".": _("kropka dziesiętna")}
    dates = name_dates(options.get("dates", ""))
    parts = [
        decimal.get(options.get("decimal", ""), ""),
        _("daty: {order}").format(order=dates) if dates else "",
        _("kwoty w groszach") if options.get("is_in_grosze") else "",
        _("plus oznacza niedopłatę") if options.get("is_sign_reversed") else "",
        _("tabela pominięta") if options.get("is_left_out") else "",
    ]
    return [part for part in parts if part]


def say_options(options: Mapping[str, Any]) -> list[str]:
    """All of a profile's options but its columns."""
    parts = [name_encoding(options.get("encoding", "")), name_separator(options.get("separator", ""))]
    return [part for part in parts if part] + say_switches(options)
