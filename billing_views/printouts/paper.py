"""Papers as values, and their way through typst (paper.typ): tagged PDFs that a screen reader reads (PDF/UA-1).

A paper is a head, a title and blocks; whatever text it holds reaches the template as JSON and is never markup. Not
inside: what stands on which paper; that is a module each (charges_notice, premises_ledger, …). Papers are Polish.
"""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Literal

import segno
import typst

TEMPLATE = Path(__file__).with_name("paper.typ")
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who writes: name, lines of the office, the logo as SVG ("" for none), and when it was printed."""

    association: str
    lines: tuple[str, ...]
    logo: str
    printed: str


@dataclass(frozen=True, slots=True)
class PaperColumn:
    """A column: figures stand at the right; a wide one takes the room that is left."""

    label: str
    kind: Literal["text", "figure"] = "text"
    wide: bool = False


@dataclass(frozen=True, slots=True)
class PaperTable:
    """A table whose header is repeated on every page; rows and foot have as many cells as there are columns."""

    caption: str
    columns: tuple[PaperColumn, ...]
    rows: tuple[tuple[str, ...], ...]
    foot: tuple[tuple[str, ...], ...] = ()
    kind: Literal["table"] = "table"


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels with their texts, one below the other."""

    pairs: tuple[Pair, ...]
    kind: Literal["facts"] = "facts"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A paragraph; a note is small."""

    text: str
    kind: Literal["text", "note"] = "text"


@dataclass(frozen=True, slots=True)
class Transfer:
    """What to write on a transfer; `qr` is an SVG, "" where no code can be drawn."""

    heading: str
    pairs: tuple[Pair, ...]
    qr: str = ""
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Transfers:
    """A frame per fund to pay to."""

    list: tuple[Transfer, ...]
    kind: Literal["transfers"] = "transfers"


@dataclass(frozen=True, slots=True)
class Signature:
    """Who vouches for the paper, in words, beside room for a signature of whoever asks for one."""

    text: str
    kind: Literal["signature"] = "signature"


Block = PaperTable | Facts | Sentence | Transfers | Signature


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper with page numbers of its own. With a `recipient` it fits an envelope with a window."""

    title: str
    blocks: tuple[Block, ...]
    foot: str
    lead: str = ""
    recipient: tuple[str, ...] = ()


def print_papers(head: Letterhead, papers: Sequence[Paper], *, title: str) -> bytes:
    """One PDF of all the papers, each beginning on a new page; `title` is the document's."""
    return compile_papers(write_down(head, papers, title))


def write_down(head: Letterhead, papers: Sequence[Paper], title: str) -> str:
    """The papers as the JSON that the template reads."""
    data = {"title": title, "head": head, "papers": papers}
    return json.dumps(data, ensure_ascii=False, default=_as_fields)


def compile_papers(data: str) -> bytes:
    """The PDF of what `write_down` gave."""
    compiled = typst.compile(
        TEMPLATE,
        root=TEMPLATE.parent,
        ignore_system_fonts=True,
        sys_inputs={"data": data},
        pdf_standards=["ua-1"],
        timestamp=dt.datetime.now(dt.UTC).replace(microsecond=0),
    )
    if not isinstance(compiled, bytes):
        raise TypeError("typst returned no PDF")
    return compiled


def draw_qr(content: str) -> str:
    """A code for a bank's app as SVG: error correction L, as the recommendation of the ZBP asks."""
    return str(segno.make(content, error="l").svg_inline(scale=4, border=0))


def _as_fields(value: object) -> dict[str, object]:
    """A dataclass for JSON, one level: the encoder comes back for the values."""
    if not is_dataclass(value):
        raise TypeError(type(value).__name__)
    return {field.name: getattr(value, field.name) for field in fields(value)}
