"""The webhook of a schedule: where it is, the key that signs for it, and how something is sent to it."""

from __future__ import annotations

from typing import Protocol

import streamlit as st

HIDDEN = "whsec_…"
_EXAMPLE = """\
KEY='whsec_…'
BODY='{{"event": "test"}}'
ID=$(openssl rand -hex 16)
NOW=$(date +%s)
HEX=$(printf %s "${{KEY#whsec_}}" | openssl base64 -d -A | od -An -v -tx1 | tr -d ' \\n')
SIGNATURE=$(printf %s "$ID.$NOW.$BODY" | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$HEX" -binary |
  openssl base64 -A)
curl -sS '{address}' \\
  -H "webhook-id: $ID" -H "webhook-timestamp: $NOW" -H "webhook-signature: v1,$SIGNATURE" \\
  -H 'Content-Type: application/json' --data-binary "$BODY"
"""
ABOUT = (
    "What is sent here starts the schedule, when it is signed with the key as "
    "[Standard Webhooks](https://www.standardwebhooks.com) say. At GitHub give this address, the content type "
    "`application/json`, and the key as the secret. The body is `{{payload}}` in the prompt; the same delivery again "
    "starts nothing."
)


class Key(Protocol):
    """Gives the key; with `anew` another one."""

    def __call__(self, *, anew: bool = False) -> str: ...


def example(address: str) -> str:
    """A delivery from a shell, with the key left out."""
    return _EXAMPLE.format(address=address)


def webhook(schedule: str, address: str, key: Key) -> None:
    """Draw it. The key is asked for only while it is shown."""
    with st.expander("Webhook", icon=":material/webhook:", key="schedule_webhook"):
        st.caption(ABOUT)
        st.markdown("Address")
        st.code(address, language=None, wrap_lines=True)
        with st.container(horizontal=True, vertical_alignment="center", gap="small", key="facts_webhook"):
            shown = st.toggle("Show the key", key=f"webhook_shown_{schedule}", width="stretch")
            with st.popover("New key", icon=":material/key:", key="webhook_anew"):
                st.markdown("The present key ends at once: whoever signs with it needs the new one.")
                if st.button("Make a new key", type="primary", key="webhook_replace"):
                    key(anew=True)
                    st.toast("There is a new key.", icon=":material/check:")
        if shown:
            st.code(key(), language=None, wrap_lines=True)
        st.markdown("From a shell")
        st.code(example(address), language="bash", wrap_lines=True)
