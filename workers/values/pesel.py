"""Finding PESEL numbers, which the portal never keeps. A number without a plausible birth date is none."""

import re
from calendar import monthrange
from datetime import date

_ELEVEN_DIGITS = re.compile(r"(?<![0-9])[0-9]{11}(?![0-9])")
_WEIGHTS = (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)
# The month carries the century: 01-12 is the 1900s, 21-32 the 2000s; nobody of the others is alive.
_CENTURIES = {0: 1900, 20: 2000}
_LATEST_BIRTH = date.today().year  # noqa: DTZ011  a year, not an instant


def is_pesel(digits: str) -> bool:
    """Whether eleven digits are a PESEL of a living person: checksum and a date of birth that exists."""
    weighed = sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=False))
    if (10 - weighed % 10) % 10 != int(digits[10]):
        return False
    month = int(digits[2:4])
    century = _CENTURIES.get(month - month % 20 if month % 20 else -1)
    if century is None or not 1 <= month % 20 <= 12:  # noqa: PLR2004
        return False
    year = century + int(digits[:2])
    return year <= _LATEST_BIRTH and 1 <= int(digits[4:6]) <= monthrange(year, month % 20)[1]


def has_pesel(text: str) -> bool:
    """Whether a text holds a PESEL as a word of eleven digits."""
    return any(is_pesel(found) for found in _ELEVEN_DIGITS.findall(text))


def mask_pesels(text: str) -> str:
    """The text with every PESEL in it blotted out but for its first two digits."""
    return _ELEVEN_DIGITS.sub(
        lambda found: found[0][:2] + "•" * 9 if is_pesel(found[0]) else found[0],
        text,
    )
