"""Embeddings written by us load in diffusers with the documented call and mean the same there."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from training.errors import WeightsError
from training.families.placeholders import add_placeholder, expand_placeholders
from training.weights.apply import apply_weights
from training.weights.embedding_files import load_embedding, save_embedding

HEADER = {"concept_studio.placeholder": "<ink>"}


def vectors_for(family: Callable, name: str, count: int = 3) -> list[torch.Tensor]:
    generator = torch.Generator().manual_seed(1)
    return [torch.randn(count, width, generator=generator) for width in family(name).info.text_widths]


@pytest.mark.parametrize("name", ["sd1", "sd2", "sdxl"])
def test_diffusers_gives_the_same_text_encoding_as_we_do(tiny_family: Callable, tmp_path: Path, name: str) -> None:
    path = tmp_path / "ink.safetensors"
    vectors = vectors_for(tiny_family, name)
    save_embedding(vectors, path, HEADER)
    ours = tiny_family(name)
    apply_weights(ours, [(path, 1.0)])
    text = expand_placeholders("a red apple, <ink>", ours.tokenizers[0])
    assert text == "a red apple, <ink> <ink>_1 <ink>_2"
    theirs = tiny_family(name).pipeline()
    state = load_file(path)
    if name == "sdxl":
        theirs.load_textual_inversion(
            state["clip_l"], token="<ink>", text_encoder=theirs.text_encoder, tokenizer=theirs.tokenizer
        )
        theirs.load_textual_inversion(
            state["clip_g"], token="<ink>", text_encoder=theirs.text_encoder_2, tokenizer=theirs.tokenizer_2
        )
    else:
        theirs.load_textual_inversion(str(path), token="<ink>", use_safetensors=True)
    for part, expected in zip(["text_encoder", "text_encoder_2"], vectors, strict=False):
        table = getattr(theirs, part).get_input_embeddings().weight
        assert torch.equal(table[-3:], expected)
    with torch.no_grad():
        mine = ours.encode_text([text])
        encoded = theirs.encode_prompt(
            prompt="a red apple, <ink>", device="cpu", num_images_per_prompt=1, do_classifier_free_guidance=False
        )
    torch.testing.assert_close(mine["prompt_embeds"], encoded[0], atol=1e-6, rtol=1e-5)
    if name == "sdxl":
        torch.testing.assert_close(mine["pooled"], encoded[2], atol=1e-6, rtol=1e-5)


def test_the_files_have_the_keys_and_the_format_other_tools_expect(tmp_path: Path) -> None:
    save_embedding([torch.ones(2, 5, dtype=torch.float16)], tmp_path / "a.safetensors", {})
    save_embedding([torch.ones(2, 5), torch.ones(2, 7)], tmp_path / "b.safetensors", {})
    one, two = load_file(tmp_path / "a.safetensors"), load_file(tmp_path / "b.safetensors")
    assert set(one) == {"emb_params"} and one["emb_params"].dtype == torch.float32
    assert {key: tuple(tensor.shape) for key, tensor in two.items()} == {"clip_l": (2, 5), "clip_g": (2, 7)}


@pytest.mark.parametrize(
    "tensors",
    [
        {"<cat-toy>": torch.ones(4)},
        {"emp_params": torch.ones(1, 4), "emp_params_out": torch.zeros(1, 4)},
        {"emb_params": torch.ones(1, 4)},
    ],
)
def test_embeddings_of_other_tools_are_read(tmp_path: Path, tensors: dict[str, torch.Tensor]) -> None:
    save_file(tensors, tmp_path / "x.safetensors")
    assert torch.equal(load_embedding(tmp_path / "x.safetensors")[0], torch.ones(1, 4))


def test_an_embedding_of_another_family_is_refused(tiny_family: Callable, tmp_path: Path) -> None:
    save_embedding([torch.ones(2, 99)], tmp_path / "x.safetensors", HEADER)
    with pytest.raises(WeightsError, match="99 numbers"):
        apply_weights(tiny_family("sd1"), [(tmp_path / "x.safetensors", 1.0)])
    with pytest.raises(WeightsError, match="1 text encoders"):
        apply_weights(tiny_family("sdxl"), [(tmp_path / "x.safetensors", 1.0)])


def test_other_rows_of_the_table_stay_as_they_are(tiny_family: Callable) -> None:
    family = tiny_family("sd1")
    encoder = family.text_encoders[0]
    before = encoder.get_input_embeddings().weight.clone()
    ids = add_placeholder(family.tokenizers[0], encoder, "<ink>", torch.ones(2, 24))
    after = encoder.get_input_embeddings().weight
    assert ids == [len(before), len(before) + 1]
    assert torch.equal(after[: len(before)], before) and torch.equal(after[ids], torch.ones(2, 24))
    with pytest.raises(WeightsError, match="in the vocabulary already"):
        add_placeholder(family.tokenizers[0], encoder, "<ink>", torch.ones(2, 24))


def test_expanding_twice_changes_nothing(tiny_family: Callable) -> None:
    family = tiny_family("sd1")
    add_placeholder(family.tokenizers[0], family.text_encoders[0], "<ink>", torch.ones(3, 24))
    once = expand_placeholders("<ink> and <ink>", family.tokenizers[0])
    assert once == "<ink> <ink>_1 <ink>_2 and <ink> <ink>_1 <ink>_2"
    assert expand_placeholders(once, family.tokenizers[0]) == once
    ids = family.tokenizers[0](once).input_ids
    assert sum(number >= 49408 for number in ids) == 6


def test_the_pooled_output_is_read_at_the_end_token_with_old_configs(tiny_family: Callable) -> None:
    """Published SDXL configs name token 2 as the end; transformers then pools at the highest id, the placeholder."""
    family = tiny_family("sdxl")
    tokenizer, encoder = family.tokenizers[1], family.text_encoders[1]
    pooling = [module for module in encoder.modules() if hasattr(module, "eos_token_id")]
    assert pooling
    for module in pooling:
        module.eos_token_id = 2
    width = encoder.get_input_embeddings().weight.shape[1]
    add_placeholder(tokenizer, encoder, "<pooled>", torch.ones(1, width))
    ids = tokenizer(["a <pooled> cat on a mat"], return_tensors="pt", padding="max_length", max_length=77).input_ids
    with torch.no_grad():
        answer = encoder(ids, output_hidden_states=False)
        expected = encoder.text_projection(answer.last_hidden_state[0, ids[0].tolist().index(tokenizer.eos_token_id)])
    torch.testing.assert_close(answer.text_embeds[0], expected)
