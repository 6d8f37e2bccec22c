"""Server-sent events: whatever way the bytes are split, the same events come out."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from hub.models.sse import SSEParser

_DATA = st.text(st.characters(exclude_characters="\r\n\0", exclude_categories=["Cs"]), min_size=1, max_size=30)
_NOISE = st.sampled_from([": keep-alive", "event: ping", "id: 7", "retry: 10", ":"])


def parse(chunks: list[bytes]) -> list[bytes]:
    parser = SSEParser()
    events = [event for chunk in chunks for event in parser.feed(chunk)]
    return events + parser.end()


def split(data: bytes, at: list[int]) -> list[bytes]:
    places = sorted({0, len(data), *(place % (len(data) + 1) for place in at)})
    return [data[start:end] for start, end in pairwise(places)]


@given(
    st.lists(st.tuples(st.lists(_NOISE, max_size=2), _DATA), max_size=8),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.lists(st.integers(0, 10_000), max_size=40),
    st.booleans(),
)
def test_any_split_gives_the_same_events(
    events: list[tuple[list[str], str]], line_end: str, at: list[int], unfinished: bool
) -> None:
    text = "".join(
        "".join(noise + line_end for noise in before) + f"data: {data}{line_end}{line_end}" for before, data in events
    )
    raw = text.encode()
    if unfinished and events:
        raw = raw[: -2 * len(line_end)]
    assert parse(split(raw, at)) == [data.encode() for _, data in events]
    assert parse([raw[place : place + 1] for place in range(len(raw))]) == parse([raw])


def test_lines_of_one_event_are_joined() -> None:
    assert parse([b"data: a\ndata: b\n\n"]) == [b"a\nb"]


def test_space_after_the_colon_is_optional_and_only_one_is_cut() -> None:
    assert parse([b"data:a\n\ndata:  b\n\n"]) == [b"a", b" b"]


def test_events_without_data_are_none() -> None:
    assert parse([b"event: ping\n\ndata:\n\n: comment\n\ndata: x\n\n"]) == [b"x"]


def test_error_field_of_older_llama_cpp() -> None:
    assert parse([b'error: {"code":500,"message":"no"}\n\n']) == [b'{"error":{"code":500,"message":"no"}}']


def test_a_large_event_in_small_pieces() -> None:
    data = b"x" * 500_000
    raw = b"data: " + data + b"\n\n"
    assert parse([raw[at : at + 1000] for at in range(0, len(raw), 1000)]) == [data]
