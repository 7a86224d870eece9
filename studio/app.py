"""The app as one ASGI object: the pages, the routes beside them, and the guard in front of both."""

from pathlib import Path

import streamlit as st

from studio.api.guard import middleware
from studio.lazy_routes import lazy_routes
from studio.views.error_panel import show_error

app = st.App(
    Path(__file__).parent / "views" / "main.py",
    routes=lazy_routes(),
    middleware=middleware(),
    on_script_error=show_error,
)
