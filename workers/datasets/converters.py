"""A column's declaration → a function from cell to value. A new kind of column is a line in _CONVERTERS."""

from collections.abc import Callable

from workers.datasets.fields import Field, Kind
from workers.values.dates import read_date, read_month
from workers.values.fault import Cell, Fault, Value
from workers.values.numbers import MONEY, NumberForm, read_integer, read_number, read_part, read_share
from workers.values.texts import read_bank_text, read_code, read_text
from workers.values.words import (
    plain_word,
    read_bank_account,
    read_choice,
    read_email,
    read_flag,
    read_fund,
    read_unit,
)

Convert = Callable[[Cell], Value | Fault]


def converter_of(field: Field) -> Convert:
    """How cells of this column are read: the value, None for an empty cell, or a Fault."""
    return _CONVERTERS[field.kind](field)


def _decimal(field: Field) -> Convert:
    form = _form(field)
    # A column that cannot exceed 1 is a share, which programs also write as a quotient or per cent.
    if field.maximum == 1:
        return lambda cell: read_part(cell, form)
    return lambda cell: read_number(cell, form)


def _integer(field: Field) -> Convert:
    form = _form(field, scale=0)
    return lambda cell: read_integer(cell, form)


def _form(field: Field, scale: int | None = None) -> NumberForm:
    return NumberForm(
        scale=field.scale if scale is None else scale,
        whole=field.whole,
        minimum=field.minimum,
        maximum=field.maximum,
    )


def _choice(field: Field) -> Convert:
    words = {plain_word(word): kind for word, kind in field.choices.items()}
    words |= {plain_word(kind): kind for kind in field.choices.values()}
    return lambda cell: read_choice(cell, words, field.fallback)


def _flag(field: Field) -> Convert:
    words = {plain_word(word): flag for word, flag in field.choices.items()}
    return lambda cell: read_flag(cell, words)


_CONVERTERS: dict[Kind, Callable[[Field], Convert]] = {
    Kind.CODE: lambda field: lambda cell: read_code(cell, max_length=field.max_length),
    Kind.TEXT: lambda field: lambda cell: read_text(cell, max_length=field.max_length),
    # Serial numbers of meters often have eleven digits: some of them look like a PESEL by chance.
    Kind.SERIAL: lambda field: lambda cell: read_code(cell, max_length=field.max_length, allows_pesel=True),
    Kind.MONEY: lambda _: lambda cell: read_number(cell, MONEY),
    Kind.DECIMAL: _decimal,
    Kind.INTEGER: _integer,
    Kind.DATE: lambda _: read_date,
    Kind.MONTH: lambda _: read_month,
    Kind.SHARE: lambda _: read_share,
    Kind.CHOICE: _choice,
    Kind.FLAG: _flag,
    Kind.FUND: lambda field: lambda cell: read_fund(cell, field.max_length),
    Kind.UNIT: lambda field: lambda cell: read_unit(cell, field.max_length),
    Kind.BANK_ACCOUNT: lambda _: read_bank_account,
    Kind.BANK_TEXT: lambda field: lambda cell: read_bank_text(cell, max_length=field.max_length),
    Kind.EMAIL: lambda field: lambda cell: read_email(cell, field.max_length),
}
