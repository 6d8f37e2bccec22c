"""Signatures of deliveries: the examples that others publish, and what holds for all of them."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from hub.schedules import signature
from hub.schedules.signature import DELIVERY, GITHUB, ID, SIGNATURE, TIMESTAMP, checked, sign, sign_body

NAMES = st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="."), min_size=1, max_size=200)
TIMES = st.integers(0, 99_999_999_999).map(str)
BODIES = st.binary(max_size=200)
KEY = signature.new_key()


def standard(name: str, timestamp: str, body: bytes, key: str = KEY) -> dict[str, str]:
    return {ID: name, TIMESTAMP: timestamp, SIGNATURE: sign(key, name, timestamp, body)}


def test_the_published_examples() -> None:
    """From the specification of Standard Webhooks, and from GitHub's documentation."""
    key, name, timestamp = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330"
    body = b'{"test": 2432232314}'
    assert sign(key, name, timestamp, body) == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    hexed = "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    assert sign_body("It's a Secret to Everybody", b"Hello, World!") == f"sha256={hexed}"


@given(NAMES, TIMES, BODIES)
def test_what_is_signed_is_taken(name: str, timestamp: str, body: bytes) -> None:
    found = checked(KEY, standard(name, timestamp, body), body)
    assert found and found.name == name and found.at == datetime.fromtimestamp(int(timestamp), UTC)
    several = standard(name, timestamp, body) | {SIGNATURE: f"v1a,x v1,AAAA {sign(KEY, name, timestamp, body)}"}
    assert checked(KEY, several, body) == found


@given(NAMES, TIMES, BODIES, NAMES, TIMES, BODIES)
def test_a_signature_is_good_for_nothing_else(
    name: str, timestamp: str, body: bytes, name2: str, timestamp2: str, body2: bytes
) -> None:
    signed = standard(name, timestamp, body)
    other = signed | {ID: name2, TIMESTAMP: timestamp2}
    assert (checked(KEY, other, body2) is not None) == ((name, timestamp, body) == (name2, timestamp2, body2))
    assert checked(signature.new_key(), signed, body) is None


@given(NAMES, TIMES, BODIES, st.data())
def test_one_signed_text_is_read_in_one_way(name: str, timestamp: str, body: bytes, data: st.DataObject) -> None:
    """However the signed bytes are cut anew into id, time and body, only the cut that was meant is taken."""
    signed = f"{name}.{timestamp}.".encode() + body
    first = data.draw(st.integers(0, len(signed)))
    second = data.draw(st.integers(first, len(signed)))
    cut = signed[:first].decode("latin-1"), signed[first:second].strip(b".").decode("latin-1"), signed[second:]
    again = {ID: cut[0], TIMESTAMP: cut[1], SIGNATURE: sign(KEY, name, timestamp, body)}
    found = checked(KEY, again, cut[2])
    assert found is None or (cut[0], cut[1], cut[2]) == (name, timestamp, body)


@given(BODIES, BODIES, st.text(min_size=1, max_size=30))
def test_github_is_told_apart_by_the_body(body: bytes, other: bytes, delivery: str) -> None:
    signed = {GITHUB: sign_body(KEY, body), DELIVERY: delivery}
    found = checked(KEY, signed, body)
    assert found and found.at is None and checked(KEY, signed | {DELIVERY: "another"}, body) == found
    assert (checked(KEY, signed, other) is not None) == (body == other)
    assert checked(KEY, {GITHUB: signed[GITHUB]}, body) is None


@given(st.dictionaries(st.sampled_from([ID, TIMESTAMP, SIGNATURE, GITHUB, DELIVERY]), st.text(max_size=80)), BODIES)
def test_nonsense_is_refused(headers: dict[str, str], body: bytes) -> None:
    assert checked(KEY, headers, body) is None
