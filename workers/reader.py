"""The reading child: files in, rows as COPY text and problems out. Started by workers.reading.

`python -m workers.reader` takes {"files": [{"no", "path", "name", "tables"}], "profiles": […], "limits": {…}} on
standard input and answers on standard output (workers.output). `tables` are the manager's options by table key,
`profiles` those by headers (workers.reading_options). It runs under limits of memory and time, writes no file and
knows neither Django nor the database. Bad input is a problem, never an exception.
"""

import gc
import json
import resource
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

from workers.file_reading import FileReading, UploadReading, file_problem
from workers.formats import detect_archive
from workers.formats.source import MIB, Limits, Source, UnreadableFileError
from workers.formats.zip_directory import DAMAGE, damaged
from workers.header_search import Profiles
from workers.output import Output
from workers.reading_options import Profile, TableOptions


def main() -> None:
    """Reads the request, puts itself under its limits and answers."""
    request = json.load(sys.stdin.buffer)
    limits = Limits(**request["limits"])
    apply_limits(limits)
    # Rows are millions of short-lived lists without a cycle among them: looking for one costs a tenth of the time.
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)
    output = Output(sys.stdout.buffer, limits.problems)
    profiles = Profiles([Profile.from_json(given) for given in request.get("profiles", ())])
    for file in request["files"]:
        tables = {key: TableOptions.from_json(given) for key, given in file.get("tables", {}).items()}
        read_file(Upload(file["no"], Path(file["path"]), file["name"], tables), profiles, limits, output)
    output.event("end", rows=dict(output.rows), problems=dict(output.problems), **usage())
    output.flush()


@dataclass(frozen=True, slots=True)
class Upload:
    """One upload: its number, where it lies, its name, and the options of tables in it by their keys."""

    no: int
    path: Path
    name: str
    tables: dict[str, TableOptions]


def apply_limits(limits: Limits) -> None:
    """Bounds the process: address space, processor seconds, no file written, no core left."""
    for kind, bound in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (bound, bound))


def usage() -> dict[str, Any]:
    """Peak memory in bytes and processor seconds of this process."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    return {"peak_memory": peak_memory(), "cpu_seconds": round(used.ru_utime + used.ru_stime, 3)}


def peak_memory() -> int:
    """Most bytes resident since this program was started.

    The kernel's VmHWM: ru_maxrss still counts the pages of the parent that this process was forked from.
    """
    with Path("/proc/self/status").open() as status:
        line = next(line for line in status if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024


def read_file(upload: Upload, profiles: Profiles, limits: Limits, output: Output) -> None:
    """Reads one upload: a file, or every file of an archive."""

    def opened() -> IO[bytes]:
        return upload.path.open("rb")

    output.event("file", file=upload.no, name=upload.name)
    output.flush()
    source = Source(upload.no, upload.name, 0, opened, path=upload.path)
    reading = UploadReading(upload.tables, profiles, limits, output)
    try:
        source = replace(source, size=upload.path.stat().st_size)
        _check_size(source, limits)
        archive = detect_archive(source)
        for member in archive.members(source, limits) if archive else (source,):
            FileReading(member, reading).run()
        reading.conclude()
    except UnreadableFileError as error:
        output.problem(file_problem(source, error))
        output.event("unsearched", file=upload.no)
    except DAMAGE:
        output.problem(file_problem(source, damaged()))
        output.event("unsearched", file=upload.no)
    output.end_file(upload.no, upload.name)


def _check_size(source: Source, limits: Limits) -> None:
    if source.size > limits.file_bytes:
        size = limits.file_bytes // MIB
        raise UnreadableFileError("too_large", f"Plik jest za duży: może mieć najwyżej {size} MB.")


if __name__ == "__main__":
    main()
