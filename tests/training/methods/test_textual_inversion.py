"""Small promises of an embedding, each shown on tiny models."""

import random
from pathlib import Path

import pytest
import torch

from training.data.read_dataset import Row
from training.errors import ConfigError
from training.methods.textual_inversion.config import TextualInversionConfig
from training.methods.textual_inversion.train import TextualInversionTraining
from training.weights.embedding_files import load_embedding

ROW = Row("a.png", Path("a.png"), "a cat, ink style", 64, 64)


def _settings(**values) -> TextualInversionConfig:
    return TextualInversionConfig(**{"placeholder": "<ink>", "vectors": 3, "replaces": "ink style"} | values)


@pytest.mark.parametrize("family_name", ["sd1", "sdxl"])
def test_only_the_new_vectors_learn_and_all_known_rows_keep_their_bits(tiny_family, family_name: str) -> None:
    family = tiny_family(family_name)
    before = [encoder.get_input_embeddings().weight.detach().clone() for encoder in family.text_encoders]
    method = TextualInversionTraining(family, _settings(), "", False)
    optimizer = torch.optim.AdamW(method.groups(0.1), weight_decay=0.1)
    start = [value.detach().clone() for value in method.trainable.values()]
    for _ in range(3):
        condition = family.encode_text([method.caption(ROW, random.Random(0)), "a dog"])
        sum(value.square().sum() for value in condition.values()).backward()
        optimizer.step()
    for old, encoder in zip(before, family.text_encoders, strict=True):
        assert torch.equal(encoder.get_input_embeddings().weight[: len(old)], old)
        assert all(value.grad is None for value in encoder.parameters())
    for first, now in zip(start, method.trainable.values(), strict=True):
        assert not torch.isclose(first, now.detach()).all(dim=1).any(), "every vector has moved"


def test_known_words_are_encoded_as_before(tiny_family) -> None:
    family = tiny_family("sdxl")
    before = {name: value.detach() for name, value in family.encode_text(["a cat"]).items()}
    TextualInversionTraining(family, _settings(), "", False)
    after = family.encode_text(["a cat"])
    assert all(torch.equal(after[name], value) for name, value in before.items())


def test_captions_are_expanded_and_the_baseline_is_bare(tiny_family) -> None:
    method = TextualInversionTraining(tiny_family("sd1"), _settings(), "", False)
    chance = random.Random(0)
    assert method.caption(ROW, chance) == "a cat, <ink> <ink>_1 <ink>_2"
    assert method.validation_caption(ROW) == "a cat, <ink> <ink>_1 <ink>_2"
    assert method.baseline_caption(ROW) == "a cat"
    assert method.sample_prompt("a dog, <ink>", baseline=True) == "a dog"
    assert method.sample_prompt("a dog, <ink>", baseline=False) == "a dog, <ink>"


def test_templates_may_stand_in_for_captions(tiny_family) -> None:
    method = TextualInversionTraining(tiny_family("sd1"), _settings(text="both", templates=("one {}",)), "", False)
    assert method.caption(ROW, random.Random(0)) == "one <ink> <ink>_1 <ink>_2, a cat"
    method = TextualInversionTraining(tiny_family("sd1"), _settings(text="templates"), "", False)
    assert "cat" not in method.caption(ROW, random.Random(0))


def test_start_words_are_the_words_vectors(tiny_family) -> None:
    family = tiny_family("sd1")
    ids = family.tokenizers[0]("ink drawing", add_special_tokens=False).input_ids
    table = family.text_encoders[0].get_input_embeddings().weight.detach().clone()
    method = TextualInversionTraining(family, _settings(vectors=2, initial_phrase="ink drawing"), "", False)
    assert torch.equal(method.trainable["text_encoder"].detach(), table[ids])


def test_saved_vectors_load_back_and_can_be_the_start(tiny_family, tmp_path: Path) -> None:
    family = tiny_family("sdxl")
    method = TextualInversionTraining(family, _settings(), "", False)
    (path,) = method.save(tmp_path, "ink", {})
    learned = [value.detach() for value in method.trainable.values()]
    assert all(torch.equal(a, b) for a, b in zip(load_embedding(path), learned, strict=True))
    again = TextualInversionTraining(tiny_family("sdxl"), _settings(initial_file=path), "", False)
    assert all(torch.equal(a, b.detach()) for a, b in zip(learned, again.trainable.values(), strict=True))
    with pytest.raises(ConfigError, match=r"method\.vectors"):
        TextualInversionTraining(tiny_family("sdxl"), _settings(vectors=2, initial_file=path), "", False)
    with pytest.raises(ConfigError, match="text encoders"):
        TextualInversionTraining(tiny_family("sd1"), _settings(initial_file=path), "", False)


def test_a_known_token_is_no_placeholder(tiny_family) -> None:
    family = tiny_family("sd1")
    family.tokenizers[0].add_tokens(["<ink>_1"])
    with pytest.raises(ConfigError, match="Choose another placeholder"):
        TextualInversionTraining(family, _settings(), "", False)
