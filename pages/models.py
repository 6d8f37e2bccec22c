"""Where answers come from: connections to providers, and the models behind them."""

from __future__ import annotations

import streamlit as st

from components import state
from components.connection_card import Card, Do, connection_card
from components.connection_dialogs import add_dialog, change_dialog, first_form, remove_dialog
from components.connection_form import Offer, Wanted
from components.default_picker import default_picker
from components.empty_state import empty_state
from components.error_note import error_note
from components.local_offers import Found, local_offers
from components.model_table import model_table
from components.models_head import models_head
from hub.errors import HubError
from hub.models import catalogue, connections, discover, trial
from hub.models.blocking import wait_for
from hub.models.check import Check
from hub.models.connections import Connection
from hub.models.prices import litellm_providers
from hub.models.providers import Provider, offered

who = state.who()
page = state.models()


def offer(one: Provider) -> Offer:
    """A provider's row as the form takes it."""
    sign_in = "/oauth/openrouter/start" if one.key == "openrouter" else ""
    return Offer(one.key, one.title, one.base_url, one.key_page, one.needs_key, one.asks_base_url, sign_in)


def card(one: Connection, models: int) -> Card:
    """A connection as its card shows it."""
    said, demo = page.said.get(one.id, ("", True, "")), one.source == "demo"
    facts = (one.id, one.name, one.kind, one.base_url, one.key_hint, one.variable, one.enabled, models)
    return Card(*facts, *said, demo=demo)


def note(result: Check) -> None:
    """What a provider said stands on its card until the page is left."""
    page.asked.add(result.connection)
    page.said[result.connection] = (result.sentence, result.ok, result.base_url)


def save(wanted: Wanted, changed: str = "") -> tuple[str, str] | None:
    """Store a new connection, or the one that is `changed`, and try it; what is wrong with the input, if anything."""
    name, key, url, by_name = wanted.name, wanted.key, wanted.base_url, wanted.litellm_provider
    try:
        with st.spinner("Asking for its models"):
            if changed:
                note(trial.change(who, changed, name=name, key=key, base_url=url))
            else:
                note(trial.connect(who, wanted.provider, name=name, key=key, base_url=url, litellm_provider=by_name))
    except HubError as error:
        return error.message, error.hint
    return None


def act(one: Connection, what: Do) -> None:
    """What was asked for on a card."""
    if what == "edit":
        change_dialog(offer(one.preset), one.name, one.base_url, one.key_hint, lambda wanted: save(wanted, one.id))
        return
    if what == "remove":
        remove_dialog(one.name, lambda: connections.remove(who, one.id))
        return
    with st.spinner(f"Asking {one.name}"):
        if what == "test":
            note(trial.trial(who, one))
        elif what == "better":
            note(trial.change(who, one.id, base_url=page.said[one.id][2]))
        else:
            trial.switch(who, one.id, on=what == "enable")
    st.rerun()


@st.cache_data(ttl=30, show_spinner=False)
def local_servers(known: list[Connection]) -> list[Found]:
    """Servers on this machine that are not connected yet, looked for at most twice a minute."""
    return [Found(one.provider, one.title, one.base_url, one.models) for one in wait_for(discover.offers(known))]


@st.fragment(parallel=True)
def found_here(known: list[Connection]) -> None:
    """Offer each local server; looking for them holds up nothing."""
    server = local_offers(local_servers(known))
    if server:
        problem = save(Wanted(server.provider, base_url=server.base_url))
        error_note(*problem) if problem else st.rerun()


@st.fragment(parallel=True)
def fill() -> None:
    """Fetch the lists of models that are missing or old while the page stands."""
    stale = [one for one in catalogue.stale(who) if one.id not in page.asked]
    if not stale:
        return
    page.asked |= {one.id for one in stale}
    with st.spinner("Refreshing the lists of models"):
        failed = wait_for(catalogue.fill(who))
    page.said |= {id_: (f"{error.message} {error.hint}".strip(), False, "") for id_, error in failed.items()}
    st.rerun()


def show_connections(known: list[Connection]) -> None:
    """What else was found, the form for the first connection, then the connections."""
    behind = [model.connection for model in catalogue.models(who, hidden=True)]
    found_here(known)
    if all(one.source == "demo" for one in known):
        first_form([offer(one) for one in offered()], litellm_providers(), save)
    for one in known:
        if what := connection_card(card(one, behind.count(one.id))):
            act(one, what)


def show_catalogue() -> None:
    """The model of new chats, then every model with its marks."""
    models, default = catalogue.models(who, hidden=True), catalogue.default_model(who)
    picked = default_picker(models, default, catalogue.recents(who))
    if len(models) == 1:
        empty_state("hub", "Only the demo so far", "Connect a provider and its models stand here.", key="models")
    done = model_table(models, default) if len(models) > 1 else None
    for event in filter(None, (picked, done)):
        if event.marks:
            catalogue.mark(who, event.id, **event.marks)
        elif event.do in {"choose", "default"}:
            catalogue.set_default(who, event.id)
        st.rerun()


with st.container(key="page_models"):
    try:
        if st.query_params.get("connected"):
            st.query_params.pop("connected")
            st.toast("OpenRouter is connected.", icon=":material/check_circle:")
        known = connections.list_connections(who)
        view, adding = models_head(addable=any(one.source != "demo" for one in known))
        if adding:
            add_dialog([offer(one) for one in offered()], litellm_providers(), save)
        show_connections(known) if view == "Connections" else show_catalogue()
        fill()
    except HubError as error:
        error_note(error.message, error.hint, action="Try again", key="models_error")
