"""What a file really is, whatever its name says."""

from __future__ import annotations

import io
import zipfile
import zlib

from .refusal import Refusal

TITLES = {
    "pdf": "a PDF",
    "docx": "a Word document",
    "pptx": "a PowerPoint file",
    "xlsx": "an Excel file",
    "epub": "an e-book",
    "html": "a web page",
    "image": "an image",
    "text": "plain text",
}
MIMES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "epub": "application/epub+zip",
    "html": "text/html",
}
BY_ENDING = {
    **{kind: kind for kind in ("pdf", "docx", "pptx", "xlsx", "epub")},
    **dict.fromkeys(("html", "htm", "xhtml"), "html"),
    **dict.fromkeys(("png", "jpg", "jpeg", "gif", "webp", "bmp", "tif", "tiff", "avif"), "image"),
    **dict.fromkeys(("txt", "md", "csv", "tsv", "json", "jsonl", "log", "py", "js", "xml", "yaml", "yml"), "text"),
}
IMAGES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"II*\x00", b"MM\x00*")
ARCHIVES = (b"\x1f\x8b", b"\xfd7zXZ\x00", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"\x28\xb5\x2f\xfd")
"""How gz, xz, 7z, rar and zst begin."""
OPEN_DOCUMENT = b"application/vnd.oasis.opendocument"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

MOST_MEMBERS = 10_000
MOST_UNPACKED = 400_000_000
SUSPICIOUS = 10_000_000
MOST_RATIO = 200


def ending(name: str) -> str:
    """The part of the name after the last dot, in small letters."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def kind_of(name: str, data: bytes) -> str:
    """One of the keys of TITLES, from the content. Raises Refusal for what cannot be read."""
    head = data[:1024]
    if _pdf(name, head):
        return "pdf"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zipped(name, data)
    if head.startswith(ARCHIVES) or head[4:10] == b"1AY&SY" or head[257:262] == b"ustar":  # bz2, tar
        raise _archive(name)
    if head.startswith(OLE):
        raise _ole(name, data)
    if head.startswith(b"{\\rtf"):
        raise _other(name, "in Rich Text Format")
    if _image(head):
        return "image"
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return "html"
    return "html" if ending(name) in {"html", "htm", "xhtml"} else "text"


def _pdf(name: str, head: bytes) -> bool:
    """PDF may have something before its mark; a text that mentions the mark is none."""
    place = head.find(b"%PDF-")
    return place == 0 or (place > 0 and BY_ENDING.get(ending(name)) != "text")


def _image(head: bytes) -> bool:
    bitmap = head[:2] == b"BM" and head[6:10] == bytes(4)  # a text may begin with these two letters
    other = (head[:4] == b"RIFF" and head[8:12] == b"WEBP") or head[4:12] == b"ftypavif"
    return head.startswith(IMAGES) or bitmap or other


def mismatch(name: str, kind: str) -> str | None:
    """A sentence when the name promises something else than the content is."""
    said = BY_ENDING.get(ending(name))
    if said is None or said == kind or {said, kind} == {"text", "html"}:
        return None
    return f"Its name says {TITLES[said]}, but it is {TITLES[kind]} and was read as that."


def _zipped(name: str, data: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            _limited(name, members)
            names = {member.filename for member in members}
            kind = archive.read("mimetype").strip() if "mimetype" in names else b""
    # All that zipfile raises for an archive that is damaged, encrypted, or packed in a way it does not know.
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError, EOFError) as error:
        raise Refusal(f"{name} is damaged: it cannot be unpacked.", "Save it anew and attach it again.") from error
    if kind == b"application/epub+zip":
        return "epub"
    if kind.startswith(OPEN_DOCUMENT):
        raise _other(name, "an OpenDocument file")
    for folder, office in (("word/", "docx"), ("ppt/", "pptx"), ("xl/", "xlsx")):
        if any(member.startswith(folder) for member in names):
            return office
    raise _archive(name)


def _archive(name: str) -> Refusal:
    return Refusal(f"{name} is an archive; archives are not opened.", "Unpack it and add the files inside.")


def _limited(name: str, members: list[zipfile.ZipInfo]) -> None:
    total = sum(member.file_size for member in members)
    bomb = any(
        member.file_size > SUSPICIOUS and member.file_size > MOST_RATIO * max(member.compress_size, 1)
        for member in members
    )
    if bomb or total > MOST_UNPACKED or len(members) > MOST_MEMBERS:
        raise Refusal(
            f"{name} was not opened: unpacked it would be {total / 1e6:,.0f} MB in {_parts(len(members))}, "
            "as in a decompression bomb.",
            "If it is yours, save it anew with less inside.",
        )


def _parts(count: int) -> str:
    return "1 part" if count == 1 else f"{count:,} parts"


def _ole(name: str, data: bytes) -> Refusal:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return Refusal(f"{name} is protected by a password.", "Save a copy without a password and attach that.")
    return _other(name, "in an old Office format")


def _other(name: str, kind: str) -> Refusal:
    said = f"{name} is {kind}, which cannot be read."
    return Refusal(said, "Save it as docx, xlsx, pptx or PDF and attach that.")
