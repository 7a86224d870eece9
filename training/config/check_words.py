"""Do trigger, placeholder and start words mean to the model what the user thinks?"""

from training.config.check import Check, some_names
from training.config.run_config import RunConfig
from training.data.captions import bare, has_phrase, sub_tokens
from training.data.read_dataset import Dataset
from training.families.info import FamilyInfo
from training.tokens import count_tokens, is_known_token

MOST_TOKENS = 75


def check_trigger(config: RunConfig, dataset: Dataset, info: FamilyInfo) -> list[Check]:
    """What is learned is called up by the trigger, so the captions must hold it."""
    method = config.method
    trigger = (method.replaces if method.method == "textual-inversion" else None) or dataset.trigger
    if not trigger:
        if method.method == "textual-inversion":
            detail = f"There is no trigger phrase, so {method.placeholder} is added at the end of each caption."
            return [Check("ok", "Trigger", detail)]
        detail = "The dataset has no trigger phrase: what is learned will show in every picture or in none."
        return [Check("warning", "No trigger", detail, "Set a trigger phrase for the dataset and export again.")]
    without = [row.file_name for row in dataset.train if not has_phrase(row.text, trigger)]
    if not without:
        return [Check("ok", "Trigger", f'"{trigger}" is in every caption.')]
    detail = f'"{trigger}" is missing in {len(without)} of {len(dataset.train)} captions: {some_names(without)}.'
    if method.method == "textual-inversion":
        detail += f" {method.placeholder} is added at their end."
    return [Check("warning", "Trigger missing", detail, "Apply the trigger to all captions and export again.")]


def check_placeholder(config: RunConfig, dataset: Dataset, info: FamilyInfo) -> list[Check]:
    """A word that the model knows already cannot become a new one."""
    method = config.method
    if method.method != "textual-inversion":
        return []
    known = [token for token in sub_tokens(method.placeholder, method.vectors) if is_known_token(token)]
    if known:
        detail = f"{known[0]} is in the model's vocabulary already, so old and new meaning would mix."
        return [Check("error", "Placeholder", detail, "Choose another placeholder.")]
    return [Check("ok", "Placeholder", f"{method.placeholder} is new to the model.")]


def check_start_words(config: RunConfig, dataset: Dataset, info: FamilyInfo) -> list[Check]:
    """The start words should give as many tokens as there are vectors."""
    method = config.method
    if method.method != "textual-inversion":
        return []
    if method.initial_file is not None and not method.initial_file.is_file():
        detail = f"There is no file {method.initial_file}."
        return [Check("error", "Start", detail, "Correct method.initial_file or leave it empty.")]
    if not method.initial_phrase:
        return []
    tokens = count_tokens([method.initial_phrase])[0]
    detail = f'"{method.initial_phrase}" has {tokens} tokens for {method.vectors} vectors'
    if tokens == method.vectors:
        return [Check("ok", "Start words", f"{detail}.")]
    if tokens < method.vectors:
        return [Check("ok", "Start words", f"{detail}; they are repeated with a small change.")]
    fix = f"Set method.vectors to {tokens}, or shorten the words."
    return [Check("warning", "Start words", f"{detail}; the last {tokens - method.vectors} are not used.", fix)]


def check_token_counts(config: RunConfig, dataset: Dataset, info: FamilyInfo) -> list[Check]:
    """What stands after the 75th token is never read."""
    texts = [row.text for row in dataset.train]
    method = config.method
    extra = 0
    if method.method == "textual-inversion":
        # Each vector is one token; the counter's vocabulary does not know them, so they are added by number.
        extra = method.vectors
        texts = [bare(text, method.replaces or dataset.trigger or None) for text in texts]
    counts = count_tokens(texts)
    long = [row.file_name for row, count in zip(dataset.train, counts, strict=True) if count + extra > MOST_TOKENS]
    if not long:
        longest = max(counts, default=0) + extra
        return [Check("ok", "Caption length", f"The longest has {longest} of {MOST_TOKENS} tokens.")]
    detail = f"{len(long)} captions are longer than {MOST_TOKENS} tokens and are cut: {some_names(long)}."
    return [Check("warning", "Long captions", detail, "Shorten them and export again.")]
