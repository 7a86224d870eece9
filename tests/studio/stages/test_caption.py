"""Captioning: only where it should, batch by batch, and one bad picture costs itself only. With a stand-in model."""

from __future__ import annotations

import pytest
from PIL import Image

from studio.captioners.loops import repeats_itself
from studio.catalog import Query
from studio.errors import BadInput
from studio.stages.caption import caption
from studio.stages.decide import decide
from studio.stages.edit_captions import set_caption
from studio.stages.progress import Silent


class Parrot:
    """Answers with a text for each picture and remembers how many it saw at once."""

    name = "parrot"

    def __init__(self, words: str = "a thing", fails_on: int | None = None) -> None:
        self.words = words
        self.fails_on = fails_on
        self.batches: list[int] = []
        self.seen = 0

    def caption(self, images: list[Image.Image], careful: bool = False) -> list[str]:
        assert all(image.mode == "RGB" for image in images)
        self.batches.append(len(images))
        if self.fails_on is not None and any(image.getpixel((0, 0)) == self.fails_on for image in images):
            raise RuntimeError("CUDA error: something\nlong")
        return ["a calm thing" if careful else self.words] * len(images)


def everything(dataset) -> dict[str, object]:
    with dataset.catalog() as catalog:
        return {picture.name: picture for picture in catalog.pictures.each(Query(decisions=()))}


def test_only_empty_ones_and_the_trigger_once(filled):
    set_caption(filled, 1, "mine")
    decide(filled, [2], "reject")
    report = caption(filled, Parrot("a thing, ink style"), trigger="ink style", batch_size=3)
    found = everything(filled)
    assert (report.written, report.suggested, report.refused) == (8, 0, [])
    assert found["p00.png"].caption == "mine" and found["p01.png"].caption == ""
    assert found["p02.png"].caption == "a thing, ink style" and found["p02.png"].caption_by == "parrot"
    assert found["p02.png"].tokens == 5
    model = Parrot()
    assert caption(filled, model).written == 0 and model.batches == []


def test_prefix_suffix_and_the_trigger_of_the_dataset(filled):
    caption(filled, Parrot(), trigger="ink style")
    report = caption(filled, Parrot("a cat"), mode="replace-machine", prefix="a drawing of ", suffix=", black")
    assert report.written == 10
    assert everything(filled)["p00.png"].caption == "a drawing of a cat, black, ink style"


def test_human_text_is_replaced_only_when_asked_for(filled):
    set_caption(filled, 1, "mine")
    report = caption(filled, Parrot("a dog"), mode="replace-machine")
    assert (report.written, everything(filled)["p00.png"].caption) == (9, "mine")
    report = caption(filled, Parrot("a cow"), mode="suggest")
    picture = everything(filled)["p00.png"]
    assert (report.written, report.suggested) == (0, 10)
    assert (picture.caption, picture.suggestion, picture.suggestion_by) == ("mine", "a cow", "parrot")
    report = caption(filled, Parrot("a pig"), mode="replace-all")
    assert report.written == 10 and everything(filled)["p00.png"].caption == "a pig"
    with filled.catalog() as catalog:
        assert "mine" in {entry.old for entry in catalog.journal.history(1)}


def test_a_text_written_meanwhile_is_not_replaced(filled):
    class Slow(Parrot):
        def caption(self, images, careful=False):
            set_caption(filled, 1, "typed meanwhile")
            return super().caption(images, careful)

    caption(filled, Slow(), batch_size=10)
    assert everything(filled)["p00.png"].caption == "typed meanwhile"


def test_a_failing_picture_costs_itself_only(filled, folder):
    with Image.open(folder / "p03.png") as image:
        colour = image.getpixel((0, 0))
    (folder / "p05.png").unlink()
    model = Parrot(fails_on=colour)
    report = caption(filled, model, batch_size=5)
    refused = dict(report.refused)
    assert "the file is gone" in refused["p05.png"] and "CUDA error: something" in refused["p03.png"]
    assert report.written == 10 - len(refused) and 1 in model.batches


def test_loops_are_asked_again_once_and_else_refused(filled):
    report = caption(filled, Parrot("cat " * 6))
    assert (report.written, report.retried_loops) == (10, 10)
    assert everything(filled)["p00.png"].caption == "a calm thing"

    class Stuck(Parrot):
        def caption(self, images, careful=False):
            return ["cat " * 8] * len(images)

    report = caption(filled, Stuck(), mode="replace-all")
    assert report.written == 0 and len(report.refused) == 10
    assert everything(filled)["p00.png"].caption == "a calm thing"


@pytest.mark.parametrize(
    ("text", "loops"),
    [
        ("a a a a a a", True),
        ("a cat and a cat and a cat and a cat and", True),
        ("a dog a dog a dog a dog", True),
        ("very very very good", False),
        ("a cat on a mat", False),
        ("", False),
    ],
)
def test_loops_are_told_from_speech(text, loops):
    assert repeats_itself(text) is loops


def test_a_stop_keeps_whole_batches_and_a_second_run_goes_on(filled):
    class StopAfterOne(Silent):
        def stopped(self) -> bool:
            return self.done >= 4

    report = caption(filled, Parrot(), batch_size=4, progress=StopAfterOne())
    assert report.stopped and report.written == 4
    assert caption(filled, Parrot(), batch_size=4).written == 6


def test_an_empty_answer_and_a_wrong_count_are_refused(filled):
    class Silent2(Parrot):
        def caption(self, images, careful=False):
            return [""] * len(images)

    assert len(caption(filled, Silent2()).refused) == 10

    class Few(Parrot):
        def caption(self, images, careful=False):
            return super().caption(images)[: len(images) - 1]

    report = caption(filled, Few())
    assert report.written == 0 and "0 captions for 1 pictures" in report.refused[0][1]


def test_modes_and_batches_are_checked(filled):
    with pytest.raises(BadInput, match="no way to caption"):
        caption(filled, Parrot(), mode="everything")
    with pytest.raises(BadInput, match="Use 1 or more"):
        caption(filled, Parrot(), batch_size=0)
