"""Texts of a transfer (przelew): its title, and the code that a bank's program reads from a picture. Pure.

Titles are Polish whatever the page's language: the association's bookkeeper reads them. The code follows the
recommendation of the Polish Bank Association (Rekomendacja ZBP „kod 2D”, 2013):
`NIP|PL|NRB|amount in grosze, six digits or more|name ≤20|title ≤32|||`, at most 160 characters.
"""

import datetime as dt
import re
import unicodedata
from decimal import Decimal

from associations.periods import Month
from associations.profile.funds import FundLabel

LONGEST_TITLE = 140
"""Four lines of 35 characters, what banks pass on."""
LONGEST_CODE_NAME, LONGEST_CODE_TITLE, LONGEST_CODE = 20, 32, 160
AMOUNT_DIGITS = 6

_SHORT_KINDS = {"main": "fund. podst.", "repair": "fund. rem."}
_SHORT_NAMES = ((re.compile("spółdzielnia mieszkaniowa", re.IGNORECASE), "SM"),
                (re.compile("wspólnota mieszkaniowa", re.IGNORECASE), "WM"))  # fmt: skip
# What the recommendation and banks' forms take besides letters and digits.
_TAKEN = frozenset(" ,./-@#&*_:")
_QUOTES = dict.fromkeys(map(ord, "„”“\"'«»‚’‘`´"))
_DASHES = {ord(dash): "-" for dash in "\u2010\u2011\u2012\u2013\u2014\u2212"}


def write_title(premises_code: str, fund: FundLabel, what: str) -> str:
    """`Lokal 0401-034, fundusz podstawowy, należność na 31.10.2026`; a long name of the fund gives way."""
    start, end = f"Lokal {clean_text(premises_code)}, ", f", {clean_text(what)}"
    name = cut_text(_lower_first(clean_text(fund.name)), LONGEST_TITLE - len(start) - len(end))
    return cut_text(f"{start}{name}{end}", LONGEST_TITLE)


def write_code_title(
    premises_code: str,
    fund: FundLabel,
    as_of: dt.date | None,
    interest: Decimal | None,
    *,
    is_interest_alone: bool = False,
) -> str:
    """The title for the code: premises, fund, month of the figure, interest as far as 32 characters go."""
    code, name = clean_text(premises_code), _lower_first(clean_text(fund.name))
    short = _SHORT_KINDS.get(fund.kind, name)
    month = f" {as_of.month:02}/{as_of.year}" if as_of else ""
    if interest:
        words = (" odsetki", " ods.") if is_interest_alone else (" w tym ods.", " i ods.")
        ends = [f"{word} {_polish(interest)}" for word in words] + [words[1]]
    else:
        ends = [month, ""] if month else [""]
    choices = [f"{code} {fund_name}{end}" for fund_name in (name, short) for end in ends]
    if interest:
        # How much of it is interest matters more than the fund's full name.
        choices = [f"{code} {fund_name}{end}" for end in ends for fund_name in (name, short)]
    fitting = (text for text in choices if len(text) <= LONGEST_CODE_TITLE)
    return next(fitting, cut_text(choices[-1], LONGEST_CODE_TITLE))


def write_month_code_title(premises_code: str, fund: FundLabel, month: Month) -> str:
    """`0401-034 fund. rem. 10/2026`: charges of a month; the fund's name and „opłaty” as far as 32 characters go."""
    code, name = clean_text(premises_code), _lower_first(clean_text(fund.name))
    short, day = _SHORT_KINDS.get(fund.kind, name), f"{month.number:02}/{month.year}"
    # Without its fund a payment may be booked to the wrong one; „opłaty” says nothing that the month does not.
    choices = [f"{code} {fund_name}{word} {day}" for fund_name in (name, short) for word in (" opłaty", "")]
    choices += [f"{code} opłaty {day}", f"{code} {day}", code]
    fitting = (text for text in choices if len(text) <= LONGEST_CODE_TITLE)
    return next(fitting, cut_text(choices[-1], LONGEST_CODE_TITLE))


def write_code(*, nip: str, nrb: str, amount: Decimal, name: str, title: str) -> str:
    """The text of the code. `amount` in złote, positive, two decimals; `nip` 10 and `nrb` 26 digits.

    The recommendation keeps six digits for the amount; from 10 000.00 zł on there are seven or more, which programs of
    banks read as well, and the whole stays far below 160 characters.
    """
    grosze = f"{int(amount * 100):0{AMOUNT_DIGITS}d}"
    shown_name = cut_text(_shorten_name(clean_text(name)), LONGEST_CODE_NAME)
    shown_title = cut_text(clean_text(title), LONGEST_CODE_TITLE)
    return f"{nip}|PL|{nrb}|{grosze}|{shown_name}|{shown_title}|||"


def clean_text(text: str) -> str:
    """Only what banks take: no „|”, quotes or control characters, plain dashes, single blanks, letters composed."""
    plain = unicodedata.normalize("NFC", text).translate(_QUOTES).translate(_DASHES)
    return " ".join("".join(one if one.isalnum() or one in _TAKEN else " " for one in plain).split())


def cut_text(text: str, longest: int) -> str:
    """At most so many characters, never half a one (a letter and its mark stay together), no blank or comma at the end."""
    if len(text) <= longest:
        return text
    end = max(longest, 0)
    while end > 0 and unicodedata.combining(text[end]):
        end -= 1
    return text[:end].rstrip(" ,")


def _shorten_name(name: str) -> str:
    if len(name) <= LONGEST_CODE_NAME:
        return name
    for words, letters in _SHORT_NAMES:
        name = words.sub(letters, name)
    return name


def _lower_first(name: str) -> str:
    """`Fundusz remontowy` within a sentence; `CO` stays."""
    return name[:1].lower() + name[1:] if name[1:2].islower() else name


def _polish(amount: Decimal) -> str:
    return f"{amount:.2f}".replace(".", ",")
