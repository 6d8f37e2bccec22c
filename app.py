"""The app that `streamlit run` and `hub web` serve."""

import streamlit as st

from components.troubles import page_failed
from hub import web


def on_script_error(error: Exception) -> bool:
    """Logs what went wrong in a page, and says so calmly in place of Streamlit's own box."""
    web.on_script_error(error)
    page_failed()
    return True


app = st.App(
    "hub/shell.py",
    routes=web.routes(),
    middleware=web.middleware(),
    lifespan=web.lifespan,
    on_script_error=on_script_error,
)
