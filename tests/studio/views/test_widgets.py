"""The still parts of the pages: markup, words, curves."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.views.widgets import run_words
from studio.views.widgets.loss_chart import POINTS, smoothed, thinned
from studio.views.widgets.markup import element, facts, join
from studio.views.widgets.weights_files import readers


def test_text_and_attributes_are_escaped():
    made = element("img", src='x" onerror="alert(1)', alt="<b>")
    assert made == '<img src="x&quot; onerror=&quot;alert(1)" alt="&lt;b&gt;">'
    assert element("p", "a < b & c", element("b", "<i>")) == "<p>a &lt; b &amp; c<b>&lt;i&gt;</b></p>"


def test_numbers_and_left_out_parts():
    assert element("p", 3, None, class_=None) == "<p>3</p>"
    assert join("<", element("br")) == "&lt;<br>"
    assert facts([("a", "1")], good=frozenset({"a"})).count("cs-good") == 1


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.2, "1 s"), (41, "41 s"), (89.6, "90 s"), (600, "10 min"), (9000, "2.5 h")]
)
def test_durations(seconds, words):
    assert run_words.duration(seconds) == words


@pytest.mark.parametrize(
    ("size", "words"), [(12, "12 bytes"), (3200, "3.2 kB"), (298_000, "298 kB"), (1.04e9, "1.0 GB")]
)
def test_sizes(size, words):
    assert run_words.size(size) == words


def test_change_against_the_base():
    assert run_words.change(0.06, 0.1) == "40 % below"
    assert run_words.change(0.11, 0.1) == "10 % above"


def test_the_smoothed_curve_keeps_a_line_and_calms_a_jump():
    flat = [(step, 0.5) for step in range(100)]
    assert smoothed(flat) == flat
    jumpy = [(step, 0.5 + (0.2 if step % 2 else -0.2)) for step in range(100)]
    assert max(abs(loss - 0.5) for _, loss in smoothed(jumpy)) < 0.07
    assert smoothed([]) == []


def test_a_long_curve_is_thinned_and_keeps_its_ends():
    curve = [(step, 1.0 / (step + 1)) for step in range(12_345)]
    short = thinned(curve)
    assert len(short) <= 2 * POINTS
    assert (short[0], short[-1]) == (curve[0], curve[-1])


def test_every_kind_of_file_names_its_readers():
    assert "load_textual_inversion" in readers("textual-inversion", Path("ink.safetensors"))
    assert "PEFT" in readers("lora", Path("ink-diffusers/pytorch_lora_weights.safetensors"))
    assert "ComfyUI" in readers("lora", Path("ink.safetensors"))
