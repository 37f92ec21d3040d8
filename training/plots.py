"""Pictures of a training: its course, and what the network makes of fresh samples."""

import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from models.unet import BANDS, Segmenter
from training.losses import Targets


def draw_history(losses: Path, scores: Path, target: Path) -> None:
    """Draw the loss by step and F1 by epoch and scene, from their tables."""
    figure = Figure(figsize=(11, 4), layout="constrained")
    left, right = figure.subplots(1, 2)
    values = np.array([float(row["loss"]) for row in _rows(losses)])
    left.plot(values, color="0.8", linewidth=0.6)
    width = max(len(values) // 40, 1)
    left.plot(np.arange(width - 1, len(values)), np.convolve(values, np.ones(width) / width, "valid"), color="C0")
    left.set(xlabel="batch", ylabel="loss", yscale="log", title="Loss")
    table = _rows(scores)
    for scene in list(table[0])[1:]:
        right.plot([int(row["epoch"]) for row in table], [float(row[scene]) for row in table], label=scene, marker=".")
    right.set(xlabel="epoch", title="F1 by training scene (without algae: share right)")
    right.legend(fontsize="x-small")
    _save(figure, target)


def draw_examples(network: Segmenter, batches: Sequence[tuple[torch.Tensor, Targets]], target: Path) -> None:
    """Draw samples: false colour, truth with unknown pixels grey, probability, cover told against true cover."""
    network.eval()
    device = next(network.parameters()).device
    rows = sum(len(inputs) for inputs, _ in batches)
    figure = Figure(figsize=(12, 3 * rows), layout="constrained")
    axes = figure.subplots(rows, 4, squeeze=False)
    row = 0
    for inputs, targets in batches:
        with torch.inference_mode():
            output = network(inputs.to(device))
        for i in range(len(inputs)):
            anomaly = inputs[i, : len(BANDS)].numpy()
            shown = np.stack([anomaly[BANDS.index(band)] for band in ("B08", "B04", "B03")], axis=-1)
            truth = torch.where(targets.called_weight[i] > 0, targets.called[i], torch.tensor(0.5)).numpy()
            cover = targets.cover[i].numpy()
            told = output.cover[i].cpu().numpy()
            axes[row, 0].imshow(np.clip(shown / 0.12 + 0.2, 0, 1))
            axes[row, 1].imshow(truth, vmin=0, vmax=1, cmap="gray")
            axes[row, 2].imshow(torch.sigmoid(output.floating[i]).cpu().numpy(), vmin=0, vmax=1, cmap="viridis")
            known = (targets.cover_weight[i].numpy() > 0) & (cover > 0)
            axes[row, 3].scatter(cover[known][::50], told[known][::50], s=2)
            axes[row, 3].plot([0, 1], [0, 1], color="0.7", linewidth=0.7)
            for axis in axes[row, :3]:
                axis.set_axis_off()
            row += 1
    for axis, title in zip(axes[0], ("false colour", "truth", "probability", "cover told by true"), strict=True):
        axis.set_title(title)
    _save(figure, target)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def _save(figure: Figure, target: Path) -> None:
    FigureCanvasAgg(figure)
    figure.savefig(target, dpi=80, metadata={"Software": None})
