"""Numbers of Polish bank accounts (NRB): 26 digits with two check digits in front. Pure."""

import re

NRB_LENGTH = 26
POLAND = "2521"
"""P and L as numbers, with which the check digits are computed (ISO 13616)."""

_NOT_DIGITS = re.compile(r"[\s\u00a0\u202f-]+")
_NRB = re.compile(r"[0-9]{26}")
_NO_BREAK_SPACE = "\u00a0"


def clean_nrb(text: str) -> str:
    """The number as it is kept, from however it was typed or pasted: without blanks, hyphens and „PL”."""
    return _NOT_DIGITS.sub("", text).upper().removeprefix("PL")


def is_nrb(text: str) -> bool:
    """Whether the text is 26 digits with right check digits: int(NRB[2:] + "2521" + NRB[:2]) mod 97 = 1."""
    return bool(_NRB.fullmatch(text)) and int(text[2:] + POLAND + text[:2]) % 97 == 1


def format_nrb(nrb: str, *, blank: str = _NO_BREAK_SPACE) -> str:
    """26 digits grouped 2+4×6: `85 1020 1055 0000 0000 0000 0001`.

    `blank` stands between the groups: a plain one where a phone is narrower than the number, so that it breaks between
    groups and never within one.
    """
    groups = [nrb[:2], *(nrb[start : start + 4] for start in range(2, len(nrb), 4))]
    return blank.join(groups)
