"""How figures are written in the owners' API: texts, so that no reader turns them into floating-point numbers."""

from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from associations.money import ZERO
from associations.periods import Month

Field = serializers.Field[Any, Any, Any, Any]


@extend_schema_field({"type": "string", "pattern": r"^-?[0-9]+\.[0-9]{2}$", "example": "-312.47"})
class MoneyField(Field):
    """Złote with two decimals, `-312.47`; of a balance minus is an underpayment (niedopłata)."""

    def to_representation(self, value: Decimal) -> str:
        """The amount; a negative zero is plain."""
        return f"{value + ZERO:.2f}"


@extend_schema_field({"type": "string", "pattern": r"^-?[0-9]+(\.[0-9]+)?$", "example": "11.1564"})
class QuantityField(Field):
    """A rate, a quantity or a share as supplied, without zeros at its end: `48.5`, `11.1564`."""

    def to_representation(self, value: Decimal) -> str:
        """The number without an exponent."""
        text = f"{value + ZERO:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text


@extend_schema_field({"type": "string", "pattern": r"^[0-9]{4}-(0[1-9]|1[0-2])$", "example": "2026-10"})
class MonthField(Field):
    """A calendar month, `2026-10`."""

    def to_representation(self, value: Month) -> str:
        """Year and month."""
        return f"{value.year:04}-{value.number:02}"
