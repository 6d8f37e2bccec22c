"""A report in one HTML file: no scripts, nothing fetched, light or dark as the reader's system is."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from hub.evals.export import words
from hub.evals.export.report import Report, outcome, problem
from hub.evals.records import Cell, Row

_SHORT = 400
_STYLE = """
:root{color-scheme:light dark;--line:#8884;--soft:#8881;--ok:#1a7f37;--bad:#cf222e;--odd:#9a6700}
@media(prefers-color-scheme:dark){:root{--ok:#3fb950;--bad:#f85149;--odd:#d29922}}
body{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;padding:0 1rem;max-width:110rem}
h1{font-size:1.5rem}h2{font-size:1.15rem;margin-top:2rem}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.15rem 1rem}
dt{opacity:.7}dd{margin:0}.wide{overflow-x:auto}table{border-collapse:collapse;width:100%}
th,td{border:1px solid var(--line);padding:.45rem .6rem;text-align:left;vertical-align:top;min-width:9rem}
th{background:var(--soft);font-weight:600}.figures th,.figures td{min-width:0}td.n{text-align:right;white-space:nowrap}
pre{white-space:pre-wrap;overflow-wrap:anywhere;font:inherit;margin:.2rem 0}summary{cursor:pointer}
.passed{color:var(--ok)}.failed,.error{color:var(--bad)}.not{color:var(--odd)}small{opacity:.75}
td>div+div{border-top:1px dashed var(--line);margin-top:.5rem;padding-top:.5rem}
""".strip()


def write(report: Report) -> Iterator[bytes]:
    """The head, the summary, then one table row for each row of the set."""
    yield _head(report).encode()
    for number, (row, cells) in enumerate(report.rows(), 1):
        yield _row(report, number, row, cells).encode()
    yield b"</tbody></table></div></body></html>\n"


def _head(report: Report) -> str:
    name = escape(report.run.name)
    facts = "".join(f"<dt>{escape(key)}</dt><dd>{escape(value)}</dd>" for key, value in words.facts(report))
    heads = "".join(f"<th>{one}</th>" for one in words.HEADS)
    lines = "".join(
        f"<tr>{''.join(_figure(n, one) for n, one in enumerate(line))}</tr>" for line in words.lines(report.summary)
    )
    told = "".join(f"<p>{escape(one)}</p>" for one in report.summary.said)
    columns = "".join(f"<th>{escape(one.name)}</th>" for one in report.summary.columns)
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{name}</title>'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head><body>'
        f"<h1>{name}</h1><dl>{facts}</dl><h2>Summary</h2>"
        f'<div class="wide"><table class="figures"><thead><tr>{heads}</tr></thead><tbody>{lines}</tbody></table></div>'
        f'{told}<h2>Answers</h2><div class="wide"><table><thead><tr><th>Row</th>{columns}</tr></thead><tbody>\n'
    )


def _figure(column: int, text: str) -> str:
    return f"<td>{escape(text)}</td>" if column == 0 else f'<td class="n">{escape(text)}</td>'


def _row(report: Report, number: int, row: Row, cells: tuple[Cell, ...]) -> str:
    there: list[list[Cell]] = [[] for _ in report.summary.columns]
    for cell in cells:
        there[report.column(cell)].append(cell)
    columns = "".join(f"<td>{''.join(map(_cell, found))}</td>" for found in there)
    return f"<tr><td>{_about(number, row)}</td>{columns}</tr>\n"


def _about(number: int, row: Row) -> str:
    parts = [f"<small>{number} · {escape(row.id)}{escape(' · '.join(('', *row.tags)))}</small>"]
    parts += [_text(turn) for turn in row.turns]
    parts += [f"<pre><small>{escape(name)}:</small> {escape(value)}</pre>" for name, value in row.vars.items()]
    if row.expected is not None:
        parts.append(f"<pre><small>Expected:</small> {escape(row.expected)}</pre>")
    return "".join(parts)


def _cell(cell: Cell) -> str:
    kind = outcome(cell)
    parts = [f'<b class="{kind.split()[0]}">{kind.capitalize()}</b> <small>{escape(words.figures(cell))}</small>']
    if error := problem(cell):
        parts.append(f"<pre>{escape(error)}</pre>")
    parts += [_text(answer) for answer in cell.answers]
    if cell.verdicts:
        told = "".join(
            f"<li>{escape(one.name)}: {_told(one.passed)} <small>{escape(one.reason or one.error)}</small></li>"
            for one in cell.verdicts
        )
        parts.append(f"<details><summary><small>Checks</small></summary><ul>{told}</ul></details>")
    if cell.mark:
        parts.append(f"<small>Marked by hand. {escape(cell.mark.note)}</small>")
    return f"<div>{''.join(parts)}</div>"


def _told(passed: bool | None) -> str:
    return {True: "passed", False: "failed", None: "could not tell"}[passed]


def _text(text: str) -> str:
    if len(text) <= _SHORT:
        return f"<pre>{escape(text)}</pre>"
    return f"<details><summary>{escape(text[:_SHORT])}…</summary><pre>{escape(text)}</pre></details>"
