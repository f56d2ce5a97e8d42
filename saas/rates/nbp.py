"""NBP's file of interest rates → rates of statutory interest for delay.

Since 1 January 2016 the rate is NBP's reference rate (stopa referencyjna) and 5.5 percentage points (art. 481 § 2 KC).
NBP publishes `stopy_procentowe_archiwum.xml` (every change since 1998) and `stopy_procentowe.xml` (the present rates);
operators bring the file. Nothing is fetched, nothing is written.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from associations.ledger.rates import InterestRate, RatesFileError, plain_percent, read_percent

POINTS = Decimal("5.5")
SINCE = dt.date(2016, 1, 1)
"""From this day on art. 481 § 2 KC names the reference rate; what held before cannot be computed from it."""
LARGEST_BYTES = 5_000_000
ROOTS = frozenset({"stopy_procentowe_archiwum", "stopy_procentowe"})
REFERENCE = "ref"


@dataclass(frozen=True, slots=True)
class Decision:
    """The reference rate in percent from a day on, with the place in the file that says so."""

    effective_from: dt.date
    percent: Decimal


def read_nbp_rates(path: Path) -> list[InterestRate]:
    """The rates for delay since 2016, oldest first, without days on which the reference rate stayed as it was.

    Raises RatesFileError naming everything that is wrong: no such file, no XML of NBP's, a day twice with two rates,
    a rate that is no number. The file may say in which order it likes.
    """
    decisions = sorted(_read_decisions(path), key=lambda one: one.effective_from)
    rates: list[InterestRate] = []
    before: Decimal | None = None
    for number, one in enumerate(decisions):
        following = decisions[number + 1].effective_from if number + 1 < len(decisions) else dt.date.max
        if following > SINCE and one.percent != before:
            rates.append(_rate_of(max(one.effective_from, SINCE), one.percent))
            before = one.percent
    if not rates:
        raise RatesFileError([f'{path}: no reference rate (id="ref") since {SINCE}'])
    return rates


def _rate_of(day: dt.date, percent: Decimal) -> InterestRate:
    told = f"{percent:.2f}".replace(".", ",")
    return InterestRate(
        day, plain_percent(percent + POINTS), f"stopa referencyjna NBP {told} + 5,5 pkt proc."
    )


def _read_decisions(path: Path) -> list[Decision]:
    root = _parse(path)
    found: dict[dt.date, Decision] = {}
    problems: list[str] = []
    for day, percent in _reference_rates(root):
        try:
            decision = Decision(dt.date.fromisoformat(day), read_percent(percent))
        except ValueError as error:
            problems.append(f"{path}: reference rate of {day or 'no day'}: {error}")
            continue
        other = found.setdefault(decision.effective_from, decision)
        if other.percent != decision.percent:
            problems.append(f"{path}: {day} has two reference rates, {other.percent} and {decision.percent}")
    if problems:
        raise RatesFileError(problems)
    return list(found.values())


def _parse(path: Path) -> Element:
    try:
        if path.stat().st_size > LARGEST_BYTES:
            raise RatesFileError([f"{path}: larger than any file of NBP's rates"])
        # NBP's server was seen to put an empty line before the declaration, which XML forbids.
        root: Element = fromstring(path.read_bytes().removeprefix(b"\xef\xbb\xbf").lstrip(), forbid_dtd=True)
    except (OSError, ParseError, DefusedXmlException, ValueError, LookupError) as error:
        if isinstance(error, RatesFileError):
            raise
        raise RatesFileError([f"{path}: {error or type(error).__name__}"]) from error
    if _local(root) not in ROOTS:
        raise RatesFileError([f"{path}: <{_local(root)}> is not NBP's <stopy_procentowe_archiwum>"])
    return root


def _reference_rates(root: Element) -> Iterator[tuple[str, str]]:
    """Day and percent as the file writes them; the day stands with the rate or with what is around it."""
    for around in root.iter():
        for item in around:
            if _local(item) == "pozycja" and item.get("id") == REFERENCE:
                day = item.get("obowiazuje_od") or around.get("obowiazuje_od") or ""
                yield day.strip(), item.get("oprocentowanie") or ""


def _local(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
