"""Pages are tested over the stores that their rooms are tested with."""

from __future__ import annotations

from tests.documents.conftest import _no_reader_left, put, shelf, stored

__all__ = ["_no_reader_left", "put", "shelf", "stored"]
