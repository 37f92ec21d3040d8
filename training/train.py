"""The training loop: seeded, resumable, by scene."""

import csv
import ctypes
import platform
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from documents.errors import InputError
from documents.scene import Level
from documents.site import Site, site_coast
from models.unet import Segmenter
from models.weights import save_weights
from training.batches import Batches
from training.calibrate import calibration_of
from training.losses import loss_of
from training.marida import read_scene, scenes
from training.monitor import f1_by_scene
from training.plots import draw_examples, draw_history
from training.recipe import Recipe
from training.samples import Piece, materials_of, piece_of
from training.simulated import SimulatedPiece, simulated_piece
from training.spectra import SPECTRA_NAME, read_spectra

CHECKPOINT_NAME, LOSS_NAME, SCORES_NAME = "checkpoint.pt", "loss.csv", "f1.csv"
WEIGHTS_NAME = "segmenter.safetensors"

M_TRIM_THRESHOLD, M_MMAP_MAX = -1, -4  # of malloc.h

Progress = Callable[[str, float], None]


def train(data: Path, site: Site, out: Path, recipe: Recipe, progress: Progress) -> Path:
    """Train on every scene of ``data``/marida but the held-out one; return the weights' path in ``out``.

    A checkpoint in ``out`` of the same recipe is taken up where it was left; a kill costs the epoch it falls in. Beside
    the weights stand the loss of every step, F1 by training scene of every epoch, and pictures of both and of examples.
    """
    torch.manual_seed(recipe.seed)
    keep_memory()
    by_scene = read_pieces(data / "marida", recipe.held_out)
    materials = materials_of([p for pieces in by_scene.values() for p in pieces], read_spectra(data / SPECTRA_NAME))
    batches = Batches(recipe, materials, simulate_pieces(site, recipe, progress))
    run = _Run(out, recipe)
    while run.step < recipe.total_steps:
        run.epoch(batches, progress)
        run.note(f1_by_scene(run.average, by_scene))
        draw_history(out / LOSS_NAME, out / SCORES_NAME, out / "history.png")
        run.save()
    draw_examples(run.average, [batches[recipe.total_steps + i] for i in range(2)], out / "examples.png")
    fresh = (batches[recipe.total_steps + 2 + i] for i in range(6))
    target = out / WEIGHTS_NAME
    name = f"segmenter-{recipe.digest[:8]}"
    calibration = calibration_of(run.average, fresh, recipe.threshold)
    save_weights(run.average, target, name, recipe.threshold, recipe.sure, calibration, recipe.digest)
    return target


def keep_memory() -> None:
    """Tell the allocator to keep what is freed: asking the system for the same large blocks at every step takes a third
    of the time. Nothing is done where the C library is not glibc.
    """
    if platform.libc_ver()[0] == "glibc":
        library = ctypes.CDLL(None)
        library.mallopt(M_MMAP_MAX, 0)
        library.mallopt(M_TRIM_THRESHOLD, 2**31 - 1)


def read_pieces(folder: Path, held_out: str) -> dict[str, list[Piece]]:
    """Return the pieces of every scene in ``folder`` but ``held_out``, which is not even read.

    Raise InputError where there is no such scene.
    """
    found = scenes(folder)
    if held_out and held_out not in found:
        raise InputError(f"There is no scene {held_out} in {folder}; there are {', '.join(found)}.")
    return {name: [piece_of(patch) for patch in read_scene(folder, name)] for name in found if name != held_out}


def simulate_pieces(site: Site, recipe: Recipe, progress: Progress) -> list[SimulatedPiece]:
    """Return the simulated scenes of ``recipe``, by turns L1C and L2A."""
    pieces = []
    coast = site_coast(site)
    for index, seed in enumerate(recipe.simulated_seeds):
        progress(f"simulating scene {seed}", 0.0)
        pieces.append(simulated_piece(site, coast, seed, (Level.L1C, Level.L2A)[index % 2]))
    return pieces


class _Run:
    """A training under way."""

    def __init__(self, out: Path, recipe: Recipe) -> None:
        self._out, self._recipe = out, recipe
        self._device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self._network = Segmenter().to(self._device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.average = Segmenter().to(self._device)
        self.average.load_state_dict(self._network.state_dict())
        self._optimizer = torch.optim.AdamW(self._network.parameters(), recipe.rate, weight_decay=recipe.weight_decay)
        self._schedule = torch.optim.lr_scheduler.OneCycleLR(
            self._optimizer, recipe.rate, total_steps=recipe.total_steps, pct_start=0.1
        )
        self.step = 0
        self._losses: list[float] = []
        self._scores: list[dict[str, float]] = []
        out.mkdir(parents=True, exist_ok=True)
        self._take_up()

    def _take_up(self) -> None:
        path = self._out / CHECKPOINT_NAME
        state: dict[str, Any] = torch.load(path, weights_only=False) if path.exists() else {}
        if state.get("recipe") != self._recipe.digest:
            return
        self.step, self._losses, self._scores = state["step"], state["losses"], state["scores"]
        for name, part in self._parts().items():
            part.load_state_dict(state[name])

    def _parts(self) -> dict[str, Any]:
        return {
            "network": self._network,
            "average": self.average,
            "optimizer": self._optimizer,
            "schedule": self._schedule,
        }

    def epoch(self, batches: Batches, progress: Progress) -> None:
        """Learn from the next ``batches`` of an epoch."""
        self._network.train()
        for _ in range(self._recipe.steps):
            inputs, targets = batches[self.step]
            inputs = inputs.to(self._device)
            with torch.autocast(self._device.type, torch.bfloat16):
                output = self._network(inputs)
            loss = loss_of(output, targets.to(self._device))
            self._optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(self._network.parameters(), 1.0)
            self._optimizer.step()
            self._schedule.step()
            _average(self.average, self._network, min(self._recipe.ema, (1 + self.step) / (10 + self.step)))
            self.step += 1
            self._losses.append(loss.item())
            recent = float(np.mean(self._losses[-20:]))
            progress(f"loss {recent:.3f}", self.step / self._recipe.total_steps)

    def note(self, scores: dict[str, float]) -> None:
        """Add the F1 by scene of an epoch, and write what is known of the course so far."""
        self._scores.append(scores)
        write_table(self._out / LOSS_NAME, ("step", "loss"), enumerate(f"{loss:.5f}" for loss in self._losses))
        rows = [[epoch, *(f"{value:.4f}" for value in row.values())] for epoch, row in enumerate(self._scores, 1)]
        write_table(self._out / SCORES_NAME, ("epoch", *scores), rows)

    def save(self) -> None:
        """Write the checkpoint, whole or not at all."""
        state = {name: part.state_dict() for name, part in self._parts().items()}
        state |= {
            "recipe": self._recipe.digest, "step": self.step, "losses": self._losses, "scores": self._scores
        }  # fmt: skip
        path = self._out / CHECKPOINT_NAME
        torch.save(state, path.with_suffix(".new"))
        path.with_suffix(".new").replace(path)


def write_table(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write ``rows`` as CSV."""
    with path.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(header)
        table.writerows(rows)


def _average(average: Segmenter, network: Segmenter, keep: float) -> None:
    with torch.no_grad():
        for mean, value in zip(average.state_dict().values(), network.state_dict().values(), strict=True):
            if mean.dtype.is_floating_point:
                mean.lerp_(value, 1.0 - keep)
            else:
                mean.copy_(value)
