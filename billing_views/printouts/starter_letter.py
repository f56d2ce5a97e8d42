"""The letter that brings a login and a starter password (list z hasłem startowym), one page a person.

The template (starter_letter.typ) gets everything as JSON: no text of a user is ever read as markup. Letters are
always Polish, whatever language the clerk works in. Nothing is written to disk.
"""

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import segno
import typst

TEMPLATE = Path(__file__).with_name("starter_letter.typ")


@dataclass(frozen=True, slots=True)
class LetterHead:
    """Who writes, from where, and where the portal is; `lines` are office address, hours, phone, e-mail."""

    association: str
    is_cooperative: bool
    office_address: str
    office_hours: str
    office_phone: str
    office_email: str
    portal_url: str
    written_on: str


@dataclass(frozen=True, slots=True)
class Letter:
    """What one person gets to know; `password` is in groups of four."""

    name: str
    address: str
    premises: tuple[str, ...]
    login: str
    password: str
    valid_until: str

    def __repr__(self) -> str:
        """Without the password: a traceback shows arguments."""
        return f"<Letter to {self.login}>"


def print_letters(head: LetterHead, letters: Sequence[Letter]) -> bytes:
    """A tagged PDF (PDF/UA-1), one page per letter, made for an envelope with a window at the right (DL)."""
    data = {"head": asdict(head), "letters": [asdict(letter) for letter in letters], "qr": _draw_qr(head)}
    compiled = typst.compile(
        TEMPLATE,
        root=TEMPLATE.parent,
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards=["ua-1"],
        timestamp=dt.datetime.now(dt.UTC).replace(microsecond=0),
    )
    if not isinstance(compiled, bytes):
        raise TypeError("typst returned no PDF")
    return compiled


def _draw_qr(head: LetterHead) -> str:
    """The portal's address, and nothing of the person, for a phone's camera."""
    return str(segno.make(head.portal_url, error="m").svg_inline(scale=4, border=0))
