"""The app that `streamlit run` and `hub web` serve."""

import streamlit as st

from hub import web

app = st.App(
    "hub/shell.py",
    routes=web.routes(),
    middleware=web.middleware(),
    lifespan=web.lifespan,
    on_script_error=web.on_script_error,
)
