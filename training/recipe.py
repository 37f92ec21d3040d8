"""What a training depends on, beside its data."""

import hashlib
import json
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Recipe:
    """The settings of a training; two of the same digest differ in nothing but the data's folder."""

    held_out: str = ""
    """The scene that never enters; "" for none, as the shipped weights have it: their worth is told by the folds'."""
    epochs: int = 22
    steps: int = 80
    """Batches an epoch."""
    real: int = 2
    mixed: int = 3
    simulated: int = 1
    """Samples of each kind in a batch."""
    simulated_seeds: tuple[int, ...] = (101, 102, 103, 104, 105, 106)
    """Seeds of the simulated scenes, by turns L1C and L2A."""
    rate: float = 4e-3
    weight_decay: float = 1e-3
    ema: float = 0.995
    threshold: float = 0.58
    sure: float = 0.7
    seed: int = 7

    @property
    def digest(self) -> str:
        """Return the SHA-256 of these settings."""
        return hashlib.sha256(json.dumps(asdict(self), sort_keys=True).encode()).hexdigest()

    @property
    def total_steps(self) -> int:
        """Return the number of batches."""
        return self.epochs * self.steps
