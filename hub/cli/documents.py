"""`hub documents`: add, search, ask, list, remove."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from hub.cli import adding
from hub.cli.lists import table
from hub.cli.session import AsJson, Person, emit, session
from hub.errors import BadInput

if TYPE_CHECKING:
    from hub.db.who import Who
    from hub.documents.records import Findings

app = typer.Typer(help="Add documents, and search and ask them.", no_args_is_help=True)
Collection = Annotated[str, typer.Option(help="The collection's name.")]
Question = Annotated[str, typer.Argument(help="What you want to know.")]
Many = Annotated[int, typer.Option("-k", help="How many passages.", min=1, max=50)]

USUAL = "Documents"


@app.command()
def add(
    paths: Annotated[list[str], typer.Argument(help="Files, folders, or addresses that begin with http.")],
    collection: Collection = USUAL,
    as_json: AsJson = False,
    person: Person = "",
) -> None:
    """Add files, folders or addresses to a collection, which is made if it is not there, and wait until they are in."""
    with session(person, as_json=as_json, postgres=True) as who:
        from hub.files import read

        given = adding.walked(paths)
        chosen = _collection(who, collection, make=True)
        results = [adding.add(who, chosen, one) for one in given]
        adding.work(who, [row["id"] for row in results if row["id"] and not row["duplicate"]])
        read.close()
        shown = [adding.finished(who, row) for row in results]
    if as_json:
        emit(shown)
    else:
        heads = ("Document", "State", "Passages", "Pages", "Reason")
        keys = ("name", "state", "chunks", "pages", "reason")
        table(heads, [tuple(str(row[key] if row[key] is not None else "") for key in keys) for row in shown])
    if all(row["state"] == "failed" for row in shown):
        raise typer.Exit(1)


@app.command()
def search(
    question: Question, collection: Collection = "", k: Many = 5, as_json: AsJson = False, person: Person = ""
) -> None:
    """The passages that fit a question best, in one collection or in all."""
    with session(person, as_json=as_json, postgres=True) as who:
        from hub import documents

        found = documents.search(who, question, _chosen(who, collection), most=k)
        rows = _passages(who, found)
    if as_json:
        emit(rows)
        return
    if not found.answered:
        typer.echo("Not found in your documents. What comes nearest:")
    for row in rows:
        typer.echo(f"\n{row['position']}. {row['document']} {row['place']}  ({row['score']:.2f})\n{row['text']}")


@app.command()
def ask(
    question: Question,
    collection: Collection = "",
    model: Annotated[str, typer.Option(help="The model; the usual one without it.")] = "",
    as_json: AsJson = False,
    person: Person = "",
) -> None:
    """An answer from your documents with its passages, or that they do not hold it."""
    with session(person, as_json=as_json, postgres=True) as who:
        from hub.documents import ask as asking

        answer = asking.ask(who, question, _chosen(who, collection), _model(who, model))
        rows = _passages(who, answer.findings)
    if as_json:
        facts = {"question": question, "answer": answer.answer, "answered": answer.answered, "model": answer.model}
        emit({**facts, "sure": round(answer.findings.sure, 3), "passages": rows})
        return
    typer.echo(answer.answer)
    for row in rows if answer.answered else []:
        typer.echo(f"[{row['number']}] {row['document']} {row['place']}")


@app.command("list")
def listed(collection: Collection = "", as_json: AsJson = False, person: Person = "") -> None:
    """The documents of a collection, or the collections."""
    with session(person, as_json=as_json) as who:
        from hub import documents

        if collection:
            rows = [adding.row(one) for one in documents.documents(who, _collection(who, collection))]
        else:
            rows = [
                {"id": one.id, "name": one.name, "documents": one.documents, "shared": one.shared, "scope": one.scope}
                for one in documents.collections(who)
            ]
    if as_json:
        emit(rows)
        return
    keys = ("name", "state", "chunks", "pages", "reason") if collection else ("name", "documents", "scope")
    table(tuple(key.capitalize() for key in keys), [tuple(str(row[key] or "") for key in keys) for row in rows])


@app.command()
def remove(
    name: Annotated[str, typer.Argument(help="The document's name or id.")],
    collection: Collection = USUAL,
    as_json: AsJson = False,
    person: Person = "",
) -> None:
    """Take a document out of a collection; for a day the documents page can bring it back."""
    with session(person, as_json=as_json, postgres=True) as who:
        from hub import documents

        found = [one for one in documents.documents(who, _collection(who, collection)) if name in (one.id, one.name)]
        if not found:
            raise BadInput(f"There is no document {name} in {collection}.", hint="`hub documents list` says what is.")
        documents.remove(who, found[0].id)
    if as_json:
        emit({"removed": found[0].id, "name": found[0].name})
    else:
        typer.echo(f"{found[0].name} is out.")


def _collection(who: Who, name: str, *, make: bool = False) -> str:
    from hub import documents

    for one in documents.collections(who):
        if name in (one.id, one.name):
            return one.id
    if make:
        return documents.create_collection(who, name).id
    raise BadInput(f"There is no collection {name}.", hint="`hub documents list` names those that are there.")


def _chosen(who: Who, name: str) -> list[str]:
    from hub import documents

    return [_collection(who, name)] if name else [one.id for one in documents.collections(who)]


def _passages(who: Who, found: Findings) -> list[dict[str, Any]]:
    from hub import documents
    from hub.documents.ask import sources

    names = {one: documents.get(who, one).name for one in {passage.document for passage in found.passages}}
    return [
        {
            "document": names[one.document],
            "title": one.title,
            "page": one.page,
            "heading": one.heading,
            "place": one.place,
            "text": one.text,
            "score": one.score,
            "lexical": one.lexical,
            "dense": one.dense,
            "near": one.near,
            "whole": one.whole,
            "position": one.position,
            "number": source.number,
            "id": one.id,
        }
        for one, source in zip(found.passages, sources(found.passages), strict=True)
    ]


def _model(who: Who, name: str) -> str:
    import asyncio

    from hub.models import catalogue

    asyncio.run(catalogue.fill(who))
    return catalogue.by_name(who, name).id if name else catalogue.default_model(who)
