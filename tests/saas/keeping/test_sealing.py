"""Backups sealed in the format of age: what one key seals, only the other opens, and only unaltered."""

import errno
import io
import random
import threading
from contextlib import closing
from typing import Any

import pytest

from saas.keeping.errors import DamagedBackupError, KeepingError
from saas.keeping.sealing import Opener, Sealer, make_identity, read_identity, read_recipient

CHUNK = 64 * 1024  # of the format
# Made by age-keygen's own rules (pyrage), with a text sealed to it.
SECRET = "AGE-SECRET-KEY-1AK0YFMDMNDEXTGV62D75QCJAVASA2ZAXCNPQ7X3P6KPPF73WQ05QP8JCY7"
PUBLIC = "age1p73v27va632yu8hw7yq5whafykrxm3dqtv7k8dlf9xqum82kcscskwf8m6"
SEALED = bytes.fromhex(
    "6167652d656e6372797074696f6e2e6f72672f76310a2d3e205832353531392059615a787a49656a747968326c6b4531"
    "6473503045614a6c68453653365754564937467952336b39536d380a6a5176654877744e7a56487564384c6a694d7372"
    "3732362b374141596d5265386c785256644b64614334490a2d3e20722d677265617365202c54203d68602025304b726d"
    "502620784756310a534842707232436d4d496749392f545668624d45512b5a6c51393452474b484b48354d7774664e6c"
    "2b61676f7248322f796e6845637067763367516a49537a6a0a5547656255667a2f4b6f63786c78656970770a2d2d2d20"
    "794e4a67776469424b644745784566632f4565656c774751324c764f786f437a7679346f79496b505836510a3b05d5fb"
    "0e4402a6d64e0dde172db9f3e14b49e7ee0bdc0c5b3415e08d85e7529716d86d6c38f7a72d18032e769b7d42bc255708"
)


def seal(data: bytes, *publics: str) -> bytes:
    sink = io.BytesIO()
    sealer = Sealer(sink, [read_recipient(word) for word in publics])
    for start in range(0, len(data), 1000):
        sealer.write(data[start : start + 1000])
    sealer.close()
    return sink.getvalue()


def open_sealed(sealed: bytes, secret: str) -> bytes:
    with closing(Opener(io.BytesIO(sealed), read_identity(secret))) as opener:
        return opener.read()


@pytest.mark.parametrize("length", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 200_000])
def test_what_was_sealed_is_opened_by_each_key_it_was_sealed_to(length: int) -> None:
    data = random.Random(length).randbytes(length)  # noqa: S311 - bytes to compare
    (first, to_first), (second, to_second), (stranger, _) = make_identity(), make_identity(), make_identity()

    sealed = seal(data, to_first, to_second)

    assert open_sealed(sealed, first) == open_sealed(sealed, second) == data
    with pytest.raises(KeepingError, match="another key"):
        open_sealed(sealed, stranger)


def test_a_text_sealed_by_another_implementation_of_age_is_opened() -> None:
    assert open_sealed(SEALED, f"# public key: {PUBLIC}\n{SECRET}\n") == b"Zaufanie i kontrola\n"


@pytest.mark.parametrize("place", range(0, 330, 3))
def test_each_altered_byte_of_a_sealed_text_is_noticed(place: int) -> None:
    secret, public = make_identity()
    sealed = bytearray(seal(b"x" * 150, public))
    assert open_sealed(bytes(sealed), secret) == b"x" * 150
    sealed[place % len(sealed)] ^= 1

    with pytest.raises(KeepingError):
        open_sealed(bytes(sealed), secret)


@pytest.mark.parametrize("cut", [1, 17, 40, 200])
def test_a_sealed_text_cut_short_is_noticed(cut: int) -> None:
    secret, public = make_identity()

    with pytest.raises(DamagedBackupError):
        open_sealed(seal(b"x" * CHUNK * 2, public)[:-cut], secret)


def test_whole_chunks_cut_off_the_end_are_noticed() -> None:
    secret, public = make_identity()
    sealed = seal(b"x" * CHUNK * 3, public)

    with pytest.raises(DamagedBackupError):
        open_sealed(sealed[: -(CHUNK + 16)], secret)


@pytest.mark.parametrize("word", ["", "age1", "age1qqqq", PUBLIC[:-1] + "q", PUBLIC.replace("age1", "aga1")])
def test_a_word_that_is_no_key_is_refused(word: str) -> None:
    with pytest.raises(KeepingError, match="no key"):
        read_recipient(word)


@pytest.mark.parametrize(
    "text", ["", "# only a remark\n", f"{SECRET}\n{SECRET}\n", PUBLIC, SECRET.lower().title()]
)
def test_a_file_that_holds_no_secret_key_is_refused(text: str) -> None:
    with pytest.raises(KeepingError):
        read_identity(text)


class FullDisk(io.BytesIO):
    """Takes so many bytes and no more."""

    room = 0

    def write(self, data: Any, /) -> int:
        if self.tell() + len(data) > self.room:
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().write(data)


@pytest.mark.parametrize("room", [0, 150, 5_000, 100_000])
def test_a_disk_that_is_full_is_told_and_no_thread_is_left(room: int) -> None:
    """Full while the header, a piece or the very end is written: pyrage by itself says nothing of the last."""
    sink = FullDisk()
    sink.room = room
    before = threading.active_count()
    sealer = Sealer(sink, [read_recipient(PUBLIC)])

    with pytest.raises(OSError, match="No space left"):
        for _ in range(room // 1000 + 1):
            sealer.write(b"x" * 1000)
        sealer.close()
    sealer.abandon()

    assert threading.active_count() == before
    assert sealer.write(b"more") == len(b"more")


def test_reading_may_stop_anywhere() -> None:
    secret, public = make_identity()
    before = threading.active_count()
    opener = Opener(io.BytesIO(seal(b"x" * 5 * CHUNK, public)), read_identity(secret))

    assert opener.read(10) == b"x" * 10
    opener.close()

    assert threading.active_count() == before
