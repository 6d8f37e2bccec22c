"""A worker's part in a run as a process of its own, which a test may kill: `python -m tests.evals.slice_process OWNER
RUN`, with the stores in the environment."""

from __future__ import annotations

import sys

from hub.db.who import Who
from hub.evals.work import run_slice


def main() -> None:
    """Works until nothing is left for it."""
    run_slice(Who(sys.argv[1], ""), sys.argv[2])


if __name__ == "__main__":
    main()
