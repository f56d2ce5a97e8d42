"""Which columns the table of a staged row has: what a file has no column for, it says nothing about.

An empty cell clears a value, a missing column keeps it. Programs export lists with as few columns as one ticks.
"""

TABLE_OF_ROW = """
        LEFT JOIN imports_importtable c ON c.batch_id = s.batch_id AND c.file_number = s.file_no AND c.key = s.sheet
"""
"""Joins the table `c` that a staged row `s` was read from."""


def is_told(*fields: str) -> str:
    """SQL: whether the table has columns for all these fields; a row of no known table tells everything."""
    return " AND ".join(f"coalesce(c.mapping ? '{field}', true)" for field in fields)


def told_or_kept(field: str, told: str, kept: str) -> str:
    """SQL: what the row says where its table has the column, else what stands."""
    return f"CASE WHEN {is_told(field)} THEN {told} ELSE {kept} END"
