"""An integer program by columns and named rows, solved by HiGHS."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

GAP = 1e-4


@dataclass
class Program:
    """Columns and rows of the program."""

    cost: list[float] = field(default_factory=list)
    most: list[float] = field(default_factory=list)
    whole: list[bool] = field(default_factory=list)
    rows: dict[object, list[tuple[int, float]]] = field(default_factory=lambda: defaultdict(list))
    span: dict[object, tuple[float, float]] = field(default_factory=dict)
    """What rows lie between; 0 and 0 unless told."""

    def column(self, cost: float, most: float, *, whole: bool) -> int:
        """Add a column; return its number."""
        self.cost.append(cost)
        self.most.append(most)
        self.whole.append(whole)
        return len(self.cost) - 1

    def solve(self, time_limit_s: float, nodes: int) -> Any:
        """Return the best values that are found in time and with so many ``nodes`` of branching, None for none."""
        entries = [(r, c, a) for r, row in enumerate(self.rows.values()) for c, a in row]
        at, of, amount = (np.array(each) for each in zip(*entries, strict=True))
        low, high = np.array([self.span.get(name, (0.0, 0.0)) for name in self.rows]).T
        matrix = coo_array((amount, (at, of)), shape=(len(self.rows), len(self.cost))).tocsr()
        return milp(
            np.array(self.cost),
            integrality=np.array(self.whole, dtype=int),
            bounds=Bounds(0.0, np.array(self.most)),
            constraints=LinearConstraint(matrix, low, high),
            options={"time_limit": max(time_limit_s, 0.1), "node_limit": nodes, "mip_rel_gap": GAP},
        ).x
