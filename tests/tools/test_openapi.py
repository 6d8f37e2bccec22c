"""Interfaces that are described by OpenAPI become tools that reach only them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import jsonschema
import pytest

from hub.db.mongo import collection
from hub.errors import BadInput, HubError, NotFound
from hub.tools import openapi, plugin
from hub.tools.openapi import Access, Wrong
from hub.turns import Tool
from tests.fakes.services import Services, specification
from tests.tools.conftest import ADA, ANNA, BERT, turn

Configure = Callable[..., None]


@pytest.fixture
def web() -> Iterator[Services]:
    with Services() as fake:
        yield fake


@pytest.fixture
def kiosk(web: Services, mongo: str) -> openapi.Api:
    """The kiosk, for everybody."""
    return openapi.add(ADA, specification(web.url), everybody=True)


def tools(who: Any = ANNA) -> dict[str, Tool]:
    return {tool.name: tool for tool in plugin.tools(turn(who=who)) if tool.id.startswith("api:")}


def sent(name: str, who: Any = ANNA, **given: Any) -> dict[str, Any]:
    result = tools(who)[name].call(given)
    assert not result.error, result.text
    return json.loads(result.text)


def test_operations_become_tools(kiosk: openapi.Api) -> None:
    made = tools()
    assert list(made) == ["listPapers", "addPaper", "getPaper", "replacePaper", "delete_papers_id", "cover", "moved"]
    assert kiosk.spec.left_out == ("POST /scan became no tool: its body is multipart/form-data, which is not written.",)
    assert {tool.permission for tool in made.values()} == {"ask"}
    assert made["getPaper"].group == "Kiosk" and made["getPaper"].id == f"api:{kiosk.id}/getPaper"
    assert made["listPapers"].spec.description == "List papers. Papers that are sold, newest first"
    for tool in made.values():
        jsonschema.Draft202012Validator.check_schema(tool.spec.parameters)


def test_shapes_are_filled_in_and_translated(kiosk: openapi.Api) -> None:
    shape = tools()["addPaper"].spec.parameters
    assert shape["required"] == ["title"]
    assert shape["properties"]["title"] == {"type": ["string", "null"]}
    assert shape["properties"]["price"] == {"type": "number", "exclusiveMinimum": 0}
    assert shape["properties"]["like"]["properties"]["next"]["description"] == "As Tree above."
    both = tools()["replacePaper"].spec.parameters
    assert list(both["properties"]) == ["id", "body_id", "title"] and both["required"] == ["id"]
    assert "Authorization" not in tools()["listPapers"].spec.parameters["properties"]


def test_arguments_go_where_they_belong(kiosk: openapi.Api) -> None:
    found = sent("listPapers", tags=["a b", "c"], sizes=[1, 2], where={"city": "Wien"}, **{"X-Tone": "low"})
    assert found["query"] == [["tags", "a b"], ["tags", "c"], ["sizes", "1|2"], ["where[city]", "Wien"]]
    assert found["headers"]["x-tone"] == "low"
    assert sent("addPaper", title="Tides", price=2.5)["body"] == {"title": "Tides", "price": 2.5}
    form = sent("replacePaper", id="7", body_id="8", title="New & old")
    assert (form["path"], form["body"]) == ("/kiosk/papers/7", {"id": "8", "title": "New & old"})
    assert sent("getPaper", id="../admin?x=1#y")["path"] == "/kiosk/papers/..%2Fadmin%3Fx%3D1%23y"
    for out in ("..", ".", ""):
        with pytest.raises(BadInput, match="cannot be"):
            tools()["getPaper"].call({"id": out})
    with pytest.raises(BadInput, match="header"):
        tools()["listPapers"].call({"X-Tone": "a\r\nX-Key: b"})


def test_errors_pictures_and_redirects(kiosk: openapi.Api) -> None:
    none = tools()["getPaper"].call({"id": "none"})
    assert none.error and "answered 404 Not Found" in none.text and "No such paper" in none.text
    assert tools()["cover"].call({}).images[0].mime == "image/png"
    moved = tools()["moved"].call({})
    assert moved.error and "redirects are not followed" in moved.text


@pytest.mark.parametrize(
    ("access", "where", "value"),
    [
        (Access("header", "X-Key", secret="key-of-anna"), "x-key", "(key)"),
        (Access("bearer", secret="key-of-anna"), "authorization", "Bearer (key)"),
        (Access("basic", user="anna", secret="key-of-anna"), "authorization", "Basic (key)"),
    ],
)
def test_keys_are_sent_and_never_shown(web: Services, mongo: str, access: Access, where: str, value: str) -> None:
    made = openapi.add(ADA, specification(web.url), access=access, everybody=True)
    assert sent("listPapers")["headers"][where] == value
    assert "key-of-anna" in web.last.headers[where] or access.how == "basic"
    assert made.key_hint == "anna" and "key-of-anna" not in repr(made) + repr(access)
    assert "key-of-anna" not in repr(list(collection("tool_apis").find({})))


def test_a_key_in_the_query(web: Services, mongo: str) -> None:
    openapi.add(ADA, specification(web.url), access=Access("query", "key", secret="key-of-anna"), everybody=True)
    assert sent("listPapers")["query"] == [["key", "(key)"]]
    assert ("key", "key-of-anna") in web.last.query


def test_a_token_is_fetched_once_and_again_after_a_refusal(web: Services, mongo: str) -> None:
    access = Access("client_credentials", user="machine", secret="s:cret", token_url=f"{web.url}/token", scope="read")
    made = openapi.add(ADA, specification(web.url), access=access, everybody=True)
    assert sent("listPapers")["headers"]["authorization"] == "Bearer (key)"
    sent("listPapers")
    assert [asked.path for asked in web.requests].count("/token") == 1
    assert next(asked.body for asked in web.requests if asked.path == "/token")["scope"] == "read"
    web.status = 401
    assert tools()["listPapers"].call({}).error
    web.status = 0
    sent("listPapers")
    assert [asked.path for asked in web.requests].count("/token") == 2
    openapi.change(ADA, made.id, name="", base_url=made.base_url, access=Access(
        "client_credentials", user="machine", secret="wrong", token_url=f"{web.url}/token"))  # fmt: skip
    with pytest.raises(HubError, match="gave no token"):
        tools()["listPapers"].call({})


def test_the_ways_to_sign_in_are_read(kiosk: openapi.Api) -> None:
    assert [(one.how, one.name, one.scopes) for one in kiosk.spec.schemes] == [
        ("header", "X-Key", ()),
        ("bearer", "", ()),
        ("client_credentials", "", ("read",)),
    ]


def test_private_networks_are_for_administrators(web: Services, mongo: str, configure: Configure) -> None:
    with pytest.raises(BadInput, match="private network"):
        openapi.add(ANNA, specification(web.url))
    configure(private_urls="true")
    openapi.add(ANNA, specification(web.url))
    configure(private_urls="false")
    with pytest.raises(BadInput, match="private network"):
        tools()["listPapers"].call({})


def test_only_hosts_of_the_list_are_reached(kiosk: openapi.Api, configure: Configure) -> None:
    configure(tools_hosts="api.example.org, *.example.com")
    with pytest.raises(BadInput, match=r"127\.0\.0\.1 is not among the hosts"):
        tools()["listPapers"].call({})
    configure(tools_hosts="127.0.0.1")
    sent("listPapers")


def test_what_is_ones_own_and_what_is_everybodys(web: Services, mongo: str, configure: Configure) -> None:
    configure(private_urls="true")
    mine = openapi.add(ANNA, specification(web.url), name="Mine")
    assert not tools(BERT)
    with pytest.raises(NotFound):
        openapi.remove(BERT, mine.id)
    with pytest.raises(HubError, match="administrator"):
        openapi.add(ANNA, specification(web.url), everybody=True)
    shared = openapi.add(ADA, specification(web.url), everybody=True)
    assert len(tools(BERT)) == 7
    with pytest.raises(HubError, match="administrator"):
        openapi.enable(BERT, shared.id, on=False)
    openapi.enable(ADA, shared.id, on=False)
    assert not tools(BERT)
    plugin.person_deleted(ANNA)
    assert [api.id for api in openapi.apis(ANNA)] == [shared.id]


def test_a_key_does_not_go_to_another_address(web: Services, mongo: str) -> None:
    access = Access("bearer", secret="key-of-anna")
    made = openapi.add(ADA, specification(web.url), access=access, everybody=True)
    with pytest.raises(BadInput, match="another"):
        openapi.change(ADA, made.id, name="x", base_url=f"{web.url}/elsewhere")
    with pytest.raises(BadInput, match="another"):
        openapi.change(ADA, made.id, name="x", base_url=f"{web.url}/elsewhere", access=Access("bearer"))
    changed = openapi.change(ADA, made.id, name="Papers", base_url=made.base_url, access=Access("bearer"))
    assert changed.name == "Papers" and sent("listPapers")["headers"]["authorization"] == "Bearer (key)"


def test_another_operation_is_another_version(kiosk: openapi.Api, web: Services) -> None:
    before = tools()["getPaper"].version
    openapi.refresh(ADA, kiosk.id, specification(web.url).replace("/papers/{id}", "/journals/{id}"))
    after = tools()["getPaper"]
    assert after.version != before and after.id == f"api:{kiosk.id}/getPaper"
    with pytest.raises(BadInput, match="added as a text"):
        openapi.refresh(ADA, kiosk.id)


HEAD = "openapi: 3.1.0\ninfo: {title: A}\nservers: [{url: 'https://example.org'}]\n"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("openapi: 2.0\n", r"openapi \(line 1\): version 2.0 is not read"),
        ("swagger: '2.0'\n", "it does not say openapi"),
        ("[1, 2]", "no object"),
        ("a: b: c\n", "Line 1 is not YAML"),
        ('{"openapi": "3.0.0",\n oops}', "Line 2 is not JSON"),
        ("a: &x [1]\nb: *x\n", "Line 2 has a YAML alias"),
        (HEAD + "paths: {}\n", r"paths \(line 4\): there is no operation"),
        (HEAD + "paths:\n  /a/{b}:\n    get: {}\n", r"parameters \(line 6\): b of the path is not described"),
        (
            HEAD + "paths:\n  /a:\n    get:\n      parameters:\n      - {name: x}\n",
            r"\(line 8\): a parameter needs",
        ),
        (HEAD + "paths:\n  /a:\n    $ref: other.yaml\n", r"\(line 6\): other.yaml leads out of the specification"),
        (HEAD + "paths:\n  /a:\n    $ref: '#/paths/~1a'\n", "lead in a circle"),
        (HEAD + "paths:\n  /a:\n    get:\n      requestBody: {$ref: '#/components/x'}\n", "there is no #/components/x"),
        (HEAD + "paths: [1]\n", r"paths \(line 4\): an object is expected"),
        ("x" * 4_000_001, "more than 4 MB"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(text: str, why: str) -> None:
    with pytest.raises(Wrong, match=why):
        openapi.read(text)


def test_too_many_operations_are_refused() -> None:
    many = "".join(f"  /a{number}:\n    get: {{}}\n" for number in range(301))
    with pytest.raises(Wrong, match="more than 300 operations"):
        openapi.read(HEAD + "paths:\n" + many)


def test_relative_servers_and_names() -> None:
    text = 'openapi: "3.1.0"\nservers: [{url: /v2/}]\npaths:\n  /a/{b}:\n    get:\n      operationId: "get it!"\n'
    text += "      parameters: [{name: b, in: path, schema: true}]\n    head: {operationId: get_it}\n"
    text = text.replace("    head: {operationId: get_it}\n", "  /c:\n    get: {operationId: get_it}\n")
    spec = openapi.read(text, "https://example.org/docs/spec.yaml")
    assert spec.servers == ("https://example.org/v2",)
    assert [one.name for one in spec.operations] == ["get_it", "get_it_2"]
