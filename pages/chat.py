"""One conversation: its messages, the answer that is being written, and the composer."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import streamlit as st

from components import chat_words, state, troubles
from components.chat_dialogs import delete_dialog, export_dialog, request_dialog
from components.chat_header import chat_header
from components.composer import composer
from components.transcript import Live, transcript, view
from hub import chat
from hub.chat import act, preferences, prompts
from hub.chat.records import Window
from hub.errors import HubError, NotFound, StoreDown
from hub.models import catalogue
from hub.models.types import ModelInfo
from hub.settings import settings

who = state.who()
page = state.chat()


def do(action: dict[str, Any]) -> None:
    """Have the chat room do `action` in the open conversation; what goes wrong is shown above the composer."""
    page.problem = None
    try:
        done = act.act(who, page.conversation, action)
    except HubError as error:
        page.problem = error.record()
        return
    if done.conversation:
        st.query_params["c"] = done.conversation
    if done.run:
        page.following.append(done.run)
    page.said = done.said


def on_action(action: dict[str, Any]) -> None:
    """What was done in the transcript."""
    if action["kind"] == "earlier":
        page.limit += 40
    elif action["kind"] == "finished":
        page.following = [run for run in page.following if run != action["run"]]
    elif action["kind"] in {"delete", "what-went-in"}:
        page.dialog = (action["kind"], action["message"])
    else:
        do(action)


def on_event(event: dict[str, Any]) -> None:
    """What was done in the composer. Sending is done already."""
    if event["kind"] == "sent":
        st.query_params.from_dict({"c": event["conversation"]})
    elif event["kind"] == "command":
        command, text = event["name"], event["argument"]
        if command in {"new", "temporary"}:
            new_chat(temporary=command == "temporary")
        elif command == "export":
            page.dialog = (command, "")
        elif command == "system":
            do({"kind": "system_prompt", "system_prompt": text, "temporary": page.temporary})
        else:
            do({"kind": command, "text": text})


def new_chat(*, temporary: bool = False) -> None:
    """Leave this conversation for an empty one."""
    st.query_params.from_dict({"temporary": "1"} if temporary else {})


def open_dialog(name: str, message: str) -> None:
    """Show one of the dialogs."""
    if name == "delete":
        alone, below = chat.delete_plan(who, message), chat.delete_plan(who, message, subtree=True)
        more = below.sentence if len(below.removed) > len(alone.removed) else None
        delete_dialog(alone.sentence, more, lambda all: do({"kind": "delete", "message": message, "subtree": all}))
    elif name == "what-went-in":
        used = chat.get_message(who, message).context_used
        request_dialog(chat.sent_request(who, message), chat_words.context(used))
    elif page.conversation:
        key = page.conversation
        forms = {"Markdown": ("md", chat.export_markdown(who, key)), "text": ("txt", chat.export_text(who, key))}
        export_dialog(chat.get(who, key).title, forms | {"JSON, with branches": ("json", chat.export_json(who, key))})


def draw(window: Window | None) -> None:
    """The page of a conversation, or of a new chat."""
    likes, models = preferences.get(who), catalogue.models(who)
    conversation = window.conversation if window else None
    chosen = (conversation.model if conversation else page.model) or catalogue.default_model(who)
    model = next((one for one in models if one.id == chosen), None) or unlisted(chosen)
    models = models if model is None or model in models else [*models, model]
    picked = chat_header(
        conversation,
        models,
        chosen,
        recent=catalogue.recents(who),
        costs=likes.show_costs,
        on_rename=lambda text: do({"kind": "title", "text": text}),
    )
    if picked:
        pick(picked.do, picked.id)
    messages, running = (window.messages, window.running) if window else ((), ())
    temporary = conversation.temporary if conversation else page.temporary
    transcript(
        [view(message, costs=likes.show_costs) for message in messages],
        place=page.place,
        conversation=page.conversation,
        live=[Live(run, chat_words.answers(messages, run)) for run in (*running, *page.following)],
        earlier=bool(window and window.earlier),
        empty=None if messages else chat_words.empty(model, temporary=temporary),
        models=[(one.id, one.label) for one in models[:30]],
        on_action=on_action,
    )
    with st.bottom:
        if page.problem:
            st.error(f"{page.problem['message']} {page.problem['hint']}", icon=":material/error:")
        composer(
            place=page.place,
            person=who.id,
            conversation=page.conversation,
            model=model,
            params=asdict(conversation.params) if conversation else page.params,
            temporary=temporary,
            running=running[0] if running else None,
            turn=f"{messages[-1].id} {messages[-1].status}" if messages else "",
            queued=window.queued if window else (),
            prompts=prompts.all_prompts(who),
            recall=[message.text for message in messages if message.role == "user"],
            enter_sends=likes.enter_sends,
            when_running=likes.when_running,
            max_mb=settings().max_upload_mb,
            on_event=on_event,
        )


def unlisted(model: str) -> ModelInfo | None:
    """A model whose name was typed and is in no list; None when its connection is gone."""
    try:
        return catalogue.find(who, model)
    except NotFound:
        return None


def pick(what: str, model: str) -> None:
    """What was done in the model picker."""
    if what == "manage":
        st.switch_page("pages/models.py")
    elif what != "choose":
        catalogue.mark(who, model, favourite=what == "favourite")
    elif page.conversation:
        do({"kind": "model", "model": model})
    else:
        page.model = model
    st.rerun()


def back() -> bool:
    """Whether the store answers again."""
    try:
        preferences.get(who)
    except StoreDown:
        return False
    return True


page.open(st.query_params.get("c"), temporary=st.query_params.get("temporary") == "1")
try:
    draw(chat.open_window(who, page.conversation, limit=page.limit) if page.conversation else None)
    if page.dialog:
        wanted, page.dialog = page.dialog, None
        open_dialog(*wanted)
except NotFound as error:
    troubles.not_there(error.message, new_chat)
except StoreDown as error:
    troubles.store_down(error.message, back)
if page.said:
    st.toast(page.said)
    page.said = ""
