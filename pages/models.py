"""Where answers come from: connections to providers, and the models behind them."""

from __future__ import annotations

import streamlit as st

from components import state
from components.connection_card import Card, Do, connection_card
from components.connection_dialogs import add_dialog, change_dialog, remove_dialog
from components.connection_form import Offer, Wanted, connection_form
from components.empty_state import empty_state
from components.error_note import error_note
from components.local_offers import Found, local_offers
from components.model_picker import model_picker
from components.model_table import model_table
from components.models_head import models_head
from hub.errors import HubError
from hub.models import catalogue, connections, discover
from hub.models.blocking import wait_for
from hub.models.connections import Connection
from hub.models.prices import litellm_providers
from hub.models.providers import PROVIDERS, Provider
from hub.models.trial import trial
from hub.settings import PROVIDER_KEYS

who = state.who()
page = state.models()


def offer(one: Provider) -> Offer:
    """A provider's row as the form takes it."""
    sign_in = "/oauth/openrouter/start" if one.key == "openrouter" else ""
    return Offer(one.key, one.title, one.base_url, one.key_page, one.needs_key, one.asks_base_url, sign_in)


def card(one: Connection, models: int) -> Card:
    """A connection as its card shows it."""
    variable = PROVIDER_KEYS.get(one.provider, "the environment") if one.source == "environment" else ""
    kind, demo = one.litellm_provider or one.preset.title.removeprefix("Any "), one.source == "demo"
    said = page.said.get(one.id, ("", True, ""))
    return Card(one.id, one.name, kind, one.base_url, one.key_hint, variable, one.enabled, models, *said, demo=demo)


def test(connection: Connection) -> None:
    """Ask the provider; what it says stands on the card until the page is left."""
    page.asked.add(connection.id)
    with st.spinner(f"Asking {connection.name}"):
        result = trial(who, connection)
    page.said[connection.id] = (result.sentence, result.ok, result.base_url)


def save(wanted: Wanted, changed: Connection | None = None) -> tuple[str, str] | None:
    """Store a new or a changed connection and ask it for its models; what is wrong with the input, if anything."""
    name, key, url = wanted.name, wanted.key, wanted.base_url
    try:
        if changed:
            test(connections.update(who, changed.id, name=name, base_url=url, key=key or None))
        else:
            provider = wanted.litellm_provider
            test(connections.add(who, wanted.provider, name=name, key=key, base_url=url, litellm_provider=provider))
    except HubError as error:
        return error.message, error.hint
    return None


def act(one: Connection, what: Do) -> None:
    """What was asked for on a card."""
    if what == "edit":
        change_dialog(offer(one.preset), one.name, one.base_url, one.key_hint, lambda wanted: save(wanted, one))
        return
    if what == "remove":
        remove_dialog(one.name, lambda: connections.remove(who, one.id))
        return
    if what == "better":
        test(connections.update(who, one.id, base_url=page.said[one.id][2]))
    elif what == "test":
        test(one)
    else:
        connections.update(who, one.id, enabled=what == "enable")
    st.rerun()


@st.cache_data(ttl=30, show_spinner=False)
def local_servers() -> list[Found]:
    """Servers on this machine, looked for at most twice a minute."""
    found = wait_for(discover.found())
    return [Found(server.provider, server.title, server.base_url, server.models) for server in found]


@st.fragment(parallel=True)
def found_here(taken: set[str]) -> None:
    """Offer each local server that is not connected yet; looking for them holds up nothing."""
    server = local_offers([one for one in local_servers() if one.base_url not in taken])
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
    found_here({one.base_url.replace("localhost", "127.0.0.1") for one in known})
    if all(one.source == "demo" for one in known):
        with st.container(border=True, key="card_new"):
            st.subheader("Connect your first provider", anchor=False)
            wanted = connection_form([offer(one) for one in PROVIDERS], litellm_providers())
            problem = save(wanted) if wanted else None
            if problem:
                error_note(*problem)
            elif wanted:
                st.rerun()
    for one in known:
        if what := connection_card(card(one, behind.count(one.id))):
            act(one, what)


def show_catalogue() -> None:
    """The model of new chats, then every model with its marks."""
    models, default = catalogue.models(who, hidden=True), catalogue.default_model(who)
    with st.container(horizontal=True, vertical_alignment="center", key="default_model"):
        st.markdown("New chats start with", width="content")
        shown = [one for one in models if not one.hidden]
        picked = model_picker(shown, default, recent=catalogue.recents(who), label="Default model", key="default")
    if len(models) == 1:
        empty_state("hub", "Only the demo so far", "Connect a provider and its models stand here.", key="models")
    done = model_table(models, default) if len(models) > 1 else None
    if picked and picked.do in {"favourite", "unfavourite"}:
        catalogue.mark(who, picked.id, favourite=picked.do == "favourite")
    elif picked and picked.do == "choose":
        catalogue.set_default(who, picked.id)
    elif done and done.do == "default":
        catalogue.set_default(who, done.id)
    elif done:
        catalogue.mark(who, done.id, **done.marks)
    if picked or done:
        st.rerun()


with st.container(key="page_models"):
    try:
        if st.query_params.get("connected"):
            st.query_params.pop("connected")
            st.toast("OpenRouter is connected.", icon=":material/check_circle:")
        known = connections.list_connections(who)
        view, adding = models_head(addable=any(one.source != "demo" for one in known))
        if adding:
            add_dialog([offer(one) for one in PROVIDERS], litellm_providers(), save)
        show_connections(known) if view == "Connections" else show_catalogue()
        fill()
    except HubError as error:
        error_note(error.message, error.hint, action="Try again", key="models_error")
