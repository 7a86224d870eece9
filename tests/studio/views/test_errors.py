"""A page that fails shows one calm panel; only faults of the program are logged, with their trace."""

from __future__ import annotations

from studio.errors import BadInput
from studio.views import home as home_page
from studio.views.error_panel import LOG_NAME


def failing(monkeypatch, error: Exception) -> None:
    def show(dataset):
        raise error

    monkeypatch.setattr(home_page, "show", show)


def test_what_a_user_can_act_on_is_one_sentence(open_page, said, home, monkeypatch):
    failing(monkeypatch, BadInput("The <name> is taken. Choose another."))
    at = open_page("")
    assert not at.exception
    assert "The &lt;name&gt; is taken. Choose another." in said(at)
    assert not (home / "logs").exists()


def test_a_fault_of_the_program_is_logged_with_its_trace(open_page, said, home, monkeypatch):
    failing(monkeypatch, ZeroDivisionError("by nothing"))
    at = open_page("")
    assert not at.exception
    assert "a fault of the program (ZeroDivisionError)" in said(at)
    assert "by nothing" in at.code[0].value
    assert "ZeroDivisionError: by nothing" in (home / "logs" / LOG_NAME).read_text()
