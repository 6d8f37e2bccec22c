"""Every file of the test data is taken in, or refused with a sentence."""

from __future__ import annotations

import pytest

from hub import documents
from hub.errors import BadInput
from tests.documents.conftest import ANNA, FILES, Add


@pytest.mark.parametrize(
    ("name", "question", "words"),
    [
        ("handbook.pdf", "Which radio channel does the ringing team use?", "ringing team"),
        ("boat_course.docx", "How many throws of the line must land?", "three of five throws"),
        ("induction.pptx", "Which joke is told on the water slide?", "the warden who washed his car"),
        ("stores.xlsx", "How many tins of chickpeas are there?", "Chickpeas"),
        ("visitor_page.html", "What is the toll for photographs of ponies?", "one carrot"),
        ("warden_letters.epub", "What did the keeper give for the clock?", "sack of dried cod"),
        ("ringing_2025.csv", "which wheatear has ring SK40212", "SK40212"),
        ("compost_and_codes.md", "Which code has a bird that was ringed before?", "retrap"),
        ("storm_log.txt", "when did the chimney sing", "chimney sings"),
        ("wasser_kurzanleitung_de.txt", "Wie oft muss der Sandfilter gespült werden?", "alle zehn Tage"),
        ("refuge_fr.md", "À quelle heure ferme le refuge ?", "21 h 30"),
        ("latin1_note.txt", "Wie viele Brötchen zum Frühstück?", "31 Brötchen"),
        ("minutes_really_docx.pdf", "What was decided to buy?", "bread knife"),
        ("questions.jsonl", "How large is Skarholm?", "212 hectares"),
    ],
)
def test_a_file_is_read_cut_and_found(put: Add, name: str, question: str, words: str) -> None:
    document = put(name)
    assert (document.state, document.reason) == ("ready", "")
    assert document.passages == len(documents.passages(ANNA, document.id)) > 0
    found = documents.search(ANNA, question, [document.collection], most=3)
    assert words.casefold() in " ".join(" ".join(one.text.split()) for one in found.passages).casefold()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("corrupt.pdf", "is damaged"),
        ("encrypted.pdf", "locked with a password"),
        ("ratio_bomb.zip", "decompression bomb"),
        ("scanned_notice.pdf", "holds only pictures"),
    ],
)
def test_what_cannot_be_read_is_refused_with_a_sentence(put: Add, name: str, words: str) -> None:
    document = put(name)
    assert document.state == "failed"
    assert words in document.reason
    assert document.hint
    assert documents.passages(ANNA, document.id) == ()


def test_an_empty_file_is_refused_before_it_is_stored(shelf: str) -> None:
    with pytest.raises(BadInput, match=r"empty\.txt is empty"):
        documents.add_file(ANNA, shelf, "empty.txt", (FILES / "empty.txt").read_bytes())
    assert documents.documents(ANNA, shelf) == ()


def test_an_image_waits_for_a_model_that_sees(put: Add) -> None:
    document = put("dot.png", _png())
    assert document.state == "failed"
    assert "only pictures" in document.reason
    assert "model that sees" in document.hint


def test_warnings_of_the_reader_are_kept(put: Add) -> None:
    assert "formulas without a stored result" in put("stores.xlsx").warnings[0]
    assert "it is a Word document" in put("minutes_really_docx.pdf").warnings[0]


def test_pictures_that_a_document_refers_to_are_neither_fetched_nor_kept(put: Add) -> None:
    document = put("a.md", "# Trap\n\nBefore ![a cat](http://127.0.0.1:9/cat.png) after, and this is enough text.")
    assert documents.markdown(ANNA, document.id).text.count("http") == 0
    assert "a cat" in documents.markdown(ANNA, document.id).text


def test_pages_and_headings_of_a_pdf_go_with_its_passages(put: Add) -> None:
    document = put("handbook.pdf")
    assert (document.pages, document.unit, document.title) == (
        24,
        "page",
        "Skarholm Field Station: Operations Handbook",
    )
    found = next(one for one in documents.passages(ANNA, document.id) if "14.5 litres" in one.text)
    assert (found.page, found.heading) == (8, "5 Power > 5.2 Fuel")
    whole = documents.markdown(ANNA, document.id)
    assert whole.text[found.start : found.end] == found.text
    assert next(page for page, start, end in whole.pages if start <= found.start < end) == 8
    assert "Page 8" not in whole.text  # running lines are left out
    contents = [one for one in documents.passages(ANNA, document.id) if not one.indexed]
    assert contents
    assert all(one.page in {1, 2, 3} for one in contents)


def test_a_page_is_drawn_with_the_lines_of_a_passage_marked(put: Add) -> None:
    document = put("handbook.pdf")
    passage = next(one for one in documents.passages(ANNA, document.id) if "14.5 litres" in one.text)
    drawn = documents.page_picture(ANNA, document.id, 8, highlight=passage.text)
    assert drawn.data.startswith(b"\xff\xd8")
    assert len(drawn.rects) == 4  # the lines of the paragraph, and no other
    assert all(0 < one.left < one.right < 1 and 0.4 < one.top < one.bottom < 0.55 for one in drawn.rects)
    with pytest.raises(BadInput, match="has no page 25"):
        documents.page_picture(ANNA, document.id, 25)


def test_slides_and_sheets_are_numbered(put: Add) -> None:
    slide = put("induction.pptx")
    joke = next(one for one in documents.passages(ANNA, slide.id) if "washed his car" in one.text)
    assert (joke.page, joke.unit) == (3, "slide")
    sheets = put("stores.xlsx")
    assert {one.page for one in documents.passages(ANNA, sheets.id)} >= {1, 2, 3}


def _png() -> bytes:
    import io

    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(out, "PNG")
    return out.getvalue()


ROWS = b"Artikel;Preis;Menge\nSchraube M4;0,12;500\nWinkel, verzinkt;1,35;40\n"


def test_a_table_is_cut_at_its_own_separator(put: Add) -> None:
    text = documents.markdown(ANNA, put("preise.csv", ROWS).id).text
    assert text.splitlines()[0] == "| Artikel | Preis | Menge |"
    assert "| Winkel, verzinkt | 1,35 | 40 |" in text


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.tar.gz", b"\x1f\x8b\x08" + bytes(30), "is an archive"),
        ("a.7z", b"7z\xbc\xaf\x27\x1c" + bytes(30), "is an archive"),
        ("a.rtf", b"{\\rtf1\\ansi Hello}", "Rich Text Format"),
        ("a.odt", b"", "OpenDocument"),
    ],
)
def test_kinds_that_are_not_read_are_named(put: Add, name: str, data: bytes, words: str) -> None:
    document = put(name, data or _open_document())
    assert document.state == "failed"
    assert words in document.reason
    assert document.hint


@pytest.mark.parametrize("text", ["BMW of the year: the garage in Kiel.", "A PDF begins with %PDF-1.7, as is known."])
def test_a_text_is_not_taken_for_what_it_begins_like(put: Add, text: str) -> None:
    document = put("note.txt", text)
    assert (document.state, documents.markdown(ANNA, document.id).text) == ("ready", text)


def _open_document() -> bytes:
    import io
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
    return out.getvalue()


def test_what_a_web_page_hides_is_not_read_and_its_letters_are_right(put: Add) -> None:
    page = (
        "<html><head><meta charset='iso-8859-1'></head><body><h1>Käserei</h1><p>Der Käse reift 14 Monate.</p>"
        "<p hidden>One trap.</p><div style='display: none'><p>Another trap.</p></div></body></html>"
    )
    document = put("page.html", page.encode("latin-1"))
    assert document.title == "Käserei"
    text = documents.markdown(ANNA, document.id).text
    assert "Der Käse reift 14 Monate." in text
    assert "trap" not in text


def test_a_book_is_called_by_its_title(put: Add) -> None:
    assert put("warden_letters.epub").title == "Letters of a Warden"
