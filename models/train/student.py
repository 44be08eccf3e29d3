"""Distils the teacher into the small network (torch only)."""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import torch  # the development extra "teacher"

from models.network import PLACES
from models.train.teacher import batches, distil_loss

Floats = npt.NDArray[np.float32]

WIDTH = 128
CHANNELS = 192
NARROW = 32
"""Numbers of a place that the second convolution reads."""
FURTHER = 64
"""Its channels."""
HIDDEN = 256
NEIGHBOURS = (-1, 0, 1)
DROPOUT = 0.2
TOKENS_MAX = 96
BATCH_ROWS = 128
EPOCHS = 4
HARD_SHARE = 0.3
"""Of the labels in a lesson that a teacher has read, too: less than a teacher's own, since it has
learnt what is in them that can be learnt."""
EMBEDDING_RATE = 2e-3
RATE = 3e-3
WARMUP_STEPS = 60


class Student(torch.nn.Module):
    """The network of models/network.py in a form that can be trained."""

    def __init__(self, start: Floats, head_count: int) -> None:
        super().__init__()
        padded = np.concatenate([start, np.zeros((1, start.shape[1]), np.float32)])
        self.padding = len(start)
        self.embedding = torch.nn.Embedding.from_pretrained(
            torch.from_numpy(padded), freeze=False, padding_idx=self.padding
        )
        self.token_weight = torch.nn.Embedding(len(padded), 1)
        torch.nn.init.zeros_(self.token_weight.weight)
        self.convolution = torch.nn.Linear(3 * WIDTH, CHANNELS)
        self.narrow = torch.nn.Linear(CHANNELS, NARROW)
        self.further = torch.nn.Linear(len(PLACES) * NARROW, FURTHER)
        pooled = 2 * CHANNELS + 2 * FURTHER + WIDTH
        self.hidden = torch.nn.Linear(pooled, HIDDEN)
        self.out = torch.nn.Linear(HIDDEN, head_count)
        self.token_dropout = torch.nn.Dropout(0.1)
        self.dropout = torch.nn.Dropout(DROPOUT)

    def forward(self, ids: Any) -> Any:
        """Return logits, shape (rows, heads), of ids padded with `padding`."""
        shown = (ids != self.padding).unsqueeze(-1).float()
        vectors = self.token_dropout(self.embedding(ids))
        channels = torch.relu(self.convolution(_seen(vectors, NEIGHBOURS))) * shown
        narrow = torch.relu(self.narrow(channels)) * shown
        further = torch.relu(self.further(_seen(narrow, PLACES))) * shown
        weight = torch.exp(self.token_weight(ids)) * shown
        pooled = torch.cat(
            [
                channels.max(1).values,
                channels.sum(1) / shown.sum(1),
                further.max(1).values,
                further.sum(1) / shown.sum(1),
                (vectors * weight).sum(1) / weight.sum(1),
            ],
            1,
        )
        hidden = self.dropout(torch.relu(self.hidden(self.dropout(pooled))))
        return self.out(hidden)

    def arrays(self) -> dict[str, Floats]:
        """Return the trained arrays as models.network.TokenNetwork takes them."""
        state = {name: value.detach().numpy() for name, value in self.state_dict().items()}
        kernel = state["convolution.weight"].T.reshape(3, WIDTH, CHANNELS)
        return {
            "embedding": state["embedding.weight"][:-1],
            "token_weight": state["token_weight.weight"][:-1, 0],
            "convolution": np.concatenate(list(kernel), axis=1),
            "convolution_bias": state["convolution.bias"],
            "narrow": state["narrow.weight"].T,
            "narrow_bias": state["narrow.bias"],
            "further": state["further.weight"].T,
            "further_bias": state["further.bias"],
            "hidden": state["hidden.weight"].T,
            "hidden_bias": state["hidden.bias"],
            "out": state["out.weight"].T,
            "out_bias": state["out.bias"],
        }


def _seen(vectors: Any, places: Sequence[int]) -> Any:
    """Return, beside each other, the vectors that lie at some places from each token."""
    reach, length = places[-1], vectors.shape[1]
    padded = torch.nn.functional.pad(vectors, (0, 0, reach, reach))
    return torch.cat([padded[:, reach + at : reach + at + length] for at in places], 2)


def _padded(rows: Sequence[Sequence[int]], padding: int) -> Any:
    width = max(len(row) for row in rows)
    ids = torch.full((len(rows), width), padding, dtype=torch.long)
    for index, row in enumerate(rows):
        ids[index, : len(row)] = torch.tensor(row)
    return ids


def _optimiser(student: Student, steps: int) -> tuple[Any, Any]:
    embeddings = [student.embedding.weight, student.token_weight.weight]
    rest = [p for name, p in student.named_parameters() if "embedding" not in name]
    rest = [p for p in rest if all(p is not one for one in embeddings)]
    optimiser = torch.optim.Adam(
        [{"params": embeddings, "lr": EMBEDDING_RATE}, {"params": rest, "lr": RATE}], fused=True
    )

    def rate(step: int) -> float:
        if step < WARMUP_STEPS:
            return (step + 1) / WARMUP_STEPS
        return max(0.02, 1 - (step - WARMUP_STEPS) / max(1, steps - WARMUP_STEPS))

    return optimiser, torch.optim.lr_scheduler.LambdaLR(optimiser, rate)


def train_student(
    ids: Sequence[Sequence[int]],
    start: Floats,
    labels: Floats,
    soft: Floats,
    weights: Floats,
    seed: int = 0,
    epochs: int = EPOCHS,
) -> Iterator[tuple[int, int, float, Student]]:
    """Train and yield (step, steps, loss, student) after each step.

    `ids` are without [CLS] and [SEP]; `labels` and `soft` have shape (rows, heads), NaN where
    unknown; `start` are the first embeddings, shape (vocabulary, WIDTH).
    """
    # One thread: on more of them sums come in another order, and with them other bytes.
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    student = Student(start, labels.shape[1]).train()
    rows_of = [list(row[:TOKENS_MAX]) for row in ids]
    lengths = [len(row) for row in rows_of]
    steps = epochs * -(-len(ids) // BATCH_ROWS)
    optimiser, schedule = _optimiser(student, steps)
    hard, gentle, weight = map(torch.from_numpy, (labels, soft, weights))
    step = 0
    for _ in range(epochs):
        for rows in batches(lengths, BATCH_ROWS, rng):
            logits = student(_padded([rows_of[row] for row in rows], student.padding))
            loss = distil_loss(logits, hard[rows], gentle[rows], weight[rows], HARD_SHARE)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            step += 1
            yield step, steps, float(loss.detach()), student
