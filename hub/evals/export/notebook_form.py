"""A Jupyter notebook that holds the run: it needs pandas, and nothing beside itself."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterator
from typing import Any

import orjson

from hub.evals.export import flat, words
from hub.evals.export.report import Report

_WIDTH = 57 * 64
"""Bytes a line of base64 is made of: a multiple of 3, so that lines can be joined."""
_LOAD = """import base64
import json
import zlib

import pandas as pd

lines = zlib.decompress(base64.b64decode(DATA)).decode().splitlines()
cells = pd.DataFrame([json.loads(line) for line in lines], columns=COLUMNS)
cells.head()"""
_SUMMARY = """judged = cells[cells["passed"].notna()]
summary = cells.groupby(["model", "template"]).agg(
    cells=("row", "size"),
    errors=("outcome", lambda outcomes: (outcomes == "error").sum()),
    median_ms=("ms", "median"),
    tokens_out=("tokens_out", "sum"),
    cost=("cost", lambda costs: costs.sum(min_count=len(costs))),
)
summary["pass_rate"] = judged.groupby(["model", "template"])["passed"].apply(lambda passed: passed.astype(float).mean())
summary"""
_ROWS = """# One line a row, one column a model: the share of repeats that passed.
by_row = judged.assign(passed=judged["passed"].astype(float)).pivot_table(
    index=["row", "id"], columns=["model", "template"], values="passed"
)
by_row[by_row.nunique(axis=1) > 1]"""


def write(report: Report) -> Iterator[bytes]:
    """nbformat 4.5; the cells are packed into the notebook, line after line."""
    yield b'{"cells":['
    yield orjson.dumps(_markdown("about", _about(report))) + b","
    yield from _data(report)
    columns = f"COLUMNS = {list(flat.columns(report))!r}\n"
    rest = [_code("load", columns + _LOAD), _code("summary", _SUMMARY), _code("differ", _ROWS)]
    yield b"," + b",".join(map(orjson.dumps, rest))
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    tail = {"metadata": {"kernelspec": kernel, "language_info": {"name": "python"}}, "nbformat": 4, "nbformat_minor": 5}
    yield b"]," + orjson.dumps(tail)[1:]


def _data(report: Report) -> Iterator[bytes]:
    """The code cell that holds the data: its source is a list of lines, so it is written as it comes."""
    about = {**_code("data", ""), "metadata": {"jupyter": {"source_hidden": True}}}
    del about["source"]
    yield orjson.dumps(about)[:-1] + b',"source":["DATA = \\"\\"\\"\\n"'
    for line in _packed(report):
        yield b',"' + base64.b64encode(line) + b'\\n"'
    yield b',"\\"\\"\\""]}'


def _packed(report: Report) -> Iterator[bytes]:
    """The flat records as JSON lines, compressed, in pieces of one width."""
    packer, held = zlib.compressobj(9), b""
    for record in flat.records(report):
        held += packer.compress(json.dumps(record).encode() + b"\n")
        while len(held) >= _WIDTH:
            yield held[:_WIDTH]
            held = held[_WIDTH:]
    held += packer.flush()
    for at in range(0, len(held), _WIDTH):
        yield held[at : at + _WIDTH]


def _about(report: Report) -> str:
    facts = "\n".join(f"- {name}: {value}" for name, value in words.facts(report))
    told = "\n\n".join(report.summary.said)
    return f"# {report.run.name}\n\n{facts}\n\n{told}\n\n`cells` is a frame with one line for each answer.".strip()


def _markdown(id_: str, source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": id_, "metadata": {}, "source": source}


def _code(id_: str, source: str) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "execution_count": None,
        "id": id_,
        "metadata": {},
        "outputs": [],
        "source": source,
    }
