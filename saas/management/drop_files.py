"""Files of a drop folder, touched through the folder's descriptor alone.

Whoever writes into the folder is not trusted: links are never followed, only plain files are read, and a folder that is
exchanged meanwhile leads nowhere else.
"""

import errno
import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

TAKEN = "przyjete"
REPORT_END = ".raport.txt"
UNFINISHED_ENDS = (".tmp", ".part", ".filepart", ".crdownload", ".swp", "~")
CHUNK = 1024 * 1024
LONGEST_NAME = 200
"""Bytes of a name that still leave room for a number and the report's ending."""
LONGEST_SPELLED = 150
PLAIN = os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class ChangedMeanwhileError(Exception):
    """A file is not what it was when it was looked at: nothing of this pass is kept."""


@dataclass(frozen=True, slots=True)
class Found:
    """A plain file in the folder, and what tells whether it is still the same.

    `changed_at` is the later of the times of its content and of its entry: the latter cannot be set from outside.
    """

    name: str
    size: int
    changed_at: float
    inode: int


@dataclass(slots=True)
class FoundFile:
    """A file of the folder in the form that create_batch takes."""

    name: str | None
    size: int | None
    folder: int

    def chunks(self) -> Iterator[bytes]:
        """The content, piece by piece; raises ChangedMeanwhileError where it is no plain file any more, or grows.

        A file that somebody goes on writing would otherwise be read for ever, and all folders wait.
        """
        try:
            descriptor = os.open(str(self.name), os.O_RDONLY | PLAIN, dir_fd=self.folder)
        except OSError as error:
            raise ChangedMeanwhileError from error
        with os.fdopen(descriptor, "rb") as source:
            status = os.fstat(descriptor)
            if not stat.S_ISREG(status.st_mode):
                raise ChangedMeanwhileError
            left = status.st_size
            while piece := source.read(CHUNK):
                left -= len(piece)
                if left < 0:
                    raise ChangedMeanwhileError
                yield piece


@contextmanager
def open_folder(name: str, parent: int | None = None) -> Iterator[int]:
    """A descriptor of the folder; inside `parent` a link is no folder (NotADirectoryError)."""
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC | (0 if parent is None else os.O_NOFOLLOW)
    try:
        descriptor = os.open(name, flags, dir_fd=parent)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise NotADirectoryError(name) from error
        raise
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def look_into(folder: int) -> list[Found]:
    """The plain files of the folder by name, unfinished ones and reports too."""
    with os.scandir(folder) as entries:
        names = sorted(entry.name for entry in entries)
    seen = []
    for name in names:
        with suppress(FileNotFoundError):
            status = os.stat(name, dir_fd=folder, follow_symlinks=False)
            if stat.S_ISREG(status.st_mode):
                changed_at = max(status.st_mtime, status.st_ctime)
                seen.append(Found(name, status.st_size, changed_at, status.st_ino))
    return seen


def is_meant(name: str) -> bool:
    """Whether a file of this name is meant to be taken: it is not hidden, unfinished or a report."""
    return not (name.startswith(".") or name.lower().endswith((REPORT_END, *UNFINISHED_ENDS)))


def is_data(name: str) -> bool:
    """Whether a file of this name is to be taken: it is meant to be, and the name is fit to be kept."""
    is_clean = name.isprintable() and "\\" not in name
    return is_meant(name) and is_clean and len(os.fsencode(name)) <= LONGEST_NAME


def spell_name(name: str) -> str:
    """A name that is not fit to be kept, as near as one can be read, for the report beside the file."""
    spelled = "".join(letter if letter.isprintable() and letter != "\\" else "_" for letter in name)
    return spelled.encode()[:LONGEST_SPELLED].decode(errors="ignore")


def digest_of(folder: int, name: str) -> str:
    """SHA-256 of the content."""
    digest = hashlib.sha256()
    for chunk in FoundFile(name, None, folder).chunks():
        digest.update(chunk)
    return digest.hexdigest()


def identity_of(folder: int, name: str) -> tuple[int, int, int]:
    """What tells whether a file is another one by now; stays when it is moved. ChangedMeanwhileError where it is gone."""
    try:
        status = os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError as error:
        raise ChangedMeanwhileError from error
    return status.st_ino, status.st_size, status.st_mtime_ns


def exists_in(folder: int, name: str) -> bool:
    """Whether there is anything of this name, a broken link too."""
    try:
        os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return True


@contextmanager
def taken_folder(folder: int, date: str) -> Iterator[int]:
    """`przyjete/<date>/` of the drop folder, made where it is missing."""
    with suppress(FileExistsError):
        os.mkdir(TAKEN, dir_fd=folder)
    with open_folder(TAKEN, folder) as taken:
        with suppress(FileExistsError):
            os.mkdir(date, dir_fd=taken)
        with open_folder(date, taken) as day:
            yield day


def number_name(name: str, number: int) -> str:
    """„salda.csv”, „salda (2).csv”, „salda (3).csv”."""
    stem, dot, end = name.rpartition(".")
    return name if number <= 1 else f"{stem} ({number}){dot}{end}" if stem else f"{end} ({number})"


def move_file(name: str, source: int, target_name: str, target: int) -> str:
    """Into another folder, beside whatever has the name there; the name that it got."""
    found, number = target_name, 1
    while exists_in(target, found):
        number += 1
        found = number_name(target_name, number)
    os.rename(name, found, src_dir_fd=source, dst_dir_fd=target)
    return found


def remove_content(folder: int, sha256: str) -> None:
    """Delete every file of the folder with this content, under whatever name."""
    for entry in look_into(folder):
        with suppress(ChangedMeanwhileError):
            if digest_of(folder, entry.name) == sha256:
                remove_file(folder, entry.name)


def remove_file(folder: int, name: str) -> None:
    """Delete a file of the folder, if it is still there."""
    with suppress(FileNotFoundError):
        os.unlink(name, dir_fd=folder)


def write_text(folder: int, name: str, text: str) -> None:
    """A whole file or none, in place of one of this name; UTF-8."""
    unfinished = f".{name}.tmp"
    with suppress(FileNotFoundError):
        os.unlink(unfinished, dir_fd=folder)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | PLAIN
    with os.fdopen(os.open(unfinished, flags, 0o644, dir_fd=folder), "w", encoding="utf-8") as target:
        target.write(text)
    os.replace(unfinished, name, src_dir_fd=folder, dst_dir_fd=folder)
