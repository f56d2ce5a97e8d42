"""The child that copies a file with remarks. Started by associations.imports.annotating, by name.

Takes {"path", "name", "target", "limits", "tables": {key: remarks}} on standard input and answers with one line:
{} where the copy lies at `target`, {"code", "reason"} where there is none. It runs under limits of memory, processor
time and size of what it writes, and knows neither Django nor the database.
"""

import json
import resource
import sys
from pathlib import Path
from typing import IO

from workers.annotated.copying import copy_upload
from workers.annotated.remarks import RefusedCopyError, Remarks
from workers.formats.source import MIB, Limits, Source, UnreadableFileError
from workers.formats.zip_directory import DAMAGE, damaged

_LARGEST_COPY = 1024 * MIB


def main() -> None:
    """Read the request, copy, answer."""
    request = json.load(sys.stdin.buffer)
    limits = Limits(**request["limits"])
    for kind, bound in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_FSIZE, _LARGEST_COPY),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (bound, bound))
    path = Path(request["path"])

    def opened() -> IO[bytes]:
        return path.open("rb")

    source = Source(0, request["name"], path.stat().st_size, opened, path=path)
    remarks = {key: Remarks.from_json(given) for key, given in request["tables"].items()}
    answer: dict[str, str] = {}
    try:
        copy_upload(source, remarks, limits, Path(request["target"]))
    except (RefusedCopyError, UnreadableFileError) as error:
        answer = {"code": error.code, "reason": error.reason}
    except DAMAGE:
        answer = {"code": "damaged", "reason": damaged().reason}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
