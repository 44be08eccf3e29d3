"""The encoder of the second stage: fine-tuned on what the last teachers said (torch only).

It starts from MiniLM as a teacher does, and learns from the labels, from what both teachers
together say of the same texts, and from what they say of the pool, which nobody labelled.
"""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import numpy.typing as npt
import torch  # the development extra "teacher"
from onnxruntime.quantization import QuantType, quantize_dynamic

from models.outputs import SHIPPED_HEADS
from models.progress import Say
from models.train import teacher
from models.train.distil import lessons_of, trained
from models.train.kept import KEPT, kept, require_known
from models.train.toxicity_rows import HEADS

Graph = npt.NDArray[np.uint8]
_OPSET = 17


def fit_encoder(data_folder: Path, say: Say, seed: int = 0) -> Graph:
    """Return an encoder trained on the data folder, as ONNX: token ids to SHIPPED_HEADS.

    Raises ModelError if the teachers read too few of the folder's texts.
    """
    say("reads the data")
    lessons = lessons_of(data_folder, seed)
    soft, _ = kept(KEPT, lessons.texts)
    require_known(soft)
    say(f"an encoder learns from {len(lessons.texts):,} texts")
    ids = teacher.token_ids(lessons.texts, teacher.READ_TOKENS_MAX)
    steps = teacher.train_teacher(ids, lessons.labels, lessons.weights, seed, soft=soft, epochs=1)
    return exported(trained("encoder", steps, say))


class _Alone(torch.nn.Module):
    """An encoder that reads one text, and answers with the shipped heads."""

    def __init__(self, encoder: teacher.Teacher) -> None:
        super().__init__()
        self.encoder = encoder
        self.columns = [HEADS.index(head) for head in SHIPPED_HEADS]

    def forward(self, ids: Any) -> Any:
        """Return logits, shape (1, shipped heads), of token ids, shape (1, tokens)."""
        return self.encoder(ids, torch.ones_like(ids))[:, self.columns]


def exported(encoder: teacher.Teacher) -> Graph:
    """Return the ONNX graph of an encoder with the shipped heads, its weights in bytes."""
    ids = torch.tensor(teacher.token_ids(["any text of some words"]))
    with TemporaryDirectory() as folder:
        whole, small = Path(folder, "whole.onnx"), Path(folder, "small.onnx")
        torch.onnx.export(
            _Alone(encoder).eval(),
            (ids,),
            whole,
            input_names=["ids"],
            output_names=["logits"],
            dynamic_axes={"ids": {1: "tokens"}},
            opset_version=_OPSET,
            dynamo=False,
        )
        # Seven of eight bits: older processors add pairs of products in 16 bits, which overflow.
        quantize_dynamic(
            whole, small, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True
        )
        return np.frombuffer(small.read_bytes(), dtype=np.uint8)
