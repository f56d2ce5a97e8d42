"""Reading pages as their visitors do: text without markup, rows of tables, amounts."""

import re
from decimal import Decimal
from html import unescape
from typing import Any


def text_of(response: Any) -> str:
    """What a reader sees, in one line, with plain spaces."""
    body = re.sub(r"<head>.*?</head>|<[^>]+>", " ", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(body).replace("\u00a0", " "))


def tables_of(response: Any) -> dict[str, list[list[str]]]:
    """Rows of every table by its caption; cells without markup."""
    found = {}
    for table in re.findall(r"<table.*?</table>", response.content.decode(), re.DOTALL):
        caption = re.search(r"<caption.*?</caption>", table, re.DOTALL)
        rows = re.findall(r"<tr.*?</tr>", table, re.DOTALL)
        cells = [re.findall(r"<t[dh][ >].*?</t[dh]>", row, re.DOTALL) for row in rows]
        found[_plain(caption[0]) if caption else ""] = [[_plain(cell) for cell in row] for row in cells]
    return found


def amount_of(text: str) -> Decimal:
    """`−1 234,56` → -1234.56; an empty cell is zero."""
    cleaned = re.sub(r"[\s+]|zł", "", text).replace("−", "-").replace(",", ".")
    return Decimal(cleaned or 0)


def _plain(markup: str) -> str:
    text = unescape(re.sub(r"<[^>]+>", " ", markup)).replace("\u00a0", " ")
    return re.sub(r"\s+", " ", text).strip()
