"""Parquet, a row group for each thousand cells."""

from __future__ import annotations

import io
import itertools
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from hub.evals.export import flat
from hub.evals.export.report import Report

GROUP = 1000


def write(report: Report) -> Iterator[bytes]:
    """The file in pieces: what a row group takes is in memory, no more."""
    arrow: Any = import_module("pyarrow")
    parquet: Any = import_module("pyarrow.parquet")
    types = {int: arrow.int64(), float: arrow.float64(), bool: arrow.bool_(), str: arrow.string()}
    about = {"run": report.run.id, "set": report.run.set_name, "version": str(report.run.set_version)}
    columns = flat.columns(report)
    schema = arrow.schema([(name, types[kind]) for name, kind in columns.items()], metadata=about)
    pieces = _Pieces()
    records = flat.records(report)
    with parquet.ParquetWriter(arrow.PythonFile(pieces, mode="w"), schema, compression="zstd") as writer:
        while group := list(itertools.islice(records, GROUP)):
            rows = [{name: one.get(name) for name in columns} for one in group]
            writer.write_table(arrow.Table.from_pylist(rows, schema=schema))
            yield pieces.taken()
    yield pieces.taken()


class _Pieces(io.RawIOBase):
    """A file that is only written, and gives away what was."""

    def __init__(self) -> None:
        super().__init__()
        self._held = bytearray()
        self._gone = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._held += bytes(data)
        return len(data)

    def tell(self) -> int:
        return self._gone + len(self._held)

    def taken(self) -> bytes:
        """What was written since the last call."""
        data = bytes(self._held)
        self._gone += len(data)
        self._held.clear()
        return data
