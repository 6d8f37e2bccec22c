"""A stream of bytes in a file that is compressed, checked piece by piece and, with a passphrase, encrypted.

    magic | length of header (4) | header (JSON) | SHA-256 of all that | piece | piece | ... | last piece
    piece = 1 when it is the last, else 0 (1) | length (4) | body | check

A body is up to 1 MiB of the stream, compressed with zlib. Its check covers the header, the number of the piece, whether
it is the last one, and the body: a file that was cut, or whose pieces were changed, moved or left out, is refused at
that piece. Without a passphrase the check is a SHA-256, against damage. With one it is the tag of ChaCha20-Poly1305
under a key made by scrypt, and the number of the piece is the nonce (the STREAM construction of Hoang, Reyhanitabar,
Rogaway and Vizár, 2015).
"""

from __future__ import annotations

import hashlib
import hmac
import os
import struct
import zlib
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

import orjson
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from hub.errors import HubError

MAGIC = b"LLM Hub backup\n\x00"
FORMAT = 1
PIECE = 1 << 20
"""Bytes of the stream in one piece."""
SCRYPT = {"n": 1 << 17, "r": 8, "p": 1}
"""What OWASP asks of a passphrase: 128 MB and about half a second for each guess."""
_LONGEST_HEADER = 4096
_TAG, _SUM = 16, 32
_FRAME = struct.Struct(">BI")


class Damaged(HubError):
    """A file is no backup, or not all of one, or not as it was written."""

    kind = "backup_damaged"


class WrongPassphrase(HubError):
    """A backup is encrypted, and not with this passphrase."""

    kind = "wrong_passphrase"


def damaged(how: str) -> Damaged:
    """The error for a file that is `how`: "cut short after 3 MB"."""
    return Damaged(f"The backup is {how}. Nothing was changed.", hint="Take another copy of it, or an older backup.")


class Sealer:
    """Writes a sealed stream to `out`. Nothing is whole before `close`."""

    def __init__(self, out: BinaryIO, passphrase: str = "") -> None:
        header: dict[str, Any] = {"format": FORMAT, "encrypted": bool(passphrase)}
        key = b""
        if passphrase:
            header |= {"salt": os.urandom(16).hex(), **SCRYPT}
            key, header["check"] = _key(passphrase, header)
        packed = orjson.dumps(header)
        head = MAGIC + struct.pack(">I", len(packed)) + packed
        digest = hashlib.sha256(head).digest()
        self._out, self._lock = out, _lock(digest, key)
        self._number = 0
        self._waiting = bytearray()
        out.write(head + digest)

    def write(self, data: bytes | memoryview) -> None:
        """Appends `data` to the stream."""
        self._waiting += data
        while len(self._waiting) > PIECE:
            self._put(bytes(self._waiting[:PIECE]), last=False)
            del self._waiting[:PIECE]

    def close(self) -> None:
        """Writes the last piece; `out` stays open."""
        self._put(bytes(self._waiting), last=True)
        self._waiting.clear()

    def _put(self, data: bytes, *, last: bool) -> None:
        body = self._lock(self._number, last, zlib.compress(data, 1))
        self._out.write(_FRAME.pack(last, len(body)) + body)
        self._number += 1


class Unsealer:
    """Reads what a Sealer wrote. Raises Damaged, and WrongPassphrase where the file is encrypted otherwise."""

    def __init__(self, file: BinaryIO, passphrase: str = "") -> None:
        start = file.read(len(MAGIC) + 4)
        if not start.startswith(MAGIC) or len(start) < len(MAGIC) + 4:
            raise Damaged("This is no backup of a hub.", hint="`hub backup FILE` makes one.")
        length = struct.unpack(">I", start[len(MAGIC) :])[0]
        packed = file.read(min(length, _LONGEST_HEADER))
        digest = file.read(_SUM)
        if len(packed) != length or not hmac.compare_digest(hashlib.sha256(start + packed).digest(), digest):
            raise damaged("damaged at its beginning")
        header = orjson.loads(packed)
        if header["format"] > FORMAT:
            raise HubError(
                "The backup was made by a newer version of the hub.", hint="Use that version.", kind="newer_backup"
            )
        self.encrypted = bool(header["encrypted"])
        key = _opened(passphrase, header) if self.encrypted else b""
        self._file, self._unlock = file, _unlock(digest, key)
        self._pieces = self._read()
        self._buffer = bytearray()
        self._at = 0

    def read(self, size: int) -> bytes:
        """Exactly `size` bytes of the stream."""
        while len(self._buffer) - self._at < size:
            del self._buffer[: self._at]
            self._at = 0
            piece = next(self._pieces, None)
            if piece is None:
                raise damaged("incomplete")
            self._buffer += piece
        found = bytes(self._buffer[self._at : self._at + size])
        self._at += size
        return found

    def ended(self) -> bool:
        """Whether the stream is over, and the file with it."""
        return self._at == len(self._buffer) and not any(self._pieces)

    def _read(self) -> Iterator[bytes]:
        number, last = 0, False
        while not last:
            frame = self._file.read(_FRAME.size)
            if len(frame) < _FRAME.size:
                raise damaged(f"cut short, after {number * PIECE / 1e6:,.0f} MB of what was in it")
            last, length = bool(frame[0]), _FRAME.unpack(frame)[1]
            if frame[0] > 1 or length > 2 * PIECE:
                raise damaged(f"damaged at piece {number}")
            body = self._file.read(length)
            if len(body) < length:
                raise damaged(f"cut short, after {number * PIECE / 1e6:,.0f} MB of what was in it")
            yield self._open(number, last, body)
            number += 1
        if self._file.read(1):
            raise damaged("followed by something that does not belong to it")

    def _open(self, number: int, last: bool, body: bytes) -> bytes:
        packed = self._unlock(number, last, body)
        if packed is None:
            raise damaged(f"damaged at piece {number}")
        inflating = zlib.decompressobj()
        data = inflating.decompress(packed, PIECE)
        if inflating.unconsumed_tail or not inflating.eof:
            raise damaged(f"damaged at piece {number}")
        return data


def _key(passphrase: str, header: dict[str, Any]) -> tuple[bytes, str]:
    """The key for the pieces, and what tells a wrong passphrase from a damaged file."""
    if header["n"] > 1 << 20 or header["r"] > 16 or header["p"] > 16:
        raise damaged("damaged at its beginning")
    salt = bytes.fromhex(header["salt"])
    made = Scrypt(salt=salt, length=64, n=header["n"], r=header["r"], p=header["p"]).derive(passphrase.encode())
    return made[:32], made[32:].hex()


def _opened(passphrase: str, header: dict[str, Any]) -> bytes:
    if not passphrase:
        raise WrongPassphrase(
            "The backup is encrypted.", hint="Give its passphrase with --passphrase-file or HUB_BACKUP_PASSPHRASE."
        )
    key, check = _key(passphrase, header)
    if not hmac.compare_digest(check, header["check"]):
        raise WrongPassphrase("The passphrase is wrong. Nothing was changed.", hint="Try the one it was made with.")
    return key


def _lock(digest: bytes, key: bytes) -> Callable[[int, bool, bytes], bytes]:
    if not key:
        return lambda number, last, body: body + _sum(digest, number, last, body)
    cipher = ChaCha20Poly1305(key)
    return lambda number, last, body: cipher.encrypt(_nonce(number, last), body, digest)


def _unlock(digest: bytes, key: bytes) -> Callable[[int, bool, bytes], bytes | None]:
    cipher = ChaCha20Poly1305(key) if key else None

    def unlock(number: int, last: bool, body: bytes) -> bytes | None:
        if cipher is None:
            found = body[:-_SUM]
            return found if hmac.compare_digest(_sum(digest, number, last, found), body[-_SUM:]) else None
        try:
            return cipher.decrypt(_nonce(number, last), body, digest)
        except (InvalidTag, ValueError):
            return None

    return unlock


def _sum(digest: bytes, number: int, last: bool, body: bytes) -> bytes:
    return hashlib.sha256(digest + _nonce(number, last) + body).digest()


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])
