"""Filters for figures, dates, units and balances; the formats themselves live in `parts/formatting.py`.

`{{ row.debit|money }}`, `{{ card.balance|zloty_signed }}`, `{{ line.rate|rate }}`, `{{ day|day_words }}`,
`{{ balance|balance_word }}`, `class="state {{ balance|balance_state }}"`, `{{ line.unit|unit }}`.
"""

import datetime as dt
import re
from decimal import Decimal

from django import template
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.timezone import localtime

from billing_views.parts import formatting

POSTAL_CODE = re.compile(r"(?<![\w-])\d{2}-\d{3}(?![\w-])")
register = template.Library()

register.filter("money", formatting.format_money)
register.filter("money_signed", formatting.format_signed_money)
register.filter("quantity", formatting.format_quantity)
register.filter("rate", formatting.format_rate)
register.filter("day", formatting.format_day)
register.filter("day_words", formatting.format_day_words)
register.filter("month_words", formatting.format_month_words)
register.filter("month_name", formatting.name_month)
register.filter("balance_word", formatting.name_balance)
register.filter("balance_state", formatting.judge_balance)
register.filter("unit", formatting.format_unit)


@register.filter
def zloty(amount: Decimal | int | None) -> str:
    """`1 234,56 zł`."""
    return formatting.format_zloty(amount)


@register.filter
def zloty_signed(amount: Decimal | int | None) -> str:
    """`+42,00 zł`, `−268,41 zł`, `0,00 zł`."""
    return formatting.format_zloty(amount, is_signed=True)


@register.filter
def moment(instant: dt.datetime | None) -> str:
    """`02.11.2026, 14:05` in the time zone that is active; an empty text for None."""
    if instant is None:
        return ""
    here = localtime(instant)
    return f"{formatting.format_day(here.date())}, {here:%H:%M}"


@register.filter
def keep_postal_codes(text: str) -> SafeString:
    """The text with its postal codes (`25-001`) so that no end of a line parts them at the hyphen."""
    return mark_safe(POSTAL_CODE.sub(r'<span class="keep">\g<0></span>', conditional_escape(text)))  # noqa: S308 - escaped
