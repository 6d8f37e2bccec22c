"""One conversation: its messages, the answer that is being written, and the composer."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import streamlit as st

from components import chat_words, state, troubles
from components.chat_dialogs import delete_dialog, export_dialog, request_dialog
from components.chat_header import chat_header
from components.composer import composer
from components.error_note import error_note
from components.model_picker import PickerEvent
from components.parameters import ParametersEvent
from components.transcript import Live, transcript, view
from hub import chat
from hub.chat import act
from hub.chat.opened import Opened, opened
from hub.errors import HubError, NotFound, StoreDown
from hub.models import catalogue
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
    if action["kind"] == "delete":
        state.shell().offer("Deleted the message", "restore_message", action["message"])
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
        page.sent = event["conversation"]
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
    page.open(None, temporary=temporary)
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


def draw(shown: Opened) -> None:
    """The page of a conversation, or of a new chat."""
    window, messages, costs = shown.window, shown.messages, shown.likes.show_costs
    conversation = window.conversation if window else None
    params = conversation.params if conversation else page.params
    temporary = conversation.temporary if conversation else page.temporary
    done = chat_header(
        conversation,
        shown.models,
        shown.chosen,
        params=params,
        recent=shown.recent,
        presets=shown.presets,
        costs=costs,
        on_rename=lambda text: do({"kind": "title", "text": text}),
    )
    if isinstance(done, ParametersEvent):
        adjust(done, shown.chosen)
    elif done:
        pick(done)
    transcript(
        [view(message, costs=costs) for message in messages],
        place=page.place,
        conversation=page.conversation,
        live=[Live(run, chat_words.answers(messages, run)) for run in (*shown.running, *page.following)],
        earlier=bool(window and window.earlier),
        empty=None if messages else chat_words.empty(shown.model, temporary=temporary),
        models=[(one.id, one.label) for one in shown.models[:30]],
        on_action=on_action,
    )
    with st.bottom:
        if page.problem:
            error_note(page.problem["message"], page.problem["hint"])
        composer(
            place=page.place,
            person=who.id,
            conversation=page.conversation,
            model=shown.model,
            params=asdict(params),
            temporary=temporary,
            running=shown.running[0] if shown.running else None,
            turn=f"{messages[-1].id} {messages[-1].status}" if messages else "",
            queued=window.queued if window else (),
            prompts=shown.prompts,
            recall=[message.text for message in messages if message.role == "user"],
            enter_sends=shown.likes.enter_sends,
            when_running=shown.likes.when_running,
            max_mb=settings().max_upload_mb,
            on_event=on_event,
        )


def pick(event: PickerEvent) -> None:
    """What was done in the model picker."""
    if event.do == "manage":
        st.switch_page("pages/models.py")
    elif event.do != "choose":
        catalogue.mark(who, event.id, favourite=event.do == "favourite")
    elif page.conversation:
        do({"kind": "model", "model": event.id})
    else:
        page.model = event.id
    st.rerun()


def adjust(event: ParametersEvent, model: str) -> None:
    """What was done in the parameters."""
    values = {"params": event.params, "system_prompt": event.system_prompt, "temporary": page.temporary}
    if event.do == "save":
        do({"kind": "save-preset", "name": event.name, "model": model, **values})
    elif event.do == "apply":
        do({"kind": "preset", "id": event.name, "temporary": page.temporary})
    elif event.do == "delete":
        do({"kind": "delete-preset", "id": event.name})
    elif page.conversation or event.system_prompt:
        do({"kind": "params", "model": model, **values})
    else:
        page.params = event.params
    st.rerun()


if page.arrive(st.query_params.get("c"), temporary=st.query_params.get("temporary") == "1") and page.sent:
    st.query_params["c"] = page.sent
try:
    draw(opened(who, page.conversation, limit=page.limit, model=page.model))
    if page.dialog:
        wanted, page.dialog = page.dialog, None
        open_dialog(*wanted)
except NotFound as error:
    troubles.not_there(error.message, new_chat)
except StoreDown as error:
    troubles.store_down(error.message)
if page.said:
    st.toast(page.said)
    page.said = ""
