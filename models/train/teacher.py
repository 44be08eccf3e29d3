"""Fine-tunes an encoder into a teacher that the shipped network is distilled from (torch only).

Method: Sanh et al. 2019 (distillation).
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch  # the development extra "teacher"
from transformers import AutoModel, AutoTokenizer

from models.train.encoders import Encoder

Floats = npt.NDArray[np.float32]

BATCH_ROWS = 32
SORTED_WITHIN_BATCHES = 40


def token_ids(folder: Path, texts: Sequence[str], tokens_max: int) -> list[list[int]]:
    """Return an encoder's token ids with its marks of start and end, at most `tokens_max` each."""
    tokenizer = AutoTokenizer.from_pretrained(str(folder))
    encoded = tokenizer(list(texts), truncation=True, max_length=tokens_max)
    return list(encoded["input_ids"])


class Teacher(torch.nn.Module):
    """An encoder with one linear layer on the mean and the maximum over its tokens."""

    def __init__(self, encoder: Encoder, folder: Path, head_count: int) -> None:
        super().__init__()
        self.encoder = AutoModel.from_pretrained(str(folder))
        self.padding = int(self.encoder.config.pad_token_id)
        self.heads = torch.nn.Linear(2 * self.encoder.config.hidden_size, head_count)
        frozen = [self.encoder.embeddings, *self.encoder.encoder.layer[: encoder.frozen_layers]]
        for module in frozen:
            module.requires_grad_(False)

    def tokens(self, ids: Any, mask: Any) -> Any:
        """Return the last layer's vectors, shape (rows, tokens, width)."""
        return self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state

    def forward(self, ids: Any, mask: Any) -> Any:
        """Return logits, shape (rows, heads)."""
        hidden = self.tokens(ids, mask)
        shown = mask.unsqueeze(-1).to(hidden.dtype)
        mean = (hidden * shown).sum(1) / shown.sum(1)
        top = hidden.masked_fill(shown == 0, -1e4).max(1).values
        return self.heads(torch.cat([mean, top], 1))


def padded(rows: Sequence[Sequence[int]], padding: int) -> tuple[Any, Any]:
    """Return ids and mask as tensors of one width."""
    width = max(len(row) for row in rows)
    ids = torch.full((len(rows), width), padding, dtype=torch.long)
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


def _halved() -> Any:
    # bfloat16: a quarter faster to train and half as long to read, on processors that know it.
    return torch.autocast("cpu", torch.bfloat16)


def _optimiser(teacher: Teacher, encoder: Encoder, steps: int) -> tuple[Any, Any]:
    trained = [p for p in teacher.encoder.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(
        [
            {"params": trained, "lr": encoder.rate},
            {"params": teacher.heads.parameters(), "lr": encoder.head_rate},
        ],
        weight_decay=0.01,
        fused=True,
    )
    tail = max(1, steps - encoder.warmup_steps)

    def rate(step: int) -> float:
        if step < encoder.warmup_steps:
            return (step + 1) / encoder.warmup_steps
        return max(0.02, 1 - (step - encoder.warmup_steps) / tail)

    return optimiser, torch.optim.lr_scheduler.LambdaLR(optimiser, rate)


def train_teacher(
    encoder: Encoder,
    folder: Path,
    ids: Sequence[Sequence[int]],
    labels: Floats,
    weights: Floats,
    seed: int,
    epochs: int,
) -> Iterator[tuple[int, int, float, Teacher]]:
    """Train and yield (step, steps, loss, teacher) after each step.

    `labels` has shape (rows, heads) with NaN where a source lacks the label.
    """
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    teacher = Teacher(encoder, folder, labels.shape[1]).train()
    lengths = [len(row) for row in ids]
    steps = epochs * -(-len(ids) // BATCH_ROWS)
    optimiser, schedule = _optimiser(teacher, encoder, steps)
    target, weight = torch.from_numpy(labels), torch.from_numpy(weights)
    step = 0
    for _ in range(epochs):
        for rows in batches(lengths, BATCH_ROWS, rng):
            with _halved():
                logits = teacher(*padded([ids[row] for row in rows], teacher.padding))
            loss = masked_loss(logits.float(), target[rows], weight[rows])
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
            batch = padded([ids[row] for row in rows], teacher.padding)
            result[rows] = teacher(*batch).float().numpy()
    return result


@torch.inference_mode()
def token_vectors(teacher: Teacher, vocabulary: int, width: int = 128) -> Floats:
    """Return a start for static embeddings: each token alone through MiniLM, then SVD."""
    teacher.eval()
    start, end = 101, 102  # [CLS] and [SEP] of the uncased BERT vocabulary
    vectors = np.zeros((vocabulary, teacher.encoder.config.hidden_size), dtype=np.float32)
    for first in range(0, vocabulary, 512):
        rows = [[start, token, end] for token in range(first, min(first + 512, vocabulary))]
        hidden = teacher.tokens(*padded(rows, teacher.padding))
        vectors[first : first + len(rows)] = hidden.mean(1).float().numpy()
    vectors -= vectors.mean(0)
    real = vectors[1000:]  # the first thousand ids are unused places and single characters
    _, _, directions = np.linalg.svd(real, full_matrices=False)
    small = vectors @ directions[:width].T
    return np.asarray(0.3 * small / small.std(), dtype=np.float32)
