"""Verbs that open things: app, demo."""

from __future__ import annotations

from typing import Annotated

import typer


def app(
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 takes the first free one from 8501 on.")] = 0,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open a browser window.")] = True,
    lan: Annotated[bool, typer.Option("--lan", help="Answer other machines too; prints the token they need.")] = False,
) -> None:
    """Open the app in the browser.

    It answers on 127.0.0.1; only this machine can reach it.

    Example: concept-studio app
    """
    from studio.app_server import serve

    serve(port=port or None, open_browser=browser, lan=lan)


def demo() -> None:
    """The whole road on the example pictures.

    With the built-in models, offline, in a few minutes.

    Example: concept-studio demo
    """
    from studio.demo import run_demo

    raise typer.Exit(run_demo())
