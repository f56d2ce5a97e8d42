"""SQL fragments for the sentences of checks: figures, days and months as the pages show them."""


def shown_amount(expression: str) -> str:
    """SQL: an amount of money with spaces between thousands: `1 234,56 zł`."""
    return (
        f"regexp_replace(replace(round({expression}, 2)::text, '.', ','), '([0-9])(?=([0-9]{{3}})+,)',"
        " '\\1' || chr(160), 'g') || chr(160) || 'zł'"
    )


def shown_number(expression: str) -> str:
    """SQL: a quantity without zeros at its end: `130,717`."""
    return f"replace(trim_scale({expression})::text, '.', ',')"


def shown_day(expression: str) -> str:
    """SQL: `10.11.2026`."""
    return f"to_char({expression}, 'DD.MM.YYYY')"


def shown_month(expression: str) -> str:
    """SQL: `11.2026`."""
    return f"to_char({expression}, 'MM.YYYY')"


def first_place(alias: str) -> str:
    """SQL: file, table and line of the first of the rows that are grouped, under those names.

    Copies of standing rows (file 0, imports.additions) come last: they stand in no file.
    """
    order = f"ORDER BY {alias}.file_no = 0, {alias}.file_no, {alias}.sheet, {alias}.line_no"
    return ", ".join(
        f"(array_agg({alias}.{column} {order}))[1] AS {column}" for column in ("file_no", "sheet", "line_no")
    )
