"""Rows out of CSV: one case a line, columns by their names in the head."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from hub.errors import BadInput
from hub.evals.reading import records
from hub.evals.reading.imported import Heard

SEPARATORS = ",;\t|"
_LONGEST_CELL = 2_000_000


def rows(name: str, text: str, heard: Heard, *, of_promptfoo: bool = False) -> Iterator[records.Read]:
    """The rows in order; raises BadInput with the line of what cannot be read. `of_promptfoo` is for `Columns`."""
    csv.field_size_limit(_LONGEST_CELL)
    text, separator, skipped = _separator(text)
    lines = _cells(name, text, separator, skipped)
    _, head = next(lines, (1, list[str]()))
    head = [one.strip() for one in head]
    columns = records.Columns(head, of_promptfoo=of_promptfoo)
    if not any((columns.prompt, columns.turns, columns.vars)):
        raise BadInput(
            f"{name}, line 1: no column has a prompt.",
            hint="The first line names the columns; one of them is prompt, question or input.",
        )
    for refused in columns.refused:
        heard.say(f"{name}, line 1: the column {refused} was not taken.")
    for twice in sorted({one for one in head if one and head.count(one) > 1}):
        heard.say(f"{name}, line 1: the column {twice} stands more than once; the last one counts.")
    for line, cells in lines:
        where = f"{name}, line {line}"
        if len(cells) > len(head) and any(one.strip() for one in cells[len(head) :]):
            heard.say(f"{where}: there are {len(cells)} cells for {len(head)} columns; the last ones were left out.")
        if any(one.strip() for one in cells):
            record = {column: cell for column, cell in zip(head, cells, strict=False) if cell.strip()}
            yield records.read(record, columns, where, heard)


def _cells(name: str, text: str, separator: str, skipped: int) -> Iterator[tuple[int, list[str]]]:
    """Each row with the line on which it begins."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True, skipinitialspace=True)
    begins = 1 + skipped
    try:
        for cells in reader:
            yield begins, cells
            begins = reader.line_num + 1 + skipped
    except csv.Error as error:
        said = "a quote is never closed" if "unexpected end" in str(error) else str(error)
        raise BadInput(
            f"{name}, line {begins}: {said}.", hint='A cell with quotes in it is written "like ""this""".'
        ) from error


def _separator(text: str) -> tuple[str, str, int]:
    """The text, what separates its cells, and how many lines were taken off: Excel may say it in a line of its own."""
    first, _, rest = text.partition("\n")
    if len(told := first.strip('"')) == 5 and told.lower().startswith("sep="):
        return rest, told[4], 1
    counted = {one: len(next(csv.reader([first], delimiter=one), list[str]())) for one in SEPARATORS}
    return text, max(SEPARATORS, key=lambda one: counted[one]), 0
