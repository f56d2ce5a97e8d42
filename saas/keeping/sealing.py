"""Encryption to public keys in the format of age (age-encryption.org/v1, X25519), as a stream.

A sealed backup can be opened by `age -d` as well, and keys of `age-keygen` serve here: nobody depends on this program
to read an old backup. Ciphers are those of `cryptography`; this module only puts them in age's order.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from itertools import pairwise
from typing import BinaryIO, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from saas.keeping import bech32
from saas.keeping.errors import DamagedBackupError, KeepingError

INTRO = b"age-encryption.org/v1\n"
CHUNK = 64 * 1024
TAG = 16
KEY_BYTES = 32
PUBLIC_PREFIX = "age"
SECRET_PREFIX = "age-secret-key-"  # noqa: S105 - the format's word, no secret
LONGEST_HEADER = 64 * 1024


class Sink(Protocol):
    """Where bytes go."""

    def write(self, data: bytes, /) -> int:
        """Take all of them."""


def make_identity() -> tuple[str, str]:
    """A new pair: the secret key (`AGE-SECRET-KEY-1…`) and the public one (`age1…`)."""
    key = X25519PrivateKey.generate()
    secret = bech32.encode(SECRET_PREFIX, key.private_bytes_raw()).upper()
    return secret, bech32.encode(PUBLIC_PREFIX, key.public_key().public_bytes_raw())


def read_recipient(word: str) -> X25519PublicKey:
    """The public key that the word names; raises KeepingError."""
    return X25519PublicKey.from_public_bytes(_key_bytes(word, PUBLIC_PREFIX))


def read_identity(text: str) -> X25519PrivateKey:
    """The secret key in a file as age-keygen writes it (lines of # are remarks); raises KeepingError."""
    lines = [line.strip() for line in text.splitlines()]
    words = [line for line in lines if line and not line.startswith("#")]
    if len(words) != 1:
        raise KeepingError("bad_key", "The key file must hold one line AGE-SECRET-KEY-1…")
    return X25519PrivateKey.from_private_bytes(_key_bytes(words[0], SECRET_PREFIX))


def _key_bytes(word: str, expected: str) -> bytes:
    try:
        prefix, data = bech32.decode(word.strip())
    except ValueError:
        prefix, data = "", b""
    if prefix != expected or len(data) != KEY_BYTES:
        raise KeepingError("bad_key", f"This is no key of the form {expected}1…")
    return data


def _derive(secret: bytes, *, salt: bytes, info: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=salt, info=info).derive(secret)


def _encode(data: bytes) -> bytes:
    return base64.b64encode(data).rstrip(b"=")


def _decode(text: bytes) -> bytes:
    data = base64.b64decode(text + b"=" * (-len(text) % 4), validate=True)
    if _encode(data) != text:
        raise binascii.Error("not the shortest form")
    return data


def _mac(file_key: bytes, header: bytes) -> bytes:
    return hmac.new(_derive(file_key, salt=b"", info=b"header"), header, hashlib.sha256).digest()


def _wrap_key(shared: bytes, ephemeral: bytes, recipient: bytes) -> ChaCha20Poly1305:
    info = b"age-encryption.org/v1/X25519"
    return ChaCha20Poly1305(_derive(shared, salt=ephemeral + recipient, info=info))


def _nonce(counter: int, *, is_last: bool) -> bytes:
    return counter.to_bytes(11, "big") + bytes([is_last])


class Sealer:
    """Writes what it is given to `sink`, sealed; close() writes the last chunk and leaves the sink open."""

    def __init__(self, sink: Sink, recipients: Sequence[X25519PublicKey]) -> None:
        file_key, salt = secrets.token_bytes(16), secrets.token_bytes(16)
        header = INTRO + b"".join(self._stanza(key, file_key) for key in recipients) + b"---"
        sink.write(header + b" " + _encode(_mac(file_key, header)) + b"\n" + salt)
        self._cipher = ChaCha20Poly1305(_derive(file_key, salt=salt, info=b"payload"))
        self._sink = sink
        self._held = bytearray()
        self._counter = 0

    @staticmethod
    def _stanza(recipient: X25519PublicKey, file_key: bytes) -> bytes:
        ephemeral = X25519PrivateKey.generate()
        public = ephemeral.public_key().public_bytes_raw()
        wrap = _wrap_key(ephemeral.exchange(recipient), public, recipient.public_bytes_raw())
        sealed = wrap.encrypt(bytes(12), file_key, None)
        return b"-> X25519 " + _encode(public) + b"\n" + _encode(sealed) + b"\n"

    def write(self, data: bytes, /) -> int:
        """Seal and pass on whole chunks; the last one is held back, because it is marked as the last."""
        self._held += data
        while len(self._held) > CHUNK:
            self._put(bytes(self._held[:CHUNK]), is_last=False)
            del self._held[:CHUNK]
        return len(data)

    def _put(self, chunk: bytes, *, is_last: bool) -> None:
        self._sink.write(self._cipher.encrypt(_nonce(self._counter, is_last=is_last), chunk, None))
        self._counter += 1

    def close(self) -> None:
        """Write what is held back as the last chunk."""
        self._put(bytes(self._held), is_last=True)


class Opener:
    """Reads a sealed stream: read(size) as of a file. Raises KeepingError for a wrong key, damage as such."""

    def __init__(self, source: BinaryIO, identity: X25519PrivateKey) -> None:
        file_key = self._open_header(source, identity)
        salt = source.read(16)
        self._cipher = ChaCha20Poly1305(_derive(file_key, salt=salt, info=b"payload"))
        self._source = source
        self._counter = 0
        self._ahead = source.read(CHUNK + TAG)
        self._held = b""
        self._is_over = False

    @staticmethod
    def _open_header(source: BinaryIO, identity: X25519PrivateKey) -> bytes:
        lines = [source.readline(LONGEST_HEADER)]
        while lines[-1].endswith(b"\n") and not lines[-1].startswith(b"---"):
            lines.append(source.readline(LONGEST_HEADER))
            if sum(map(len, lines)) > LONGEST_HEADER:
                break
        header, _, mac = b"".join(lines).rpartition(b" ")
        try:
            if lines[0] != INTRO or not header.endswith(b"---") or not mac.endswith(b"\n"):
                raise DamagedBackupError("its header is not age's")
            file_key = _find_key(lines, identity)
            if not hmac.compare_digest(_mac(file_key, header), _decode(mac[:-1])):
                raise DamagedBackupError("its header was altered")
        except (binascii.Error, ValueError):
            raise DamagedBackupError("its header was altered") from None
        return file_key

    def read(self, size: int = -1, /) -> bytes:
        """Up to `size` bytes, all of them for a negative one; empty at the end."""
        if size < 0:
            parts = []
            while part := self.read(CHUNK):
                parts.append(part)
            return b"".join(parts)
        if not self._held and not self._is_over:
            self._next()
        given, self._held = self._held[:size], self._held[size:]
        return given

    def _next(self) -> None:
        chunk, self._ahead = self._ahead, self._source.read(CHUNK + TAG)
        self._is_over = not self._ahead
        try:
            self._held = self._cipher.decrypt(_nonce(self._counter, is_last=self._is_over), chunk, None)
        except (InvalidTag, ValueError):
            raise DamagedBackupError("it was altered or cut short") from None
        self._counter += 1


def _find_key(lines: Sequence[bytes], identity: X25519PrivateKey) -> bytes:
    """The file's key, from the first stanza that the identity opens."""
    own = identity.public_key().public_bytes_raw()
    for head, body in pairwise(lines):
        words = head.split()
        if words[:2] != [b"->", b"X25519"] or len(words) != 3:  # noqa: PLR2004 - arrow, kind, key
            continue
        ephemeral = _decode(words[2])
        shared = identity.exchange(X25519PublicKey.from_public_bytes(ephemeral))
        try:
            return _wrap_key(shared, ephemeral, own).decrypt(bytes(12), _decode(body.strip()), None)
        except InvalidTag:
            continue
    raise KeepingError("wrong_key", "The backup is sealed to another key than the one given.")
