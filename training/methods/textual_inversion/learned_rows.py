"""New rows of an embedding table that are trained while the table itself is never written to."""

from typing import Any

import torch


class LearnedRows:
    """Adds tokens to one tokenizer and lets a separate small parameter answer for them.

    A hook on the embedding layer puts the learned vectors where the new token ids stand, so gradients reach them
    alone and every other row keeps its bits.
    """

    def __init__(self, encoder: Any, tokenizer: Any, tokens: list[str], start: torch.Tensor) -> None:
        tokenizer.add_tokens(tokens)
        self.ids = tokenizer.convert_tokens_to_ids(tokens)
        # Rows for the new ids must exist for the lookup; what they hold is never used.
        encoder.resize_token_embeddings(len(tokenizer), mean_resizing=False)
        encoder.requires_grad_(False)
        _use_real_end_token(encoder, tokenizer)
        table = encoder.get_input_embeddings()
        self.vectors = torch.nn.Parameter(start.to(table.weight.device, torch.float32))
        table.register_forward_hook(self._put_vectors)

    def _put_vectors(self, module: Any, inputs: tuple[torch.Tensor, ...], output: torch.Tensor) -> torch.Tensor:
        ids = inputs[0]
        result = output
        for row, token in enumerate(self.ids):
            mask = (ids == token).unsqueeze(-1)
            result = torch.where(mask, self.vectors[row].to(output.dtype), result)
        return result


def _use_real_end_token(encoder: Any, tokenizer: Any) -> None:
    """Let the pooled output be read at the end token.

    Old CLIP configs name token 2 as the end, and transformers then takes the highest id, which a new token exceeds.
    """
    for module in encoder.modules():
        if getattr(module, "eos_token_id", None) == 2:
            module.eos_token_id = tokenizer.eos_token_id
