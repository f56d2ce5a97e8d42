"""Sort keys in SQL: the database has no Polish collation, so codes and names are sorted by a stored text."""


def natural_sort_key(expression: str) -> str:
    """SQL: codes in the order in which people count them: `1/2` before `1/14`. Every number padded to 12 digits."""
    return (
        "(SELECT coalesce(left(string_agg(CASE WHEN m[1] ~ '^[0-9]' THEN lpad(m[1], greatest(12, length(m[1])), '0')"
        f" ELSE lower(m[1]) END, '' ORDER BY n), 200), '') FROM regexp_matches({expression}, '([0-9]+|[^0-9]+)', 'g')"
        " WITH ORDINALITY AS parts (m, n))"
    )


POLISH_LETTERS = {
    "ą": "a~", "ć": "c~", "ę": "e~", "ł": "l~", "ń": "n~", "ó": "o~", "ś": "s~", "ź": "z~1", "ż": "z~2",
}  # fmt: skip


def polish_sort_key(expression: str) -> str:
    """SQL: names in Polish order without ICU: a letter with a mark follows its plain one (`~` sorts after z)."""
    key = f"lower({expression})"
    for letter, replacement in POLISH_LETTERS.items():
        key = f"replace({key}, '{letter}', '{replacement}')"
    return f"left({key}, 400)"
