"""Encryption to public keys in the format of age (age-encryption.org/v1, X25519), as a stream, by `pyrage`.

A sealed backup can be opened by `age -d` as well, and keys of `age-keygen` serve here: nobody depends on this program
to read an old backup. pyrage takes its bytes from one file and gives them to another; a thread and a pipe stand
between it and the archive, which is written and read piece by piece.
"""

import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from threading import Thread
from typing import Any, BinaryIO, Protocol

import pyrage
from pyrage.x25519 import Identity, Recipient

from saas.keeping.errors import DamagedBackupError, KeepingError

INTRO = b"age-encryption.org/v1\n"
PIECE = 64 * 1024


class Sink(Protocol):
    """Where bytes go."""

    def write(self, data: bytes, /) -> int:
        """Take all of them."""


def make_identity() -> tuple[str, str]:
    """A new pair: the secret key (`AGE-SECRET-KEY-1…`) and the public one (`age1…`)."""
    key = Identity.generate()
    return str(key), str(key.to_public())


def read_recipient(word: str) -> Recipient:
    """The public key that the word names; raises KeepingError."""
    try:
        return Recipient.from_str(word.strip())
    except pyrage.RecipientError:
        raise KeepingError("bad_key", "This is no key of the form age1…") from None


def read_identity(text: str) -> Identity:
    """The secret key in a file as age-keygen writes it (lines of # are remarks); raises KeepingError."""
    lines = [line.strip() for line in text.splitlines()]
    words = [line for line in lines if line and not line.startswith("#")]
    if len(words) != 1:
        raise KeepingError("bad_key", "The key file must hold one line AGE-SECRET-KEY-1…")
    try:
        return Identity.from_str(words[0])
    except pyrage.IdentityError:
        raise KeepingError("bad_key", "This is no key of the form AGE-SECRET-KEY-1…") from None


class _Watched:
    """A file as pyrage wants it; the error that it meets is kept, because pyrage tells its text at most."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self.error: Exception | None = None

    def read(self, size: int = -1, /) -> bytes:
        return self._keeping_errors(self._file.read, size)  # type: ignore[no-any-return]

    def write(self, data: bytes, /) -> int:
        self._keeping_errors(self._file.write, data)
        return len(data)

    def flush(self) -> None:
        """Its owner closes it."""

    def _keeping_errors(self, do: Callable[..., Any], what: object) -> Any:
        if self.error is not None:
            raise self.error
        try:
            return do(what)
        except Exception as error:
            self.error = error
            raise


class _Worker(Thread):
    """Runs pyrage over a file and an end of the pipe, which it closes; `error` is what stopped it."""

    def __init__(self, run: Callable[[], None], pipe: BinaryIO, *watched: _Watched) -> None:
        super().__init__(daemon=True)
        self._run, self._pipe, self._watched = run, pipe, watched
        self.error: Exception | None = None
        self.start()

    def run(self) -> None:
        """Until the end of its file, or the first error."""
        try:
            self._run()
        except Exception as error:  # noqa: BLE001 - raised by whoever waits for the end of the pipe
            self.error = error
        finally:
            # The other end may be gone: what was to be said about that was said there.
            with suppress(OSError):
                self._pipe.close()
        # pyrage drops some errors of the last write.
        self.error = next((one.error for one in self._watched if one.error), self.error)


class Sealer:
    """Writes what it is given to `sink`, sealed; close() writes the last piece and leaves the sink open."""

    def __init__(self, sink: Sink, recipients: Sequence[Recipient]) -> None:
        reading, writing = os.pipe()
        source, self._pipe = os.fdopen(reading, "rb"), os.fdopen(writing, "wb")
        watched = _Watched(sink)
        self._worker = _Worker(lambda: pyrage.encrypt_io(source, watched, list(recipients)), source, watched)
        self._is_abandoned = False

    def write(self, data: bytes, /) -> int:
        """Seal and pass on; raises what the sink raised."""
        if self._is_abandoned:
            return len(data)
        try:
            return self._pipe.write(data)
        except BrokenPipeError:
            self._end()
            raise

    def close(self) -> None:
        """Pass on the last piece; raises what the sink raised."""
        with suppress(BrokenPipeError):
            self._pipe.close()
        self._end()

    def abandon(self) -> None:
        """Take whatever is still to come and drop it; nothing waits for the sink any more."""
        self._is_abandoned = True
        with suppress(OSError):
            self._pipe.close()
        self._worker.join()

    def _end(self) -> None:
        self._worker.join()
        if self._worker.error is not None:
            raise self._worker.error


class Opener:
    """Reads a sealed stream: read(size) as of a file. Raises KeepingError for a wrong key, damage as such.

    Whoever stops before its end closes it.
    """

    def __init__(self, source: BinaryIO, identity: Identity) -> None:
        reading, writing = os.pipe()
        self._pipe, sink = os.fdopen(reading, "rb"), os.fdopen(writing, "wb")
        self._source = _Watched(source)
        self._worker = _Worker(lambda: pyrage.decrypt_io(self._source, sink, [identity]), sink)

    def read(self, size: int = -1, /) -> bytes:
        """Up to `size` bytes, all of them for a negative one; empty at the end."""
        data = self._pipe.read(size)
        if len(data) < size or size < 0:
            self._worker.join()
            self._raise_error()
        return data

    def _raise_error(self) -> None:
        error = self._worker.error
        if self._source.error is not None:
            raise self._source.error
        if isinstance(error, pyrage.DecryptError) and "No matching keys" in str(error):
            raise KeepingError("wrong_key", "The backup is sealed to another key than the one given.")
        if error is not None:
            raise DamagedBackupError("it was altered or cut short")

    def close(self) -> None:
        """Let go of the source, wherever in it."""
        self._pipe.close()
        self._worker.join()
