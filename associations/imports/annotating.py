"""A copy of an uploaded file with one more column that says what is wrong, row by row.

The copy is made by a child process under limits, as files are read: what strangers send is never parsed where pages
are served. The child is started by its module's name, because nothing here may know the formats.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import IO, Any

from django.conf import settings

from associations.imports.models import ImportFile, ImportTable, Problem, Severity
from associations.imports.queries import batch_problems
from associations.imports.rules import ImportRuleError
from associations.imports.storage import path_of

CHILD = "workers.annotated"
MEBIBYTE = 1024 * 1024
# The request waits for the copy: less than a web server waits for a request.
TIMEOUT_SECONDS = 25
_LIMITS = {"memory_bytes": 1024 * MEBIBYTE, "cpu_seconds": 25}
_LONGEST_REMARK = 2_000
_LONGEST_WHOLE = 500
_TOO_MUCH = (
    "Ten plik jest za duży, żeby od razu przygotować jego kopię z uwagami. Pobierz całą listę problemów jako CSV: są"
    " w niej numery wierszy."
)
_WORDS = {Severity.ERROR: "Błąd", Severity.WARNING: "Ostrzeżenie"}


@dataclass(frozen=True, slots=True)
class AnnotatedCopy:
    """The copy, open for reading and gone when it is closed; the name under which it is offered."""

    content: IO[bytes]
    name: str


def annotate_file(file: ImportFile) -> AnnotatedCopy:
    """Copy the file with what is wrong with it. ImportRuleError with a Polish sentence where that cannot be done."""
    path = path_of(file)
    if not file.stored_as or not path.is_file():
        raise ImportRuleError(
            "file_not_kept", "Tego pliku już nie ma, więc nie można zrobić jego kopii z uwagami."
        )
    with tempfile.TemporaryDirectory(prefix="uwagi-") as folder:
        target = Path(folder) / "copy"
        request = {
            "path": str(path.resolve()),
            "name": file.name,
            "target": str(target),
            "limits": _LIMITS,
            "tables": collect_remarks(file),
        }
        _run_child(request)
        # Open, it outlives its folder.
        content = target.open("rb")
    name = PurePath(file.name)
    return AnnotatedCopy(content, f"{name.stem}-z-uwagami{name.suffix}")


def collect_remarks(file: ImportFile) -> dict[str, dict[str, Any]]:
    """What is to be written beside the rows of each table of the file, and how the table was read."""
    problems = batch_problems(file.batch_id).filter(file_number=file.number).iterator(chunk_size=2_000)
    rows: defaultdict[str, defaultdict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
    whole: defaultdict[str, list[str]] = defaultdict(list)
    for problem in problems:
        text = say_problem(problem)
        if problem.row is None:
            whole[problem.table_key].append(text)
        else:
            rows[problem.table_key][problem.row].append(text)
    tables = {
        table.key: table
        for table in ImportTable.objects.filter(batch_id=file.batch_id, file_number=file.number)
    }
    return {
        key: {
            "rows": {number: _join(texts, _LONGEST_REMARK) for number, texts in rows[key].items()},
            "whole": _join(whole[key], _LONGEST_WHOLE),
            **_reading_of(tables.get(key)),
        }
        for key in {*rows, *whole, *tables}
    }


def say_problem(problem: Problem) -> str:
    """One problem as a text: „Błąd: Nie ma lokalu o kodzie 412-34. Czy chodzi o 0412-034?”."""
    place = f"{problem.column}: " if problem.column and problem.is_from_reading else ""
    meant = f" Czy chodzi o {problem.suggestion}?" if problem.suggestion else ""
    return f"{_WORDS[Severity(problem.severity)]}: {place}{problem.reason}{meant}"


def _join(texts: Iterable[str], length: int) -> str:
    # No line breaks: a remark must not make two rows of one.
    text = " ".join(dict.fromkeys(" ".join(text.split()) for text in texts))
    return text if len(text) <= length else text[: length - 1] + "…"


def _reading_of(table: ImportTable | None) -> dict[str, Any]:
    if table is None:
        return {}
    return {"header_row": table.header_row, "encoding": table.encoding, "separator": table.separator}


def _run_child(request: dict[str, Any]) -> None:
    try:
        done = subprocess.run(
            [sys.executable, "-m", CHILD],
            input=json.dumps(request).encode(),
            capture_output=True,
            cwd=settings.BASE_DIR,
            # No secrets of ours, and the same text handling everywhere.
            env={"PATH": os.environ.get("PATH", ""), "PYTHONUTF8": "1", "LANG": "C.UTF-8"},
            timeout=TIMEOUT_SECONDS,
            check=False,
        )
        answer = json.loads(done.stdout) if done.returncode == 0 else {"code": "limits", "reason": _TOO_MUCH}
    except subprocess.TimeoutExpired:
        answer = {"code": "timeout", "reason": _TOO_MUCH}
    if answer:
        raise ImportRuleError(answer["code"], answer["reason"])
