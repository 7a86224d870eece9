import random

from training.data.captions import bare, expand, has_phrase, pick_sentence, sub_tokens, with_placeholder


def test_placeholder_takes_the_triggers_place() -> None:
    assert with_placeholder("a red apple, ink style", "ink style", "<ink>") == "a red apple, <ink>"
    assert with_placeholder("Ink  Style drawing of a cat", "ink style", "<ink>") == "<ink> drawing of a cat"


def test_placeholder_is_added_where_there_is_no_trigger() -> None:
    assert with_placeholder("a red apple", "ink style", "<ink>") == "a red apple, <ink>"
    assert with_placeholder("a red apple", None, "<ink>") == "a red apple, <ink>"
    assert with_placeholder("", None, "<ink>") == "<ink>"
    assert with_placeholder("a cat, <ink>", "ink style", "<ink>") == "a cat, <ink>"


def test_parts_of_words_are_no_trigger() -> None:
    assert not has_phrase("drink stylet", "ink style")
    assert with_placeholder("an inkwell", "ink", "<ink>") == "an inkwell, <ink>"


def test_bare_captions_lose_trigger_and_comma() -> None:
    assert bare("a red apple, ink style", "ink style") == "a red apple"
    assert bare("ink style, a cat, at night", "ink style") == "a cat, at night"
    assert bare("an ink style cat", "ink style") == "an cat"
    assert bare("a cat", "ink style") == "a cat"
    assert bare("a cat", None) == "a cat"


def test_every_placeholder_is_written_as_all_its_tokens() -> None:
    assert sub_tokens("<ink>", 3) == ["<ink>", "<ink>_1", "<ink>_2"]
    assert expand("a <ink>, <ink>", "<ink>", 2) == "a <ink> <ink>_1, <ink> <ink>_1"


def test_sentences_are_drawn_from_the_list() -> None:
    chance = random.Random(0)
    seen = {pick_sentence("style", "<ink>", "", chance) for _ in range(200)}
    assert len(seen) == 12
    assert all(text.count("<ink>") == 1 and "{}" not in text for text in seen)
    assert pick_sentence(("{} now",), "<ink>", "a cat", chance) == "<ink> now, a cat"
