"""Where answers come from: connections to providers, and the models behind them."""

from __future__ import annotations

import streamlit as st

from components import state
from components.connection_card import Card, connection_card
from components.connection_form import Offer, Wanted, change_form, connection_form
from components.empty_state import empty_state
from components.error_note import error_note
from components.model_card import model_card
from components.model_picker import model_picker
from components.model_table import model_table
from hub.errors import HubError
from hub.models import catalogue, check, connections, discover
from hub.models.blocking import wait_for
from hub.models.connections import Connection
from hub.models.discover import LocalServer
from hub.models.prices import litellm_providers
from hub.models.providers import PROVIDERS, Provider
from hub.settings import PROVIDER_KEYS

who = state.who()
page = state.models()


def offer(preset: Provider) -> Offer:
    """A provider's row as the form takes it."""
    sign_in = "/oauth/openrouter/start" if preset.key == "openrouter" else ""
    return Offer(
        preset.key, preset.title, preset.base_url, preset.key_page, preset.needs_key, preset.asks_base_url, sign_in
    )


def card(connection: Connection, counts: dict[str, int]) -> Card:
    """A connection as its card shows it."""
    variable = {"environment": PROVIDER_KEYS.get(connection.provider, "the environment"), "demo": ""}
    said = page.said.get(connection.id)
    return Card(
        connection.id,
        connection.name,
        connection.preset.title,
        connection.base_url,
        connection.key_hint,
        variable.get(connection.source, ""),
        connection.enabled,
        counts.get(connection.id),
        *(said or ("", True)),
    )


def connect(wanted: Wanted) -> None:
    """Store what the form says, fetch its models, say how that went."""
    made = connections.add(
        who,
        wanted.provider,
        name=wanted.name,
        key=wanted.key,
        base_url=wanted.base_url,
        litellm_provider=wanted.litellm_provider,
    )
    test(made)
    page.adding = False


def test(connection: Connection) -> None:
    """Ask the provider, keep what it says for the card, and its list of models when it answers."""
    with st.spinner(f"Asking {connection.name}"):
        result = wait_for(check.check(connection, connections.access(who, connection)))
        page.said[connection.id] = (result.sentence, result.ok)
        if result.ok:
            wait_for(catalogue.refresh(who, connection))


def act(connection: Connection, what: str) -> None:
    """What was asked for on a card."""
    if what in {"test", "refresh"}:
        test(connection)
    elif what == "edit":
        change(connection)
        return
    elif what == "remove":
        remove(connection)
        return
    else:
        connections.update(who, connection.id, enabled=what == "enable")
    st.rerun()


@st.dialog("Change connection")
def change(connection: Connection) -> None:
    """Name, address and key of one connection."""
    wanted = change_form(offer(connection.preset), connection.name, connection.base_url)
    if wanted is None:
        return
    try:
        test(connections.update(who, connection.id, name=wanted.name, base_url=wanted.base_url, key=wanted.key or None))
    except HubError as error:
        error_note(error.message, error.hint)
        return
    st.rerun()


@st.dialog("Remove connection")
def remove(connection: Connection) -> None:
    """A key cannot be brought back, so this asks first."""
    st.markdown(f"**{connection.name}** and its key go. Your chats stay; their models can no longer be asked.")
    with st.container(horizontal=True, horizontal_alignment="right"):
        if st.button("Keep connection"):
            st.rerun()
        if st.button("Remove connection", type="primary"):
            connections.remove(who, connection.id)
            st.rerun()


@st.cache_data(ttl=30, show_spinner=False)
def local_servers() -> list[LocalServer]:
    """Servers on this machine, looked for at most twice a minute."""
    return wait_for(discover.found())


def found_here(known: list[Connection]) -> None:
    """Offer each local server that is not connected yet."""
    taken = {connection.base_url.replace("localhost", "127.0.0.1") for connection in known}
    for server in (one for one in local_servers() if one.base_url not in taken):
        with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"card_found_{server.provider}"):
            many = "1 model" if len(server.models) == 1 else f"{len(server.models)} models"
            st.markdown(f":material/lan: **{server.title}** answers on this machine with {many}.")
            st.space("stretch")
            if st.button(f"Connect {server.title}", key=f"found_{server.base_url}"):
                connect(Wanted(server.provider, base_url=server.base_url))
                st.rerun()


def show_connections() -> None:
    """The connections, and the form for another."""
    known = connections.list_connections(who)
    own = [connection for connection in known if connection.source != "demo"]
    counts: dict[str, int] = {}
    for model in catalogue.models(who, hidden=True):
        counts[model.connection] = counts.get(model.connection, 0) + 1
    found_here(known)
    for connection in own:
        what = connection_card(card(connection, counts))
        if what:
            act(connection, what)
    if not own:
        st.caption("Nothing is connected yet. Until then the built-in demo answers, so that you can look around.")
    if own and not page.adding:
        page.adding = st.button("Add connection", icon=":material/add:", type="primary")
    if not own or page.adding:
        with st.container(border=True, key="card_new"):
            st.subheader("Add a connection", anchor=False)
            wanted = connection_form([offer(preset) for preset in PROVIDERS], litellm_providers())
        if wanted:
            connect(wanted)
            st.rerun()


def show_catalogue() -> None:
    """Default model, then every model with its marks."""
    models = catalogue.models(who, hidden=True)
    shown = [model for model in models if not model.hidden]
    chosen = catalogue.default_model(who)
    with st.container(horizontal=True, vertical_alignment="center", key="default_model"):
        st.markdown("New chats start with", width="content")
        picked = model_picker(shown, chosen, recent=catalogue.recents(who), label="Default model", key="default_picker")
    if picked and picked.do == "choose":
        catalogue.set_default(who, picked.id)
        st.rerun()
    default = next((model for model in models if model.id == chosen), None)
    if default:
        model_card(default)
    if len(models) == 1 and models[0].demo:
        empty_state("hub", "Only the demo so far", "Connect a provider and its models stand here.", key="models")
        return
    for mark in model_table(models):
        catalogue.mark(who, mark.id, favourite=mark.favourite, hidden=mark.hidden, alias=mark.alias)


with st.container(key="page_models"):
    st.title("Models", anchor=False)
    view = st.segmented_control(
        "View",
        ["Connections", "Catalogue"],
        default="Connections",
        required=True,
        key="view",
        bind="query-params",
        label_visibility="collapsed",
    )
    try:
        stale = [one for one in catalogue.stale(who) if one.id not in page.asked]
        if stale:
            page.asked |= {one.id for one in stale}
            with st.spinner("Fetching the lists of models"):
                failed = wait_for(catalogue.fill(who))
            page.said |= {id_: (f"{error.message} {error.hint}", False) for id_, error in failed.items()}
        show_connections() if view == "Connections" else show_catalogue()
    except HubError as error:
        error_note(error.message, error.hint, action="Try again", key="models_error")
