"""Files in and out over HTTP."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from PIL import Image

from tests.conftest import Configure
from tests.web.conftest import Hub

DATA = Path(__file__).parent.parent / "files" / "data"


def png() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "red").save(out, "PNG")
    return out.getvalue()


def test_several_files_are_taken_and_handed_out(client: httpx.Client) -> None:
    picture = png()
    taken = client.post(
        "/api/files",
        files=[("file", ("../../notes.txt", b"hello world", "text/plain")), ("file", ("räd.png", picture, "x/y"))],
    )
    assert taken.status_code == 201, taken.text
    notes, red = taken.json()
    assert (notes["name"], notes["size"], notes["kind"]) == ("notes.txt", 11, "text")
    assert red["kind"] == "image"
    out = client.get(f"/api/files/{red['id']}")
    assert out.content == picture and out.headers["content-type"] == "image/png"
    assert out.headers["content-disposition"] == "inline; filename*=UTF-8''r%C3%A4d.png"


def test_nothing_in_a_file_runs_in_our_name(client: httpx.Client) -> None:
    page = b"<!doctype html><p>words</p><script>alert(1)</script>"
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg"><text>words</text><script>alert(1)</script></svg>'
    for name, content in (("page.html", page), ("drawing.svg", drawing)):
        [file] = client.post("/api/files", files={"file": (name, content, "text/html")}).json()
        out = client.get(f"/api/files/{file['id']}")
        assert out.headers["content-type"] == "application/octet-stream"
        assert out.headers["content-disposition"].startswith("attachment")
        assert out.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in out.headers["content-security-policy"]


def test_a_file_over_the_limit_is_refused_while_it_comes(client: httpx.Client, configure: Configure, hub: Hub) -> None:
    configure(max_upload_mb=1)
    sent = 0

    def body() -> Iterator[bytes]:
        nonlocal sent
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="big.bin"\r\n\r\n'
        for _ in range(400):
            sent += 100_000
            yield b"0" * 100_000

    try:
        response = client.post(
            "/api/files", content=body(), headers={"content-type": "multipart/form-data; boundary=x"}
        )
    except httpx.WriteError:  # the server has answered and closed before everything was sent
        assert sent < 40_000_000
    else:
        assert response.status_code == 413
        assert response.json()["error"]["message"] == "big.bin is larger than 1 MB."
    exact = client.post("/api/files", files={"file": ("ok.txt", b"x" * 1_000_000)})
    assert exact.status_code == 201, exact.text
    assert list((Path(hub.data) / "uploads").iterdir()) == []


def test_uploads_that_are_none_are_refused_in_words(client: httpx.Client) -> None:
    other = b'--x\r\nContent-Disposition: form-data; name="other"\r\n\r\n1\r\n--x--\r\n'
    for content, kind in (
        (b"hello", "text/plain"),
        (b"--x\r\n\r\nbroken", "multipart/form-data; boundary=x"),
        (b"garbage", "multipart/form-data; boundary=x"),
        (other, "multipart/form-data; boundary=x"),
    ):
        response = client.post("/api/files", content=content, headers={"content-type": kind})
        assert response.status_code == 400, response.text
        assert response.json()["error"]["kind"] == "bad_input"


@pytest.mark.parametrize(
    ("name", "words"),
    [("encrypted.pdf", "password"), ("corrupt.pdf", "damaged"), ("empty.txt", "empty"), ("binary.txt", "binary.txt")],
)
def test_files_that_cannot_be_read_are_refused_with_their_reason(client: httpx.Client, name: str, words: str) -> None:
    data = bytes(range(256)) * 40 if name == "binary.txt" else (DATA / name).read_bytes()
    answer = client.post("/api/files", files=[("file", (name, data))])
    error = answer.json()["error"]
    assert answer.status_code == 400 and error["kind"] == "unreadable", answer.text
    assert words in error["message"] and error["hint"]


def test_a_file_of_just_the_limit_is_taken(client: httpx.Client) -> None:
    line = b"A line of ordinary text that fills the file up to its limit.\n"
    data = (line * (50_000_000 // len(line) + 1))[:50_000_000]
    answer = client.post("/api/files", files=[("file", ("whole.txt", data))])
    assert answer.status_code == 201, answer.text
    assert answer.json()[0]["size"] == 50_000_000
