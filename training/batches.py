"""Batches by number: each is drawn from its own seed, so that a training taken up again sees the same ones."""

from collections.abc import Callable, Sequence
from dataclasses import fields

import numpy as np
import numpy.typing as npt
import torch

from training.losses import Targets
from training.recipe import Recipe
from training.samples import Materials, Sample, mixed_sample, real_sample
from training.simulated import SimulatedPiece, simulated_sample

Batch = tuple[torch.Tensor, Targets]


class Batches:
    """The batches of a training."""

    def __init__(self, recipe: Recipe, materials: Materials, simulated: Sequence[SimulatedPiece]) -> None:
        self._recipe = recipe
        self._materials = materials
        self._simulated = simulated

    def __len__(self) -> int:
        return self._recipe.total_steps

    def __getitem__(self, step: int) -> Batch:
        rng = np.random.default_rng((self._recipe.seed, step))
        kinds: list[tuple[int, Callable[[], Sample]]] = [
            (self._recipe.real, lambda: real_sample(self._materials, rng)),
            (self._recipe.mixed, lambda: mixed_sample(self._materials, rng)),
            (
                self._recipe.simulated,
                lambda: simulated_sample(self._simulated[int(rng.integers(len(self._simulated)))], rng),
            ),
        ]
        return collate([draw() for count, draw in kinds for _ in range(count)])


def collate(samples: Sequence[Sample]) -> Batch:
    """Return samples as one batch."""
    inputs = _stacked([sample.inputs for sample in samples]).to(memory_format=torch.channels_last)
    return inputs, Targets(
        **{field.name: _stacked([getattr(sample, field.name) for sample in samples]) for field in fields(Targets)}
    )


def _stacked(arrays: Sequence[npt.NDArray[np.float32]]) -> torch.Tensor:
    return torch.from_numpy(np.stack(arrays))
