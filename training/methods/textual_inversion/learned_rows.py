"""New rows of an embedding table that are trained while the table itself is never written to."""

from typing import Any

import torch

from training.families.placeholders import add_rows


class LearnedRows:
    """Adds tokens to one tokenizer and lets a separate small parameter answer for them.

    A hook on the embedding layer puts the learned vectors where the new token ids stand, so gradients reach them
    alone and every other row keeps its bits.
    """

    def __init__(self, encoder: Any, tokenizer: Any, tokens: list[str], start: torch.Tensor) -> None:
        # Rows for the new ids must exist for the lookup; what they hold is never used.
        self.ids = add_rows(tokenizer, encoder, tokens)
        encoder.requires_grad_(False)
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
