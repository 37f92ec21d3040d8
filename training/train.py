"""The training loop: seeded, resumable, by scene."""

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from documents.scene import Level
from documents.site import Site, site_coast
from models.unet import Segmentation, Segmenter
from models.weights import save_weights
from training.losses import Targets, loss_of
from training.marida import ALGAE, Label, read_scene, scenes
from training.samples import Piece, Sample, materials_of, mixed_sample, piece_of, real_sample, sargassum_directions
from training.simulated import simulated_piece, simulated_sample

HELD_OUT = "S2_14-9-18_16PCC"
"""The scene that never enters the training of the shipped weights."""

CHECKPOINT_EVERY = 50
"""Steps between checkpoints; a kill costs at most this many."""


@dataclass(frozen=True)
class Recipe:
    """Everything a training depends on beside its data."""

    held_out: str = HELD_OUT
    steps: int = 1500
    batch: int = 16
    rate: float = 2e-3
    real_share: float = 0.35
    """Share of samples with real labels."""
    simulated_share: float = 0.25
    """Share of samples from simulated scenes; the others are mixtures on real water."""
    simulated_seeds: tuple[int, ...] = (101, 102, 103, 104, 105, 106)
    """Seeds of the simulated scenes, by turns L1C and L2A."""
    ema: float = 0.995
    threshold: float = 0.5
    seed: int = 7


def train(data: Path, site: Site, out: Path, recipe: Recipe, progress: Callable[[str, float], None]) -> Path:
    """Train on every scene of ``data``/marida but the held-out one; return the weights' path in ``out``.

    A checkpoint in ``out`` of the same recipe is taken up where it was left.
    """
    torch.manual_seed(recipe.seed)
    folder = data / "marida"
    pieces = [
        piece_of(patch) for scene in scenes(folder) if scene != recipe.held_out for patch in read_scene(folder, scene)
    ]
    materials = materials_of(pieces, sargassum_directions(data / "spectra" / "floating_sargassum_s2_pixels.csv"))
    spots = labelled_spots(pieces)
    coast = site_coast(site)
    simulated = []
    for index, seed in enumerate(recipe.simulated_seeds):
        progress(f"simulating scene {seed}", 0.0)
        simulated.append(simulated_piece(site, coast, seed, (Level.L1C, Level.L2A)[index % 2]))

    def draw(rng: np.random.Generator) -> Sample:
        source = rng.random()
        if source < recipe.real_share:
            return real_sample(pieces, spots, rng)
        if source < recipe.real_share + recipe.simulated_share:
            return simulated_sample(simulated[int(rng.integers(len(simulated)))], rng)
        return mixed_sample(pieces, materials, rng)

    network = Segmenter().to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    average = Segmenter()
    average.load_state_dict(network.state_dict())
    optimizer = torch.optim.AdamW(network.parameters(), lr=recipe.rate, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, recipe.rate, total_steps=recipe.steps, pct_start=0.1)
    checkpoint = out / "checkpoint.pt"
    out.mkdir(parents=True, exist_ok=True)
    first = 0
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=False)
        if state["recipe"] == recipe:
            first = state["step"]
            network.load_state_dict(state["network"])
            average.load_state_dict(state["average"])
            optimizer.load_state_dict(state["optimizer"])
            schedule.load_state_dict(state["schedule"])
    with (out / "loss.csv").open("a" if first else "w", newline="", encoding="utf-8") as file:
        log = csv.writer(file)
        for step in range(first, recipe.steps):
            rng = np.random.default_rng((recipe.seed, step))
            samples = [draw(rng) for _ in range(recipe.batch)]
            network.train()
            with torch.autocast("cpu", torch.bfloat16):
                output = network(_stack([sample.inputs for sample in samples]))
            loss = loss_of(_float(output), _targets(samples))
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            _average(average, network, min(recipe.ema, (1 + step) / (10 + step)))
            log.writerow([step, f"{loss.item():.5f}"])
            progress(f"loss {loss.item():.3f}", (step + 1) / recipe.steps)
            if (step + 1) % CHECKPOINT_EVERY == 0 or step + 1 == recipe.steps:
                file.flush()
                _save(checkpoint, recipe, step + 1, network, average, optimizer, schedule)
    target = out / "segmenter.safetensors"
    save_weights(average, target, f"segmenter-{recipe.seed}-{recipe.steps}", recipe.threshold)
    return target


def labelled_spots(pieces: Sequence[Piece]) -> list[npt.NDArray[np.int64]]:
    """Return, by class with any label, the (piece, row, col) of its pixels; both algae classes weigh double."""
    spots = []
    for label in Label:
        if label in (Label.NONE, Label.NATURAL_ORGANIC):
            continue
        found = [np.insert(np.argwhere(p.labels == label), 0, i, axis=1) for i, p in enumerate(pieces)]
        places = np.concatenate(found)
        if len(places):
            spots += [places] * (3 if label in ALGAE else 1)
    return spots


def _stack(arrays: Sequence[npt.NDArray[np.float32]]) -> torch.Tensor:
    return torch.from_numpy(np.stack(arrays)).to(memory_format=torch.channels_last)


def _targets(samples: Sequence[Sample]) -> Targets:
    names = ("called", "called_weight", "cover", "cover_weight", "ulva", "ulva_weight")
    return Targets(*(torch.from_numpy(np.stack([getattr(sample, name) for sample in samples])) for name in names))


def _float(output: Segmentation) -> Segmentation:
    return Segmentation(output.floating.float(), output.cover.float(), output.ulva.float())


def _average(average: Segmenter, network: Segmenter, keep: float) -> None:
    with torch.no_grad():
        for mean, value in zip(average.state_dict().values(), network.state_dict().values(), strict=True):
            if mean.dtype.is_floating_point:
                mean.lerp_(value, 1.0 - keep)
            else:
                mean.copy_(value)


def _save(path: Path, recipe: Recipe, step: int, network: Segmenter, average: Segmenter, *rest: Any) -> None:
    optimizer, schedule = rest
    state = {
        "recipe": recipe,
        "step": step,
        "network": network.state_dict(),
        "average": average.state_dict(),
        "optimizer": optimizer.state_dict(),
        "schedule": schedule.state_dict(),
    }
    torch.save(state, path.with_suffix(".new"))
    path.with_suffix(".new").replace(path)
