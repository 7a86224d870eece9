"""Try: what is asked for becomes a request and a job, and what was drawn is shown in pairs."""

from __future__ import annotations

import json

from studio.stages.export import export
from studio.stages.plan_training import plan_training
from studio.stages.try_out import start_try
from studio.workspace import Dataset
from training import create_run


def trained(dataset: Dataset) -> str:
    export(dataset)
    run = create_run(dataset.runs, plan_training(dataset))
    (run / "weights").mkdir()
    (run / "weights" / "drawings.safetensors").write_bytes(bytes(100))
    return run.name


def test_without_weights_it_leads_to_training(open_page, said, filled):
    at = open_page("try", dataset=filled.name)
    assert "Train one first" in said(at)
    assert at.button(key="to-training").label == "Train"


def test_draw_writes_the_request_and_starts_the_job(open_page, filled, started):
    trained(filled)
    at = open_page("try", dataset=filled.name)
    assert "a lemon, ink style" in at.text_area[0].value
    at.text_area[0].set_value("a lemon, ink style\n\n  a crown  ")
    at.slider[0].set_value(0.8)
    at.number_input[0].set_value(7)
    at = next(one for one in at.button if one.label == "Draw").click().run()
    assert not at.exception
    assert started == [("generate", {"try": "0001"})]
    request = json.loads((filled.tries / "0001" / "request.json").read_text())
    assert request["prompts"] == ["a lemon, ink style", "a crown"]
    assert request["seeds"] == [7, 8]
    assert request["weights"][0]["strength"] == 0.8
    assert request["weights"][0]["path"].endswith("drawings.safetensors")


def test_no_prompt_is_refused_in_one_sentence(open_page, said, filled, started):
    trained(filled)
    at = open_page("try", dataset=filled.name)
    at.text_area[0].set_value("  \n")
    at = next(one for one in at.button if one.label == "Draw").click().run()
    assert "There is no prompt" in said(at)
    assert started == []


def test_what_was_drawn_stands_side_by_side(open_page, said, filled):
    trained(filled)
    folder = start_try(filled, {"prompts": ["a <lemon>"], "weights": [], "steps": 20})
    pictures = [
        {"file": f"{name}-00.png", "prompt": "a <lemon>", "seed": 3, "with_weights": name == "with", "saturation": 0.2}
        for name in ("with", "without")
    ]
    (folder / "result.json").write_text(json.dumps({"seconds": 4.2, "pictures": pictures}))
    text = said(open_page("try", dataset=filled.name))
    assert text.index("without-00.png") < text.index("/with-00.png")
    assert "a &lt;lemon&gt;" in text
    assert "seed 3 · saturation 0.20" in text
