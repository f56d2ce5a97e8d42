"""Text files for spreadsheets: what a program would take for a formula never leaves as one. No Django, no models.

Every CSV file that the portal gives out is written here.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence

BYTE_ORDER_MARK = "\ufeff"
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
# An amount or a telephone number: digits and what groups them, with a sign, a currency or a sign behind it.
_NUMBER = re.compile(r"[-+]?[ \u00a0]?[0-9][0-9 .,'’\u00a0\u202f]*(?:zł|PLN|%)?-?")
_NEGATIVE_NUMBER = re.compile(r"-[0-9][0-9 .,\u00a0]*")


def guard_cell(text: str) -> str:
    """The text for a spreadsheet: what it would take for a formula begins with an apostrophe."""
    is_formula = text.startswith(FORMULA_STARTS) and not _NEGATIVE_NUMBER.fullmatch(text)
    return f"'{text}" if is_formula else text


def guard_returned_cell(text: str) -> str:
    """As guard_cell, for a file that comes back corrected: numbers of any form stay as they were.

    The reading of imports takes the apostrophe off again (workers.values.texts).
    """
    if not text.startswith(FORMULA_STARTS) or _NUMBER.fullmatch(text) or text == "-":
        return text
    return f"'{text}"


def csv_text(rows: Iterable[Sequence[str]]) -> str:
    """Rows as CSV for a spreadsheet: semicolons, CRLF, a byte order mark; no cell is a formula."""
    text = io.StringIO()
    text.write(BYTE_ORDER_MARK)
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    for row in rows:
        writer.writerow([guard_cell(cell) for cell in row])
    return text.getvalue()
