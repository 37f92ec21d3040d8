"""PyVRP in a process of its own, that is ended when its time is over: an iteration may take many times what is left.

Run: ``python -m benchmarks.router_process FOLDER SECONDS ITERATIONS SEED``, with the problem's data pickled in the
folder; the best solution so far that holds is written there.
"""

import contextlib
import pickle
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

import pyvrp
from pyvrp.exceptions import PenaltyBoundWarning
from pyvrp.search import PerturbationParams
from pyvrp.stop import MaxIterations, MaxRuntime, MultipleCriteria

PERTURBATIONS = (1, 5)
"""Clients that one iteration perturbs; with PyVRP's own (1, 25) it comes out 1 to 6 % lower on these instances."""
MOST_PENALTY = 1e6
"""Of a second late and a kilogram too much, in the money of :mod:`benchmarks.router`: with PyVRP's own 1e5, which is
less than a second of collecting is worth, it finds nothing that holds where algae are rich."""
DATA, BEST = "data.pickle", "best.pickle"


class _Keep(pyvrp.IteratedLocalSearchCallbacks):
    """Writes every best solution that holds."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def on_start(self, ils: pyvrp.IteratedLocalSearch) -> None:
        """Write the solution that the search starts with."""
        self.on_best(ils.initial_solution)

    def on_best(self, best: pyvrp.Solution) -> None:
        """Write ``best`` whole or not at all."""
        if best.is_feasible():
            part = self._folder / "part.pickle"
            part.write_bytes(pickle.dumps(best))
            part.replace(self._folder / BEST)


def routed(data: pyvrp.ProblemData, seconds: float, iterations: int, seed: int) -> pyvrp.Solution | None:
    """Return the best that PyVRP finds within ``seconds`` and ``iterations``, None for nothing that holds."""
    ends = time.monotonic() + seconds
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / DATA).write_bytes(pickle.dumps(data))
        left = max(ends - time.monotonic(), 0.1)
        command = [sys.executable, "-m", "benchmarks.router_process", name, str(left), str(iterations), str(seed)]
        with contextlib.suppress(subprocess.TimeoutExpired):
            subprocess.run(command, cwd=Path(__file__).parents[1], timeout=left, check=True)
        best = folder / BEST
        return pickle.loads(best.read_bytes()) if best.exists() else None


def main() -> None:
    """Solve what the command line names."""
    begin = time.monotonic()
    folder, seconds, iterations, seed = Path(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    warnings.simplefilter("ignore", PenaltyBoundWarning)
    data: pyvrp.ProblemData = pickle.loads((folder / DATA).read_bytes())
    params = pyvrp.SolveParams(
        ils=pyvrp.IteratedLocalSearchParams(callbacks=_Keep(folder)),
        penalty=pyvrp.PenaltyParams(max_penalty=MOST_PENALTY),
        perturbation=PerturbationParams(*PERTURBATIONS),
    )
    stop = MultipleCriteria([MaxRuntime(seconds - (time.monotonic() - begin)), MaxIterations(iterations)])
    pyvrp.solve(data, stop, seed, collect_stats=False, params=params)


if __name__ == "__main__":
    main()
