"""A backup that was cut, changed or put together anew is refused, whatever was done to it."""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as proofs
from hypothesis import strategies as st

from hub.db.backup import sealed
from hub.db.backup.sealed import Damaged, Sealer, Unsealer, WrongPassphrase

PHRASES = st.sampled_from(["", "correct horse"])
ONCE = proofs(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture(autouse=True, scope="module")
def small() -> Iterator[None]:
    """Small pieces, so that a short text has many; and a key that is made quickly."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sealed, "PIECE", 64)
        patch.setattr(sealed, "SCRYPT", {"n": 2, "r": 8, "p": 1})
        yield


def written(data: bytes, phrase: str) -> bytes:
    out = io.BytesIO()
    sealer = Sealer(out, phrase)
    for at in range(0, len(data), 50):
        sealer.write(data[at : at + 50])
    sealer.close()
    return out.getvalue()


def read(file: bytes, size: int, phrase: str) -> bytes:
    unsealer = Unsealer(io.BytesIO(file), phrase)
    found = unsealer.read(size)
    assert unsealer.ended()
    return found


@ONCE
@given(st.binary(max_size=400), PHRASES)
def test_what_is_written_is_read(data: bytes, phrase: str) -> None:
    assert read(written(data, phrase), len(data), phrase) == data


@ONCE
@given(st.binary(max_size=300), PHRASES, st.data())
def test_any_changed_byte_is_refused(data: bytes, phrase: str, draw: st.DataObject) -> None:
    file = bytearray(written(data, phrase))
    file[draw.draw(st.integers(0, len(file) - 1))] ^= draw.draw(st.integers(1, 255))
    with pytest.raises((Damaged, WrongPassphrase)):
        read(bytes(file), len(data), phrase)


@pytest.mark.parametrize("phrase", ["", "correct horse"])
def test_every_single_byte_counts_and_so_does_every_length(phrase: str) -> None:
    data = bytes(range(200))
    file = written(data, phrase)
    for at in range(len(file)):
        changed = bytearray(file)
        changed[at] ^= 1
        with pytest.raises((Damaged, WrongPassphrase)):
            read(bytes(changed), len(data), phrase)
        with pytest.raises(Damaged):
            read(file[:at], len(data), phrase)
    with pytest.raises(Damaged, match="followed by"):
        read(file + b"\x00", len(data), phrase)


@ONCE
@given(PHRASES, st.integers(0, 4), st.integers(0, 4))
def test_pieces_in_another_order_twice_or_left_out_are_refused(phrase: str, one: int, other: int) -> None:
    data = bytes(range(250)) + b"end"
    head, pieces = pieces_of(written(data, phrase))
    swapped = list(pieces)
    swapped[one % len(pieces)], swapped[other % len(pieces)] = pieces[other % len(pieces)], pieces[one % len(pieces)]
    if swapped != pieces:
        with pytest.raises(Damaged):
            read(head + b"".join(swapped), len(data), phrase)
    for wrong in (pieces[:one] + pieces[one + 1 :], pieces[:one] + pieces[one - 1 :]):
        if wrong != pieces:
            with pytest.raises(Damaged):
                read(head + b"".join(wrong), len(data), phrase)


@pytest.mark.parametrize("phrase", ["", "correct horse"])
def test_a_piece_cannot_be_made_the_last_one(phrase: str) -> None:
    head, pieces = pieces_of(written(bytes(200), phrase))
    with pytest.raises(Damaged):
        read(head + pieces[0] + b"\x01" + pieces[1][1:], 128, phrase)


def test_pieces_of_another_file_are_refused() -> None:
    head, _ = pieces_of(written(bytes(200), "correct horse"))
    _, others = pieces_of(written(bytes(200), "correct horse"))
    with pytest.raises(Damaged):
        read(head + b"".join(others), 200, "correct horse")


def test_a_wrong_passphrase_is_told_from_damage() -> None:
    file = written(b"secret", "correct horse")
    with pytest.raises(WrongPassphrase, match="wrong"):
        Unsealer(io.BytesIO(file), "battery staple")
    with pytest.raises(WrongPassphrase, match="encrypted"):
        Unsealer(io.BytesIO(file), "")


def test_nothing_of_what_is_encrypted_can_be_read_from_the_file() -> None:
    text = b"what nobody should read, " * 8
    assert text[:12] not in written(text, "correct horse")


def test_another_file_is_no_backup() -> None:
    for other in (b"", b"PK\x03\x04 something else entirely", sealed.MAGIC):
        with pytest.raises(Damaged, match="no backup"):
            Unsealer(io.BytesIO(other))


def test_a_piece_that_unpacks_to_more_than_a_piece_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(sealed, "PIECE", 1 << 16)
        bomb = written(bytes(60_000), "")
    with pytest.raises(Damaged):
        read(bomb, 60_000, "")


def pieces_of(file: bytes) -> tuple[bytes, list[bytes]]:
    """The header of a file, and its pieces."""
    start = len(sealed.MAGIC) + 4
    at = start + struct.unpack(">I", file[start - 4 : start])[0] + 32
    head, pieces = file[:at], list[bytes]()
    while at < len(file):
        end = at + 5 + struct.unpack(">I", file[at + 1 : at + 5])[0]
        pieces.append(file[at:end])
        at = end
    return head, pieces
