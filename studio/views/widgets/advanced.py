"""Every setting of a run, drawn from the config itself: its groups, names, values and explanations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import streamlit as st

from studio.stages.plan_training import merged
from studio.views.widgets import setting_field
from studio.views.widgets.markup import element, put

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

    from training import RunConfig

_CHOSEN_ELSEWHERE = frozenset({"data.path", "base.model", "method.method", "method.dora"})
_COLUMNS = 3


class Setting(NamedTuple):
    """One setting: its dotted path, what the config says about it, and its value."""

    path: str
    info: FieldInfo
    value: Any


def show(config: RunConfig, key: str) -> dict[str, Any]:
    """Draw all settings, folded away, and return the changed ones as nested overrides."""
    groups = {name: list(settings) for name, settings in _groups(config)}
    many = sum(len(settings) for settings in groups.values())
    changes: dict[str, Any] = {}
    with st.expander(f"Advanced: {many} settings", key=f"advanced-{key}"):
        place = st.container()
        for name, settings in groups.items():
            put(element("h2", _heading(config, name), class_="cs-h cs-group"))
            for start in range(0, len(settings), _COLUMNS):
                for column, setting in zip(st.columns(_COLUMNS), settings[start : start + _COLUMNS], strict=False):
                    with column:
                        changes = merged(changes, _asked(setting, key))
        count = _leaves(changes)
        if count:
            words = "setting differs" if count == 1 else "settings differ"
            place.caption(f"{count} {words} from the suggestion.")
    return changes


def _asked(setting: Setting, key: str) -> dict[str, Any]:
    """Ask for one setting; an empty mapping when it stays as suggested."""
    # The suggestion is part of the key: another suggestion puts the field back to it.
    asked = setting_field.show(setting.path, setting.info, setting.value, f"{key}-{setting.path}-{setting.value!r}")
    if asked == setting_field.plain(setting.value):
        return {}
    nested: Any = asked
    for part in reversed(setting.path.split(".")):
        nested = {part: nested}
    return nested


def _groups(config: RunConfig) -> Iterator[tuple[str, Iterator[Setting]]]:
    """Groups of the config in its own order; settings outside a group come first."""
    yield (
        "",
        (Setting(name, info, getattr(config, name)) for name, info in _fields(config) if not _is_group(config, name)),
    )
    for name, _ in _fields(config):
        if _is_group(config, name):
            inner = getattr(config, name)
            found = (Setting(f"{name}.{below}", info, getattr(inner, below)) for below, info in _fields(inner))
            yield name, (setting for setting in found if setting.path not in _CHOSEN_ELSEWHERE)


def _fields(model: Any) -> Iterator[tuple[str, FieldInfo]]:
    yield from type(model).model_fields.items()


def _is_group(config: RunConfig, name: str) -> bool:
    return hasattr(type(getattr(config, name)), "model_fields")


def _heading(config: RunConfig, group: str) -> str:
    return (type(config).model_fields[group].description or group) if group else "The result."


def _leaves(changes: Any) -> int:
    return sum(_leaves(value) for value in changes.values()) if isinstance(changes, dict) else 1
