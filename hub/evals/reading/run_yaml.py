"""From the YAML of a run file to its draft and its request."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import yaml

from hub.errors import BadInput
from hub.evals import records as kept
from hub.evals.checks import parse
from hub.evals.reading import run_file, tree
from hub.evals.reading.imported import BY_EQUALITY, BY_NUMBER, Beside, Imported
from hub.models.types import Params

ReadBeside = Callable[[str, bytes], Imported]


def read(name: str, root: yaml.Node, title: str, beside: Beside | None, read_rows: ReadBeside) -> Imported:
    """What the file holds; raises BadInput with its line. `read_rows` reads the file that `rows` may name."""
    try:
        file = run_file.validated(_data(name, root))
    except run_file.Wrong as error:
        line = tree.line(tree.at(name, root, error.path))
        raise BadInput(f"{name}, line {line}: {error}.", hint="docs/evaluate.md describes the file.") from error
    _check(name, root, file)
    rows, attachments, other = _rows(name, root, file, beside, read_rows)
    draft = kept.SetDraft(
        name=file.name or title,
        rows=rows,
        templates=_templates(name, root, file) or (other.draft.templates if other else (kept.AS_WRITTEN,)),
        checks=file.checks or (other.draft.checks if other else ()),
        description=file.description,
    )
    return Imported(
        draft,
        other.warnings if other else (),
        tuple(note for note in other.notes if not (file.checks and note in (BY_NUMBER, BY_EQUALITY))) if other else (),
        request(file) if file.models else None,
        attachments,
    )


def request(file: run_file.RunFile) -> kept.RunRequest:
    """What the file asks for, models by the names it has."""
    return kept.RunRequest(
        set_id="",
        models=tuple(map(_asked, file.models)),
        name=file.name,
        repeats=file.repeats,
        judge=_asked(file.judge) if file.judge is not None else None,
        cap=file.cap,
        unpriced=file.unpriced,
        order=file.order,
        limits=kept.Limits(file.limits.total, file.limits.per_model, file.limits.start),
        cache=file.cache,
        baseline=file.baseline,
    )


def _data(name: str, root: yaml.Node) -> Any:
    """The file's values; in rows and templates what is written stays text."""
    if isinstance(root, yaml.SequenceNode):
        return {"rows": [_row_data(name, one) for one in tree.items(root)]}
    if not isinstance(root, yaml.MappingNode):
        raise BadInput(f"{name} holds neither rows nor a run.", hint="docs/evaluate.md describes the file.")
    data: dict[str, Any] = {}
    for key, node in tree.pairs(name, root).items():
        if key == "rows" and isinstance(node, yaml.SequenceNode):
            data[key] = [_row_data(name, one) for one in tree.items(node)]
        elif key in ("name", "description", "templates", "baseline", "rows"):
            data[key] = tree.words(name, node)
        else:
            data[key] = tree.value(name, node)
    return {key: value for key, value in data.items() if value is not None}


def _row_data(name: str, node: yaml.Node) -> Any:
    if not isinstance(node, yaml.MappingNode):
        return tree.words(name, node)
    row: dict[str, Any] = {}
    for key, inner in tree.pairs(name, node).items():
        row[key] = tree.value(name, inner) if key == "checks" else tree.words(name, inner)
    return {key: value for key, value in row.items() if value is not None}


def _rows(
    name: str, root: yaml.Node, file: run_file.RunFile, beside: Beside | None, read_rows: ReadBeside
) -> tuple[tuple[kept.Row, ...], tuple[tuple[int, str], ...], Imported | None]:
    if isinstance(file.rows, str):
        if beside is None:
            raise BadInput(
                f"{name} takes its rows from {file.rows}, which is not part of an upload.",
                hint=f"Import {file.rows} itself, or use `hub eval` beside both files.",
            )
        other = read_rows(file.rows, beside(file.rows))
        return other.draft.rows, other.attachments, other
    rows: list[kept.Row] = []
    attachments: list[tuple[int, str]] = []
    for number, one in enumerate(file.rows):
        where = f"{name}, line {tree.line(tree.at(name, root, ('rows', number)))}"
        entry = run_file.Row(prompt=one) if isinstance(one, str) else one
        turns = run_file.one_text(entry.prompt, entry.turns, where, "a prompt")
        rows.append(kept.Row(entry.id, turns, entry.vars, entry.system, entry.expected, (), entry.tags, entry.checks))
        attachments += [(number, path) for path in (entry.file, *entry.files) if path]
    return tuple(rows), tuple(attachments), None


def _check(name: str, root: yaml.Node, file: run_file.RunFile) -> None:
    """Raises BadInput with the line of a check that cannot be used."""
    of_rows = [one.checks if isinstance(one, run_file.Row) else () for one in file.rows]
    for path, checks in ((("checks",), file.checks), *((("rows", n, "checks"), one) for n, one in enumerate(of_rows))):
        for number, check in enumerate(checks):
            try:
                parse(check, number + 1)
            except BadInput as error:
                line = tree.line(tree.at(name, root, (*path, number)))
                raise BadInput(f"{name}, line {line}: {error.message}", hint=error.hint) from error


def _templates(name: str, root: yaml.Node, file: run_file.RunFile) -> tuple[kept.Template, ...]:
    made: list[kept.Template] = []
    for number, one in enumerate(file.templates):
        entry = run_file.Template(text=one) if isinstance(one, str) else one
        where = f"{name}, line {tree.line(tree.at(name, root, ('templates', number)))}"
        turns = run_file.one_text(entry.text, entry.turns, where, "a text") or kept.AS_WRITTEN.turns
        made.append(kept.Template(entry.name or f"Template {number + 1}", turns, entry.system, entry.verbatim))
    return tuple(made)


def _asked(model: str | run_file.Model) -> kept.Asked:
    if isinstance(model, str):
        return kept.Asked(model)
    return kept.Asked(model.model, Params(**model.params.model_dump()), model.label)
