import subprocess
import sys

import training

HEAVY = ["torch", "transformers", "diffusers", "peft", "pandas", "tokenizers", "streamlit", "studio"]


def test_using_every_public_name_loads_nothing_heavy() -> None:
    code = (
        "import sys, training\n"
        "assert all(getattr(training, name) for name in training.__all__)\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_lists_agree() -> None:
    errors = {name for name in training.__all__ if name.endswith("Error") or name == "CannotWrite"}
    assert set(training._WHERE) | errors == set(training.__all__)


def test_tokens_are_counted_as_the_text_encoder_does() -> None:
    assert training.count_tokens(["a red apple, ink style", "", "word " * 80]) == [6, 0, 80]
