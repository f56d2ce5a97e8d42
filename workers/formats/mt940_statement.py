"""MT940 bank statements, read by mt-940 tag by tag: incoming payments as a table of the payments dataset.

A statement is whole or refused: its opening balance and all its operations must give its closing balance. Outgoing
operations are only added up; what an association pays to others is nobody's business here.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from workers.formats.encodings import detect_codec
from workers.formats.mt940_details import read_details
from workers.formats.source import MIB, Limits, Rows, Source, StatementSums, Table, UnreadableFileError
from workers.reading_options import TableOptions
from workers.values.fault import Cell
from workers.values.words import read_bank_account

HEADERS: tuple[str, ...] = (
    "Rachunek własny",
    "Wyciąg",
    "Data księgowania",
    "Data waluty",
    "Kwota",
    "Referencje",
    "Tytuł wpłaty",
    "Wpłacający",
    "Rachunek wirtualny",
)
_MOST_BYTES = 20 * MIB
_LONGEST_TEXT = {"title": 500, "payer_name": 200, "reference": 100}
_TAG = re.compile(r"^:([0-9]{2}[A-Z]?):", re.MULTILINE)
_BALANCE = re.compile(r"[CD][0-9]{6}([A-Z]{3})[0-9]+,[0-9]{0,2}")
# A message may stand between the blocks of its transport: {1:…}{2:…}{4: in front, -} behind.
_TRANSPORT = re.compile(r"^(?:\{[^\n]*\{4:|-\}?[^\n]*)$", re.MULTILINE)
_STARTS = re.compile(rb"^(?:\{[^\r\n]*\{4:\s*)?[ \t]*:20:", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class _Tag:
    name: str
    text: str
    line: int


@dataclass(slots=True)
class _Operation:
    """One `:61:` with the `:86:` behind it; złote, positive where money came in."""

    line: int
    booked_on: date
    value_on: date
    amount: Decimal
    is_reversal: bool
    reference: str
    details: str = ""

    @property
    def is_payment(self) -> bool:
        """Money that came in, or that the bank took back again."""
        return self.amount > 0 if not self.is_reversal else self.amount < 0


class Mt940:
    """Bank statements (wyciągi) of Polish banks."""

    name = "mt940"
    label = "MT940"

    def recognises(self, source: Source, head: bytes) -> bool:  # noqa: ARG002  the name says nothing
        """A message that begins with its reference and names an account."""
        return bool(_STARTS.search(head)) and b":25" in head

    def tables(self, source: Source, limits: Limits, options: TableOptions) -> Iterator[Table]:  # noqa: ARG002
        """The one table of all statements in the file."""
        if source.size > _MOST_BYTES:
            raise UnreadableFileError("too_large", "Wyciąg jest za duży: może mieć najwyżej 20 MB.")
        encoding = options.encoding or detect_codec(source)
        text = _decoded(source, encoding)
        read = 0
        statements: list[StatementSums] = []

        def rows() -> Rows:
            nonlocal read
            yield 1, list(HEADERS)
            for message in _messages(text):
                yield from _read_message(message, statements)
            read = source.size

        plain = encoding.removesuffix("-sig")
        yield Table("", rows(), lambda: read, plain, statements=statements, file_format=self.name)


def _decoded(source: Source, encoding: str) -> str:
    with source.open() as stream:
        try:
            text = stream.read().decode(encoding)
        except UnicodeDecodeError as error:
            raise UnreadableFileError("unknown_encoding", "Nie da się odczytać tekstu wyciągu.") from error
    return text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\x1a\0 \t\n")


def _messages(text: str) -> Iterator[list[_Tag]]:
    """The tags of each message; a message begins with `:20:`."""
    text = _TRANSPORT.sub("", text)
    found = list(_TAG.finditer(text))
    message: list[_Tag] = []
    line, counted = 1, 0
    for tag, following in zip(found, [*found[1:], None], strict=True):
        line += text.count("\n", counted, tag.start())
        counted = tag.start()
        if tag[1] == "20" and message:
            yield message
            message = []
        end = following.start() if following else len(text)
        message.append(_Tag(tag[1], text[tag.end() : end].strip("\n"), line))
    if message:
        yield message


def _read_message(tags: list[_Tag], statements: list[StatementSums]) -> Iterator[tuple[int, list[Cell]]]:
    """Rows of one statement, once its balances were found to agree; its sums are told first."""
    account = _account(_only(tags, "25"))
    number = _only(tags, "28", required=False)
    opening, closing = _balance(_only(tags, "60")), _balance(_only(tags, "62"))
    operations = list(_operations(tags))
    total = opening + sum((operation.amount for operation in operations), Decimal(0))
    if total != closing:
        reason = (
            f"Saldo początkowe i operacje wyciągu dają {_money(total)}, a jego saldo końcowe to {_money(closing)}."
            " Plik jest niepełny albo uszkodzony: pobierz wyciąg z banku jeszcze raz."
        )
        raise UnreadableFileError("statement_does_not_add_up", reason, _only(tags, "62").line)
    statement = number.text.strip()[:40] if number else ""
    payments = [operation for operation in operations if operation.is_payment]
    incoming = sum((payment.amount for payment in payments), Decimal(0))
    outgoing = closing - opening - incoming
    statements.append(
        StatementSums(tags[0].line, account, statement, len(payments), opening, incoming, outgoing, closing)
    )
    for payment in payments:
        yield payment.line, _cells(account, statement, payment)


def _only(tags: list[_Tag], name: str, *, required: bool = True) -> Any:
    """The tag of this number, with whatever letter; a statement states it once."""
    found = [tag for tag in tags if tag.name.rstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") == name]
    if len(found) == 1:
        return found[0]
    if not found and not required:
        return None
    what = {
        "25": "numeru rachunku (:25:)",
        "60": "salda początkowego (:60F:)",
        "62": "salda końcowego (:62F:)",
    }
    reason = (
        f"Wyciąg podaje pole :{name}: więcej niż raz." if found else f"Wyciąg nie ma {what.get(name, name)}."
    )
    raise UnreadableFileError("damaged_statement", reason, (found or tags)[-1].line)


def _account(tag: _Tag) -> str:
    number = read_bank_account(tag.text.strip().lstrip("/"))
    if not isinstance(number, str):
        reason = f"Wyciąg jest z rachunku „{tag.text.strip()[:40]}”, a to nie jest polski numer rachunku."
        raise UnreadableFileError("damaged_statement", reason, tag.line)
    return number


def _balance(tag: _Tag) -> Decimal:
    """Złote; negative where the account is overdrawn."""
    text = tag.text.strip().replace(".", ",")
    form = _BALANCE.fullmatch(text)
    if form is None:
        raise UnreadableFileError("damaged_statement", "Salda wyciągu nie da się odczytać.", tag.line)
    if form[1] != "PLN":
        raise UnreadableFileError(
            "foreign_currency", f"Wyciąg jest w walucie {form[1]}, a portal przyjmuje tylko złote.", tag.line
        )
    balance = _parsed(tag, text, kind="balance")
    amount: Decimal = next(iter(balance.values())).amount.amount
    return amount


def _operations(tags: list[_Tag]) -> Iterator[_Operation]:
    last: _Operation | None = None
    for tag in tags:
        if tag.name == "61":
            if last:
                yield last
            last = _operation(tag)
        elif tag.name == "86" and last:
            last.details += f"\n{tag.text}" if last.details else tag.text
        elif last:
            yield last
            last = None
    if last:
        yield last


def _operation(tag: _Tag) -> _Operation:
    read = _parsed(tag, tag.text.strip(), kind="operation")
    amount = abs(read["amount"].amount)
    if amount != amount.quantize(Decimal("0.01")):
        raise UnreadableFileError("damaged_statement", "Kwota operacji ma ułamki grosza.", tag.line)
    references = (read.get(name) or "" for name in ("customer_reference", "bank_reference", "extra_details"))
    return _Operation(
        line=tag.line,
        booked_on=_plain_day(read.get("entry_date") or read["date"]),
        value_on=_plain_day(read["date"]),
        # C and RD bring money in, D and RC take it away.
        amount=amount if read["status"].upper() in {"C", "RD"} else -amount,
        is_reversal=read["status"].upper().startswith("R"),
        reference=" ".join(" ".join(references).split()),
    )


def _plain_day(day: date) -> date:
    """The library's days are of a class of its own."""
    return date(day.year, day.month, day.day)


def _parsed(tag: _Tag, text: str, *, kind: str) -> dict[str, Any]:
    # Loaded here: a child that reads tables only starts faster without it.
    import mt940

    parser: mt940.tags.Tag = (
        mt940.tags.Statement() if kind == "operation" else mt940.tags.FinalOpeningBalance()
    )
    statements = mt940.models.Transactions()
    try:
        return dict(parser(statements, parser.parse(statements, text)))
    except (RuntimeError, ValueError, ArithmeticError, KeyError, AttributeError, TypeError) as error:
        what = "Operacji" if kind == "operation" else "Salda"
        raise UnreadableFileError(
            "damaged_statement", f"{what} wyciągu nie da się odczytać.", tag.line
        ) from error


def _cells(account: str, statement: str, operation: _Operation) -> list[Cell]:
    details = read_details(operation.details, operation.reference)
    return [
        account,
        statement,
        operation.booked_on,
        operation.value_on,
        operation.amount,
        operation.reference[: _LONGEST_TEXT["reference"]],
        details.title[: _LONGEST_TEXT["title"]],
        details.payer_name[: _LONGEST_TEXT["payer_name"]],
        " ".join(number for number in details.numbers if number != account),
    ]


def _money(amount: Decimal) -> str:
    return f"{amount:,.2f} zł".replace(",", "\u00a0").replace(".", ",")
