"""Light and dark are part of a page before its first pixel: the person's choice, and what the browser showed last."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.routing import Route
from streamlit import file_util

from hub import people
from hub.chat import preferences
from hub.db.who import OWNER
from hub.web import forms, middleware
from tests.conftest import Configure

PAGE = {"accept": "text/html", "accept-encoding": "gzip"}
HTML = "<!DOCTYPE html>\n<html lang='en'><head><title>x</title></head><body></body></html>"


class Visitor:
    """A browser that asks an app and keeps its cookies."""

    def __init__(self, app: Starlette) -> None:
        self._app = app
        self.cookies = httpx.Cookies()

    def get(self, path: str, headers: dict[str, str]) -> httpx.Response:
        return asyncio.run(self._get(path, headers))

    async def _get(self, path: str, headers: dict[str, str]) -> httpx.Response:
        transport = httpx.ASGITransport(self._app)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://localhost", headers=headers, cookies=self.cookies
        ) as client:
            response = await client.get(path)
            self.cookies.update(response.cookies)
            return response


@pytest.fixture
def client(mongo: str) -> Visitor:
    async def page(request: object) -> HTMLResponse:
        return HTMLResponse(HTML, headers={"etag": '"1"'})

    async def plain(request: object) -> PlainTextResponse:
        return PlainTextResponse("<html <head>")

    async def own(request: object) -> object:
        return forms.login(problem="x", status=401)

    routes = [Route("/", page), Route("/plain", plain), Route("/login", own), Route("/api/page", page)]
    return Visitor(Starlette(routes=routes, middleware=middleware()))


def test_a_page_has_the_look_of_its_person(client: Visitor) -> None:
    assert 'data-look="system"' in client.get("/", headers=PAGE).text
    preferences.change(OWNER, appearance="dark")
    shown = client.get("/", headers=PAGE)
    assert shown.text.index('data-look="dark"') < shown.text.index("window.matchMedia") < shown.text.index("<title>")
    assert "etag" not in shown.headers and int(shown.headers["content-length"]) == len(shown.content)
    assert "hub_look=dark" in shown.headers["set-cookie"]
    assert "set-cookie" not in client.get("/", headers=PAGE).headers


def test_before_the_sign_in_it_is_what_the_browser_showed_last(client: Visitor, configure: Configure) -> None:
    people.create_first("Anna", "four words in a row")
    configure(auth="on")
    client.cookies.set("hub_look", "dark")
    shown = client.get("/login", headers=PAGE)
    assert shown.status_code == 401 and 'data-look="dark"' in shown.text
    assert "<script" not in shown.text, "their content policy allows none"
    client.cookies.set("hub_look", '"><script>')
    assert 'data-look="system"' in client.get("/login", headers=PAGE).text


def test_what_is_no_page_passes_as_it_is(client: Visitor) -> None:
    assert client.get("/plain", headers=PAGE).text == "<html <head>"
    assert client.get("/api/page", headers=PAGE).text == HTML
    assert client.get("/", headers={"accept": "*/*"}).text == HTML


def test_streamlits_page_still_has_the_places_that_are_filled() -> None:
    with open(file_util.get_static_dir() + "/index.html") as file:  # noqa: PTH123
        page = file.read()
    assert page.count("<html ") == 1 and page.count("<head>") == 1
