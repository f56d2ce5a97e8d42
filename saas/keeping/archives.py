"""The archive as a stream: members go in one by one, none is held as a whole; what comes out was compared."""

import hashlib
import io
import os
import tarfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from gzip import BadGzipFile, GzipFile
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self, cast

from pyrage.x25519 import Identity, Recipient

from saas.keeping.contents import MANIFEST, Checksum, Manifest, Member, read_manifest
from saas.keeping.errors import DamagedBackupError, KeepingError
from saas.keeping.sealing import INTRO, Opener, Sealer

PIECE = 1024 * 1024
COMPRESSION = 3
"""Rows shrink to a seventh; the usual 6 takes twice as long for a tenth less."""
DAMAGE = (tarfile.TarError, BadGzipFile, EOFError, zlib.error)


class _CountedFile:
    """The file being written: its size and SHA-256 as it lies on the disk."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("xb")
        self._digest = hashlib.sha256()
        self._is_abandoned = False
        self.size = 0

    def write(self, data: bytes, /) -> int:
        if self._is_abandoned:
            return len(data)
        self._file.write(data)
        self._digest.update(data)
        self.size += len(data)
        return len(data)

    def flush(self) -> None:
        """GzipFile asks; close() is what counts."""

    def close(self) -> str:
        """Have it on the disk; its SHA-256."""
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        return self._digest.hexdigest()

    def abandon(self) -> None:
        """Take whatever is still to come and drop it: layers above write their ends when they are closed."""
        self._is_abandoned = True
        with suppress(OSError):
            self._file.close()


class ArchiveWriter:
    """Writes to `<path>.part`, which gets its name when finish() has written all; anything else leaves nothing.

    Raises KeepingError where the disk does not take it, or a file of that name is there.
    """

    def __init__(self, path: Path, recipients: Sequence[Recipient] = ()) -> None:
        self.path = path
        self.size = 0
        self.sha256 = ""
        self._part = path.with_name(path.name + ".part")
        self._recipients = recipients
        self._members: list[Member] = []

    def __enter__(self) -> Self:
        if self.path.exists():
            raise KeepingError("exists", f"{self.path} exists already.")
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._file = _CountedFile(self._part)
        except FileExistsError:
            raise KeepingError("exists", f"{self._part} exists: another backup is being written.") from None
        self._sealer = Sealer(self._file, self._recipients) if self._recipients else None
        target = cast("Any", self._sealer or self._file)
        self._gzip = GzipFile(fileobj=_Flushing(target), mode="wb", compresslevel=COMPRESSION, mtime=0)
        self._tar = tarfile.open(fileobj=self._gzip, mode="w|", format=tarfile.PAX_FORMAT, bufsize=PIECE)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if not self.sha256:
            self._file.abandon()
            if self._sealer:
                self._sealer.abandon()
            self._part.unlink(missing_ok=True)
            self._tar.close()
            self._gzip.close()

    def add(self, name: str, data: bytes) -> None:
        """One member whose content is at hand."""
        self._put(name, io.BytesIO(data), len(data), hashlib.sha256(data).hexdigest())

    def add_file(self, name: str, source: BinaryIO, size: int) -> None:
        """One member from a file of a known size, which does not change; raises KeepingError where it does."""
        counted = _Hashing(source)
        try:
            self._put(name, cast("BinaryIO", counted), size, "")
        except OSError as error:
            if "unexpected end of data" in str(error):
                raise KeepingError("file_changed", f"{name} became shorter while it was read.") from None
            raise
        self._members[-1] = Member(name, size, counted.digest.hexdigest())

    def _put(self, name: str, source: BinaryIO, size: int, sha256: str) -> None:
        info = tarfile.TarInfo(name)
        info.size = size
        info.mode = 0o600
        self._tar.addfile(info, source)
        _forget_members(self._tar)
        self._members.append(Member(name, size, sha256))

    def finish(self, checksums: dict[str, Checksum]) -> None:
        """Write the manifest, have all on the disk and give the file its name."""
        manifest = Manifest(tuple(self._members), checksums)
        self.add(MANIFEST, manifest.to_json())
        self._tar.close()
        self._gzip.close()
        if self._sealer:
            self._sealer.close()
        self.size = self._file.size
        digest = self._file.close()
        self._part.rename(self.path)
        self.sha256 = digest
        folder = os.open(self.path.parent, os.O_RDONLY)
        os.fsync(folder)
        os.close(folder)


def _forget_members(tar: Any) -> None:
    """By itself tarfile remembers every member; the manifest does so in less."""
    tar.members = []


class _Flushing:
    """A sink as GzipFile wants it."""

    def __init__(self, sink: Any) -> None:
        self._sink = sink

    def write(self, data: bytes) -> int:
        return int(self._sink.write(bytes(data)))

    def flush(self) -> None:
        """Nothing to do: the sink is closed by its owner."""


class _Hashing:
    """A source that adds up what is read from it."""

    def __init__(self, source: BinaryIO) -> None:
        self.digest = hashlib.sha256()
        self.size = 0
        self._source = source

    def read(self, size: int = -1) -> bytes:
        data = self._source.read(size)
        self.digest.update(data)
        self.size += len(data)
        return data


@contextmanager
def open_archive(path: Path, identity: Identity | None) -> Iterator["ArchiveReader"]:
    """The archive for one reading from front to back. Raises KeepingError for a sealed one without its key."""
    with path.open("rb") as file:
        start = file.read(len(INTRO))
        file.seek(0)
        if start == INTRO and identity is None:
            raise KeepingError("sealed", "The backup is sealed: name the file of its key.")
        try:
            with (
                closing(
                    cast("Any", Opener(file, identity) if identity and start == INTRO else file)
                ) as source,
                GzipFile(fileobj=source, mode="rb") as plain,
                tarfile.open(fileobj=plain, mode="r|", bufsize=PIECE) as tar,
            ):
                yield ArchiveReader(tar)
                while plain.read(PIECE):
                    continue  # up to gzip's own checksum and the last sealed chunk
        except DAMAGE as error:
            raise DamagedBackupError(f"it was altered or cut short ({type(error).__name__})") from None


class ArchiveReader:
    """Members in order; `manifest` is there when all were read and equal what it says."""

    def __init__(self, tar: tarfile.TarFile) -> None:
        self._tar = tar
        self.manifest: Manifest | None = None

    def members(self) -> Iterator[tuple[str, "_Hashing"]]:
        """Name and content of each; the caller may read it or not. Raises DamagedBackupError.

        Whatever differs from the manifest is known only at the end: keep nothing before this has run out.
        """
        found: list[Member] = []
        for info in self._tar:
            _forget_members(self._tar)
            content = self._tar.extractfile(info) if info.isreg() else None
            if content is None or self.manifest is not None:
                raise DamagedBackupError("it holds what no backup does")
            source = _Hashing(cast("BinaryIO", content))
            if info.name == MANIFEST:
                self.manifest = read_manifest(source.read())
            else:
                yield info.name, source
                while source.read(PIECE):
                    continue
                found.append(Member(info.name, source.size, source.digest.hexdigest()))
        self._compare(found)

    def _compare(self, found: list[Member]) -> None:
        if self.manifest is None:
            raise DamagedBackupError("it was altered or cut short: its manifest is missing")
        if tuple(found) != self.manifest.members:
            differing = set(found).symmetric_difference(self.manifest.members)
            names = ", ".join(sorted({member.name for member in differing})[:3])
            raise DamagedBackupError(f"it was altered: {names or 'the order of its members'}")
