"""A column's declaration → a function from cell to value. A new kind of column is a line in _CONVERTERS.

Options change how numbers, dates and money are read; other kinds know only one way.
"""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from workers.datasets.fields import Field, Kind
from workers.reading_options import NO_OPTIONS, TableOptions
from workers.values.dates import read_date, read_month
from workers.values.fault import Cell, Fault, Value
from workers.values.numbers import (
    MONEY,
    NumberForm,
    read_grosze,
    read_integer,
    read_number,
    read_part,
    read_share,
)
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


def converter_of(field: Field, options: TableOptions = NO_OPTIONS) -> Convert:
    """How cells of this column are read: the value, None for an empty cell, or a Fault."""
    return _BY_OPTIONS.get(field.kind, _plain)(field, options)


def is_plain_money(field: Field, options: TableOptions) -> bool:
    """Whether an amount such as -12,50 stands for itself."""
    return field.kind is Kind.MONEY and not options.is_in_grosze and not _is_reversed(field, options)


def _plain(field: Field, _: TableOptions) -> Convert:
    return _CONVERTERS[field.kind](field)


def _is_reversed(field: Field, options: TableOptions) -> bool:
    return field.is_balance and options.is_sign_reversed


def _money(field: Field, options: TableOptions) -> Convert:
    form = replace(MONEY, decimal=options.decimal)

    def convert(cell: Cell) -> Value | Fault:
        return read_grosze(cell) if options.is_in_grosze else read_number(cell, form)

    def reverse(cell: Cell) -> Value | Fault:
        value = convert(cell)
        return -value if isinstance(value, Decimal) else value

    return reverse if _is_reversed(field, options) else convert


def _date(_: Field, options: TableOptions) -> Convert:
    return lambda cell: read_date(cell, options.dates)


def _month(_: Field, options: TableOptions) -> Convert:
    return lambda cell: read_month(cell, options.dates)


def _decimal(field: Field, options: TableOptions) -> Convert:
    form = replace(_form(field), decimal=options.decimal)
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
    return lambda cell: read_choice(cell, words, field.fallback, field.expected)


def _flag(field: Field) -> Convert:
    words = {plain_word(word): flag for word, flag in field.choices.items()}
    return lambda cell: read_flag(cell, words)


_BY_OPTIONS: dict[Kind, Callable[[Field, TableOptions], Convert]] = {
    Kind.MONEY: _money,
    Kind.DECIMAL: _decimal,
    Kind.DATE: _date,
    Kind.MONTH: _month,
}
_CONVERTERS: dict[Kind, Callable[[Field], Convert]] = {
    Kind.CODE: lambda field: lambda cell: read_code(cell, max_length=field.max_length),
    Kind.TEXT: lambda field: lambda cell: read_text(cell, max_length=field.max_length),
    # Serial numbers of meters often have eleven digits: some of them look like a PESEL by chance.
    Kind.SERIAL: lambda field: lambda cell: read_code(cell, max_length=field.max_length, allows_pesel=True),
    Kind.INTEGER: _integer,
    Kind.SHARE: lambda _: read_share,
    Kind.CHOICE: _choice,
    Kind.FLAG: _flag,
    Kind.FUND: lambda field: lambda cell: read_fund(cell, field.max_length),
    Kind.UNIT: lambda field: lambda cell: read_unit(cell, field.max_length),
    Kind.BANK_ACCOUNT: lambda _: read_bank_account,
    Kind.BANK_TEXT: lambda field: lambda cell: read_bank_text(cell, max_length=field.max_length),
    Kind.EMAIL: lambda field: lambda cell: read_email(cell, field.max_length),
}
