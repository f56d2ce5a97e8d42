"""Bech32 (BIP 173, without its limit of length): how age writes its keys as words of letters and digits."""

ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
CHECK_LENGTH = 6


def encode(prefix: str, data: bytes) -> str:
    """`prefix` + "1" + the data and their checksum, in small letters."""
    values = _regroup(data, 8, 5, is_padded=True)
    check = _polymod([*_expand(prefix), *values, *[0] * CHECK_LENGTH]) ^ 1
    values += [(check >> 5 * (CHECK_LENGTH - 1 - place)) & 31 for place in range(CHECK_LENGTH)]
    return prefix + "1" + "".join(ALPHABET[value] for value in values)


def decode(word: str) -> tuple[str, bytes]:
    """Prefix in small letters and data; ValueError for anything that encode() could not have written."""
    if word not in {word.lower(), word.upper()}:
        raise ValueError("mixed case")
    prefix, _, rest = word.lower().rpartition("1")
    values = [ALPHABET.find(letter) for letter in rest]
    if not prefix or len(values) < CHECK_LENGTH or -1 in values:
        raise ValueError("no Bech32 word")
    if _polymod([*_expand(prefix), *values]) != 1:
        raise ValueError("checksum differs")
    return prefix, bytes(_regroup(bytes(values[:-CHECK_LENGTH]), 5, 8, is_padded=False))


def _expand(prefix: str) -> list[int]:
    codes = [ord(letter) for letter in prefix]
    return [code >> 5 for code in codes] + [0] + [code & 31 for code in codes]


def _polymod(values: list[int]) -> int:
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for place, term in enumerate(GENERATOR):
            check ^= term if (top >> place) & 1 else 0
    return check


def _regroup(data: bytes, width: int, new_width: int, *, is_padded: bool) -> list[int]:
    held, bits, groups = 0, 0, []
    for value in data:
        held, bits = (held << width) | value, bits + width
        while bits >= new_width:
            bits -= new_width
            groups.append((held >> bits) & ((1 << new_width) - 1))
        held &= (1 << bits) - 1
    if is_padded and bits:
        groups.append((held << (new_width - bits)) & ((1 << new_width) - 1))
    elif not is_padded and (bits >= width or held):
        raise ValueError("bits left over")
    return groups
