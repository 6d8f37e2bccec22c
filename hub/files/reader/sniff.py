"""What a file really is, whatever its name says."""

from __future__ import annotations

import io
import zipfile

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
IMAGES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"BM", b"II*\x00", b"MM\x00*")
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
    if b"%PDF-" in head:
        return "pdf"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zipped(name, data)
    if head.startswith(OLE):
        raise _ole(name, data)
    if head.startswith(IMAGES) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP") or head[4:12] == b"ftypavif":
        return "image"
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html")):
        return "html"
    return "html" if ending(name) in {"html", "htm", "xhtml"} else "text"


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
            if "mimetype" in names and archive.read("mimetype").strip() == b"application/epub+zip":
                return "epub"
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError) as error:
        raise Refusal(f"{name} is damaged: it cannot be unpacked.", "Save it anew and attach it again.") from error
    for folder, kind in (("word/", "docx"), ("ppt/", "pptx"), ("xl/", "xlsx")):
        if any(member.startswith(folder) for member in names):
            return kind
    raise Refusal(f"{name} is an archive; archives are not opened.", "Unpack it and attach the files inside.")


def _limited(name: str, members: list[zipfile.ZipInfo]) -> None:
    total = sum(member.file_size for member in members)
    bomb = any(
        member.file_size > SUSPICIOUS and member.file_size > MOST_RATIO * max(member.compress_size, 1)
        for member in members
    )
    if bomb or total > MOST_UNPACKED or len(members) > MOST_MEMBERS:
        raise Refusal(
            f"{name} was not opened: unpacked it would be {total / 1e6:,.0f} MB in {len(members):,} parts, "
            "as in a decompression bomb.",
            "If it is yours, save it anew with less inside.",
        )


def _ole(name: str, data: bytes) -> Refusal:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return Refusal(f"{name} is protected by a password.", "Save a copy without a password and attach that.")
    return Refusal(
        f"{name} is in an old Office format that cannot be read.", "Save it as docx, xlsx, pptx or PDF and attach that."
    )
