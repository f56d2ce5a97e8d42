"""The rules of docs/architecture.md, "SQL that runs alike", read off the text of one statement."""

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

WRITES = re.compile(r"\b(INSERT\s+INTO|UPDATE|DELETE\s+FROM)\b", re.IGNORECASE)
FORBIDDEN = re.compile(
    r"\b(MERGE\s+INTO|TEMP(ORARY)?\s+TABLE|SET\s+CONSTRAINTS|TRUNCATE|CREATE\s+(OR\s+REPLACE\s+)?TRIGGER"
    r"|(BIG|SMALL)SERIAL|SERIAL\s+(NOT\s+NULL|PRIMARY)|DISABLE\s+TRIGGER)\b",
    re.IGNORECASE,
)
ROW_LOCK = re.compile(r"\bFOR (NO KEY )?UPDATE\b", re.IGNORECASE)
ENTERING = re.compile(
    r"SELECT set_config\('role', (?:%s|'[^']*'), false\), set_config\('search_path', (?:%s|'[^']*'), false\)"
    r"|SELECT set_config\('search_path', (?:%s|'[^']*'), false\)"
)
LASTING_TIMEOUT = re.compile(r"\bSET (SESSION )?(?!LOCAL\b)\w*_timeout\b", re.IGNORECASE)
WRITING_CTE = re.compile(
    r"\bAS (?:(?:NOT )?MATERIALIZED )?\( ?(?:INSERT INTO|UPDATE|DELETE FROM|MERGE INTO)\b", re.IGNORECASE
)
# The column and the type of `(t.day)::text`, `CAST(day AS varchar(10))`.
CASTS = re.compile(
    r"\(*(?:\"?\w+\"?\.)?\"?(\w+)\"?\)*::([a-z]+)|\bCAST\((?:\"?\w+\"?\.)?\"?(\w+)\"? AS ([a-z]+)",
    re.IGNORECASE,
)
TEXTS = frozenset({"text", "varchar", "character", "char", "bpchar"})
CALL = re.compile(r'(?<![\w."])([a-z_][a-z0-9_]*)\s*\(', re.IGNORECASE)
# A column, or a qualified one; words of SQL, parameters and types are none.
NAME = re.compile(r"(?<![\w.:%(])(?:\"?[a-z_]\w*\"?\.)?\"?[a-z_]\w*\"?(?!\s*\()(?![\w.])", re.IGNORECASE)
WORDS = frozenset(
    re.findall(
        r"\w+",
        """and as asc at between by case cast collate current_date current_timestamp desc distinct else end epoch extract
        false filter from in interval is like month day year not null or over partition similar then time timestamp to
        true when where with without zone array any some all date text bigint integer numeric boolean int select
        exists""",
    )
)


def plain(statement: str) -> str:
    """Without comments, with empty texts in quotes and single blanks."""
    without_texts = re.sub(r"'(?:[^']|'')*'", "''", statement)
    return " ".join(re.sub(r"--[^\n]*|/\*.*?\*/", " ", without_texts, flags=re.DOTALL).split())


@dataclass(frozen=True, slots=True)
class Facts:
    """What a text alone does not tell: functions whose value depends on settings, schemas of associations, and
    columns of days and moments."""

    unsteady: Collection[str] = ()
    schemas: Collection[str] = ()
    moments: Collection[str] = ()


NO_FACTS = Facts()


def offences(statement: str, facts: Facts = NO_FACTS) -> list[str]:
    """The rules that a statement breaks, by number and in words."""
    sql = plain(statement)
    return [f"{rule.__doc__}" for rule in RULES if rule(statement, sql, facts)]


def _computed_insert(_: str, sql: str, __: Facts) -> bool:
    """1: an INSERT computes outside of `WITH rows AS MATERIALIZED`, or takes more than plain columns in order"""
    insert = re.search(r"INSERT INTO \S+ \([^)]*\) (?:OVERRIDING \w+ VALUE )?(SELECT .*)$", sql)
    if insert is None or insert[1].startswith("SELECT * FROM UNNEST("):
        return False  # the second is Django's form of bulk_create: parameters, no tables
    if not sql.startswith("WITH ") or re.search(
        r"\bAS \((?=SELECT)", sql.split(insert.group(0), maxsplit=1)[0]
    ):
        return True
    columns = r"SELECT ([\w\", ]+|[\w\", ]*false[\w\", ]*) FROM rows ORDER BY [\w\", ]+( RETURNING id)?$"
    return re.match(columns, insert[1]) is None


def _writes_twice(_: str, sql: str, __: Facts) -> bool:
    """2: one statement writes more than once, or in a CTE"""
    return len(WRITES.findall(ROW_LOCK.sub("", sql))) > 1 or WRITING_CTE.search(sql) is not None


def _odd_insert(_: str, sql: str, __: Facts) -> bool:
    """2: INSERT of a subselect as a value, or of a SELECT without FROM"""
    if not re.search(r"\bINSERT INTO\b", sql, re.IGNORECASE):
        return False
    tail = re.split(r"\bINSERT INTO\b", sql, maxsplit=1, flags=re.IGNORECASE)[1]
    computed = re.search(r"\)\s*(SELECT\b.*)$", tail, re.IGNORECASE)
    is_sourceless = computed is not None and not re.search(r"\bFROM\b", computed[1], re.IGNORECASE)
    return is_sourceless or bool(re.search(r"\bVALUES\s*\(.*\(\s*SELECT\b", tail, re.IGNORECASE))


def _joins_associations(_: str, sql: str, facts: Facts) -> bool:
    """2: one statement names two associations"""
    return sum(bool(re.search(rf"\b{schema}\b", sql)) for schema in facts.schemas) > 1


def _forbidden(_: str, sql: str, __: Facts) -> bool:
    """2, 3, 5, 6: MERGE, a temporary table, SET CONSTRAINTS, TRUNCATE, a trigger or a serial column"""
    return FORBIDDEN.search(sql) is not None


def _unsteady_month(statement: str, __: str, ___: Facts) -> bool:
    """4: date_trunc of a date goes through the time zone; write date_trunc('month', d::timestamp)::date"""
    return any(
        "timestamp" not in arguments
        for name, arguments in calls(" ".join(statement.split()))
        if name == "date_trunc" and columns_of(arguments)
    )


def _unsteady_write(_: str, sql: str, facts: Facts) -> bool:
    """4: UPDATE or DELETE computes a column by a function, or a cast of a day to a text, that depends on settings"""
    if not re.match(r"(WITH\b.*\bAS MATERIALIZED\b.*\) )?(UPDATE|DELETE)\b", sql, re.IGNORECASE):
        return False
    outside = re.sub(r"^WITH\b.*\bAS MATERIALIZED\b.*\) (?=UPDATE|DELETE)", "", sql, flags=re.IGNORECASE)
    casts = ((one[1] or one[3], (one[2] or one[4]).lower()) for one in CASTS.finditer(outside))
    return any(name in facts.moments and kind in TEXTS for name, kind in casts) or any(
        name in facts.unsteady and columns_of(arguments) for name, arguments in calls(outside)
    )


def _settings(statement: str, sql: str, __: Facts) -> bool:
    """6: set_config but for entering an association, or a timeout that outlasts its transaction"""
    is_stray = "set_config(" in sql and ENTERING.fullmatch(statement) is None
    return is_stray or LASTING_TIMEOUT.search(sql) is not None


def _several(_: str, sql: str, __: Facts) -> bool:
    """6: several statements are sent as one"""
    return ";" in sql.rstrip("; ")


def _late_identity(_: str, sql: str, __: Facts) -> bool:
    """6: an identity column that is added later, or is no bigint"""
    if re.match(r"ALTER TABLE .*\bADD GENERATED\b", sql, re.IGNORECASE):
        return True
    kinds = re.findall(
        r"(\w+) NOT NULL(?: PRIMARY KEY)? GENERATED BY DEFAULT AS IDENTITY", sql, re.IGNORECASE
    )
    return any(kind.lower() != "bigint" for kind in kinds)


def _leaving_key(_: str, sql: str, __: Facts) -> bool:
    """6: a foreign key out of the schema"""
    source = re.search(r"\bTABLE (?:ONLY )?\"?(\w+)\"?\.", sql, re.IGNORECASE)
    targets = re.findall(r"\bREFERENCES \"?(\w+)\"?\.", sql, re.IGNORECASE)
    return any(source is None or target != source[1] for target in targets)


Rule = Callable[[str, str, Facts], bool]
RULES: tuple[Rule, ...] = (
    _computed_insert,
    _writes_twice,
    _odd_insert,
    _joins_associations,
    _forbidden,
    _unsteady_month,
    _unsteady_write,
    _settings,
    _several,
    _late_identity,
    _leaving_key,
)


def calls(sql: str) -> Iterator[tuple[str, str]]:
    """Every function called in a statement, with the text of its arguments."""
    for call in CALL.finditer(sql):
        depth, start = 1, call.end()
        for end in range(start, len(sql)):
            depth += {"(": 1, ")": -1}.get(sql[end], 0)
            if depth == 0:
                yield call[1].lower(), sql[start:end]
                break


def columns_of(arguments: str) -> set[str]:
    """What in the arguments of a function looks like a column."""
    without = re.sub(r"'(?:[^']|'')*'|%\(\w+\)s|%s|::\s*\w+(\s+with(out)? time zone)?", " ", arguments)
    return {name for name in NAME.findall(without) if name.lower().strip('"') not in WORDS}
