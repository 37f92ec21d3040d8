"""Simulated scenes with algae: the case of a seed."""

import tempfile
from pathlib import Path

import numpy as np

from documents.coast import Coast
from documents.cover import read_cover
from documents.scene import Level
from documents.site import Site
from training.evaluation.cases import Case, make_case
from training.evaluation.imagery import Progress, find
from training.simulate.extent import Extent
from training.simulate.product import TRUTH_FOLDER, simulate

KIND = "simulated"

FIRST_SEED = 9001
"""Seeds from here on are for evaluation; training draws its own from 101 on."""


def simulated_case(site: Site, coast: Coast, seed: int, level: Level, weights: Path, progress: Progress) -> Case:
    """Simulate a scene and detect in it; what either side could not see is left out."""
    with tempfile.TemporaryDirectory() as temporary:
        product = simulate(site, coast, seed, Extent.DEMO, level, Path(temporary), progress=progress)
        found = find(product, weights, progress, site)
        truth, _, _ = read_cover(Path(temporary) / TRUTH_FOLDER)
    judged = np.isfinite(found.cover) & np.isfinite(truth)
    return make_case(KIND, str(level), str(seed), truth, found, judged)
