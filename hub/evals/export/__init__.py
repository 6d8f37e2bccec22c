"""A run on its way out, in the form that somebody needs; one function for the page and the command line.

Every form is written row by row, so that a large run is never in memory whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from hub.errors import BadInput
from hub.evals.export import csv_form, html_form, jsonl_form, junit_form, markdown_form, notebook_form, parquet_form
from hub.evals.export.report import Report

__all__ = ["FORMS", "Form", "Report", "written"]


PIECE = 65_536
"""Bytes."""


@dataclass(frozen=True, slots=True)
class Form:
    """A form that runs can have outside. `ending` is that of its files, without the dot."""

    title: str
    ending: str
    mime: str
    write: Callable[[Report], Iterator[bytes]]


FORMS: Mapping[str, Form] = {
    "csv": Form("CSV", "csv", "text/csv", csv_form.write),
    "jsonl": Form("JSON lines", "jsonl", "application/x-ndjson", jsonl_form.write),
    "html": Form("HTML report", "html", "text/html", html_form.write),
    "md": Form("Markdown", "md", "text/markdown", markdown_form.write),
    "junit": Form("JUnit XML", "xml", "application/xml", junit_form.write),
    "parquet": Form("Parquet", "parquet", "application/vnd.apache.parquet", parquet_form.write),
    "ipynb": Form("Jupyter notebook", "ipynb", "application/x-ipynb+json", notebook_form.write),
}


def written(report: Report, form: str) -> Iterator[bytes]:
    """The pieces of a report in a form; raises BadInput for a form that there is not."""
    if form not in FORMS:
        raise BadInput(f"There is no form {form}.", hint=f"Forms are {', '.join(FORMS)}.")
    return _gathered(FORMS[form].write(report))


def _gathered(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The first piece at once, then pieces of a size that is worth a write."""
    held = bytearray()
    begun = False
    for piece in pieces:
        held += piece
        if held and (not begun or len(held) >= PIECE):
            yield bytes(held)
            held.clear()
            begun = True
    if held:
        yield bytes(held)
