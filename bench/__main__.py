"""`python -m bench list`, `python -m bench NAME --json`, `python -m bench all`: measure the bars of the issues."""

from __future__ import annotations

import argparse
import sys

import orjson

from bench.report import write_table
from bench.result import BENCHES, Result, run
from hub import log


def main() -> int:
    """Runs what the command line names; the exit code is 1 when a bar does not hold."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("name", help="`list`, `all` or the name of one benchmark")
    parser.add_argument("--json", action="store_true", help="print one JSON object per benchmark")
    parser.add_argument("--repeats", type=int, default=None, help="how often to measure; each has its own default")
    parser.add_argument("--table", default=None, help="with `all`: write the table to this Markdown file")
    parser.add_argument("--data", default="", help="the file that a benchmark reads, where it needs one")
    parser.add_argument("--url", default="", help="the OpenAI-compatible server that a benchmark asks, where it does")
    given = parser.parse_args()
    log.set_up("bench", quiet=True)
    if given.name == "list":
        for name, entry in BENCHES.items():
            print(f"{name:16} {entry.what}")
        return 0
    if given.name != "all" and given.name not in BENCHES:
        print(f"There is no benchmark {given.name!r}. Known: {', '.join(BENCHES)}.", file=sys.stderr)
        return 2
    names = (
        [name for name, bench in BENCHES.items() if not (bench.data or bench.url)]
        if given.name == "all"
        else [given.name]
    )
    results = [_one(name, given.repeats, given.data, given.url, as_json=given.json) for name in names]
    if given.table:
        write_table(results, given.table)
    return 0 if all(result.holds for result in results) else 1


def _one(name: str, repeats: int | None, data: str, url: str, *, as_json: bool) -> Result:
    result = run(name, repeats, data, url)
    print(orjson.dumps(result.record()).decode() if as_json else result.line(), flush=True)
    return result


if __name__ == "__main__":
    sys.exit(main())
