"""Reading real files: what comes out, what is said about them, and how the bad ones are refused."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from hub import files
from hub.errors import BadInput
from hub.files.read import read
from hub.files.records import Reading

DATA = Path(__file__).parent / "data"


@pytest.fixture(scope="module", autouse=True)
def _no_reader_left() -> Iterator[None]:
    yield
    files.close()


def _read(name: str) -> Reading:
    return read(name, (DATA / name).read_bytes())


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("boat_course.docx", "Little Auk"),
        ("induction.pptx", "Questions about ghosts"),
        ("stores.xlsx", "Rice"),
        ("visitor_page.html", "Visit Skarholm for a day"),
        ("warden_letters.epub", "Arrival"),
        ("ringing_2025.csv", "turnstone"),
        ("handbook.pdf", "[page 24]"),
        ("refuge_fr.md", "é"),
        ("questions.jsonl", '"question"'),
    ],
)
def test_each_kind_of_document_gives_its_text(name: str, words: str) -> None:
    found = _read(name)
    assert found.kind == "text"
    assert words in found.text


def test_a_word_file_that_is_named_pdf_is_read_and_that_is_said() -> None:
    found = _read("minutes_really_docx.pdf")
    assert "bread knife" in found.text
    assert "it is a Word document" in found.warnings[0]


def test_a_scan_gives_pictures_of_its_pages_and_says_that_it_has_no_text() -> None:
    found = _read("scanned_notice.pdf")
    assert found.kind == "pages"
    assert found.pages == 2
    assert [one.mime for one in found.pictures] == ["image/jpeg"] * 2
    assert "only pictures" in found.warnings[0]


def test_formulas_without_results_are_said() -> None:
    assert "formulas without a stored result" in _read("stores.xlsx").warnings[0]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("corrupt.pdf", "damaged"),
        ("encrypted.pdf", "locked with a password"),
        ("empty.txt", "is empty"),
        ("ratio_bomb.zip", "decompression bomb"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_reason_and_a_next_step(name: str, words: str) -> None:
    with pytest.raises(BadInput, match=words) as caught:
        _read(name)
    assert caught.value.kind == "unreadable"
    assert caught.value.hint


def test_a_password_protected_office_file_is_refused() -> None:
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512) + "EncryptedPackage".encode("utf-16-le")
    with pytest.raises(BadInput, match="password"):
        read("plan.docx", data)


@pytest.mark.parametrize("data", [bytes(range(256)) * 40, b"\x7fELF" + bytes(4000), zlib.compress(b"words " * 9000)])
def test_binary_named_txt_is_refused(data: bytes) -> None:
    with pytest.raises(BadInput, match="not text"):
        read("notes.txt", data)


def test_null_bytes_in_text_are_removed_and_said() -> None:
    found = read("notes.txt", b"one\x00 two three four five six seven eight nine ten\n" * 3)
    assert found.text.startswith("one two")
    assert found.warnings == ("3 null bytes were removed.",)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "iso-8859-1", "cp1252"])
def test_character_sets(encoding: str) -> None:
    text = "Über die Brücke gehen täglich fünf Schüler; abends kehren sie zurück. Çà et là, près du café."
    assert read("a.txt", text.encode(encoding)).text == text


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("shift_jis", "海鳥の観察記録は毎年五月に始まります。天気が良ければ、朝の五時に島へ渡ります。" * 6),
        ("cp1251", "Наблюдения за птицами начинаются в мае. Если погода хорошая, лодка уходит в пять утра. " * 30),
        ("utf-8", "الطيور تصل في شهر مايو، ثم تعود في الخريف. שלום עולם"),
    ],
)
def test_other_scripts(encoding: str, text: str) -> None:
    assert read("a.txt", text.encode(encoding)).text == text


def test_latin1_is_read_and_said() -> None:
    found = _read("latin1_note.txt")
    assert "�" not in found.text
    assert "not UTF-8" in found.warnings[0]


def test_a_photo_is_scaled_turned_upright_and_loses_its_metadata() -> None:
    image = Image.new("RGB", (3000, 1000), "teal")
    exif = image.getexif()
    exif[0x0112] = 6  # turned by 90 degrees
    exif[0x010F] = "Some camera"
    out = io.BytesIO()
    image.save(out, "JPEG", exif=exif)
    found = read("photo.jpg", out.getvalue())
    picture = Image.open(io.BytesIO(found.pictures[0].data))
    assert picture.size == (683, 2048)
    assert not picture.getexif()
    assert "Scaled" in found.warnings[0]


def test_a_png_with_transparency_stays_png() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (20, 20), (255, 0, 0, 90)).save(out, "PNG")
    assert read("icon.png", out.getvalue()).pictures[0].mime == "image/png"


def test_an_image_with_too_many_pixels_is_refused_unopened() -> None:
    header = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    data = b"\x89PNG\r\n\x1a\n"
    for chunk in (b"IHDR" + header, b"IDAT" + zlib.compress(bytes(100)), b"IEND"):
        data += struct.pack(">I", len(chunk) - 4) + chunk + struct.pack(">I", zlib.crc32(chunk))
    with pytest.raises(BadInput, match="pixels"):
        read("huge.png", data)


def test_a_damaged_image_is_refused() -> None:
    with pytest.raises(BadInput, match="damaged"):
        read("x.png", b"\x89PNG\r\n\x1a\n" + bytes(100))


def test_a_bomb_dressed_as_a_word_file_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", bytes(30_000_000))
    with pytest.raises(BadInput, match="decompression bomb"):
        read("letter.docx", out.getvalue())


def test_a_book_whose_first_part_cannot_be_unpacked_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/epub+zip")
    data = bytearray(out.getvalue())
    data[38:42] = b"\xff\xff\xff\xff"
    with pytest.raises(BadInput, match="damaged"):
        read("letters.epub", bytes(data))


def test_an_archive_asks_to_be_unpacked() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "hello")
    with pytest.raises(BadInput, match="archive") as caught:
        read("things.zip", out.getvalue())
    assert "Unpack" in caught.value.hint


CAGED = """
import sys
from reader.cage import shut
shut(3000, 60)
{attempt}
"""


@pytest.mark.parametrize(
    "attempt",
    [
        "import socket; socket.create_connection(('127.0.0.1', 9))",
        "import subprocess; subprocess.run(['true'])",
        "import os; os.system('true')",
        "open('made.txt', 'w').write('x')",
    ],
)
def test_the_reading_process_reaches_nothing(attempt: str, tmp_path: Path) -> None:
    reader = Path(files.__file__).parent
    done = subprocess.run(
        [sys.executable, "-c", CAGED.format(attempt=attempt)],
        env={"PYTHONPATH": str(reader)},
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    assert done.returncode != 0
    assert b"not allowed" in done.stderr or b"File too large" in done.stderr
