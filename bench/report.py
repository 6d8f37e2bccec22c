"""The table of `docs/benchmarks.md`."""

from __future__ import annotations

import os
import platform
from datetime import UTC, datetime
from pathlib import Path

from bench.result import Result

INTRO = """# Benchmarks

Made by `make bench` (`python -m bench all --table docs/benchmarks.md`). Each figure is a median, or the percentile
it names, of the repeats shown; the provider is the fake of `tests/fakes/` on loopback; stores are the embedded ones.
Ratios compare with the bare provider measured in the same run. Shared machines are noisy: read the load beside it.
"""

BY_DATA = "## With data that is named to them"
"""What needs a file of data is measured one by one and written down by hand."""


def write_table(results: list[Result], path: str) -> None:
    """Writes the results with the machine and its load to `path` as Markdown; what is under `BY_DATA` there stays."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    lines = [
        INTRO,
        f"Machine: {platform.system()} {platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GB, "
        f"Python {platform.python_version()}; {datetime.now(UTC):%Y-%m-%d}.\n",
        "| benchmark | figure | value | bar | holds | repeats | load before, after |",
        "|---|---|---|---|---|---|---|",
    ]
    for result in results:
        for bar in result.bars:
            lines.append(
                f"| {result.name} | {bar.name} | {bar.value:.4g} {bar.unit} | {bar.bar:g} {bar.unit} "
                f"| {'yes' if bar.holds else 'no'} | {result.repeats} | {result.load[0]:.2f}, {result.load[1]:.2f} |"
            )
    file = Path(path)
    kept = file.read_text().partition(f"\n{BY_DATA}\n") if file.exists() else ("", "", "")
    file.write_text("\n".join(lines) + "\n" + "".join(kept[1:]))
