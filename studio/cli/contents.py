"""A help page that reads like a table of contents: verbs under headings, in the order of the road."""

from __future__ import annotations

from typing import Any

from typer.core import TyperGroup


class Contents(TyperGroup):
    """Lists commands under their section (`rich_help_panel`), in the order they were registered."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(self.commands)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        sections: dict[str, list[tuple[str, str]]] = {}
        for name in self.list_commands(ctx):
            command = self.get_command(ctx, name)
            if command is None or command.hidden:
                continue
            section = str(getattr(command, "rich_help_panel", "") or "Verbs")
            sections.setdefault(section, []).append((name, command.get_short_help_str(limit=100)))
        for section, rows in sections.items():
            with formatter.section(section):
                formatter.write_dl(rows)
