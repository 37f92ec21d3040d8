"""Why not? Answers about a plan: each forces what the plan does not do, and plans again."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from documents.errors import InputError
from documents.explanation import Explanations
from documents.plan import Plan
from documents.problem import Problem
from optimizer import solvers
from optimizer.effort import Effort
from optimizer.explain.patches import left_of, left_out, why_patch
from optimizer.explain.plants import places, why_plant
from optimizer.explain.posed import Posed, pose
from optimizer.explain.sentences import explained
from optimizer.explain.told import Told
from optimizer.explain.vessels import idle_shifts, why_vessel
from optimizer.kept import Kept
from optimizer.weighed import weighed
from optimizer.written import BOUND_OF

ANSWER_WORK = 2
"""Rounds of annealing for an answer: a second or two each on the Rushan day."""
Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class About:
    """What is asked about, by id; nothing named: every patch left, vessel idle and plant short."""

    patches: tuple[str, ...] = ()
    vessels: tuple[str, ...] = ()
    plants: tuple[str, ...] = ()

    @property
    def all(self) -> bool:
        """Return whether nothing is named."""
        return not (self.patches or self.vessels or self.plants)


def explain(
    problem: Problem,
    problem_sha256: str,
    plan: Plan,
    about: About,
    effort: Callable[[], Effort],
    progress: Progress,
    say: Callable[[str], None] = lambda _: None,
    kept: Kept | None = None,
) -> Explanations:
    """Return answers ``about`` ``plan``, made for ``problem``, whose file's bytes have the hash ``problem_sha256``.

    ``effort`` tells what each answer may take, and the search that all start from. Sea distances are told once where
    they are ``kept``. Raise InputError where the plan is of another problem or something is not there.
    """
    if plan.problem_sha256 != problem_sha256:
        raise InputError(f"The plan of {plan.day} was not made from this problem: its problem_sha256 is another.")
    if solvers.highspy is None:
        raise InputError("Explanations are told by HiGHS, which is not there: install highspy.")
    _check(problem, about)
    progress("上界与本计划 Bound and plan", 0.0)
    problem = weighed(problem).model_copy(update={"solver": "highs"})
    posed = pose(problem, plan, effort(), say, kept=kept)
    asked = list(_asked(posed, about))
    told: list[Told] = []
    for number, (name, ask) in enumerate(asked):
        progress(name, 0.3 + 0.7 * number / len(asked))
        told += ask(effort)
    network = posed.pricing.network
    return Explanations(
        site_id=problem.site_id,
        day=problem.day,
        problem_sha256=problem_sha256,
        plan_cny=plan.objective.total_cny,
        planned_cny=round(posed.planned_cny, 2),
        reference_cny=round(posed.value_cny, 2),
        clock_cny=round(posed.clock_cny, 2),
        bound_cny=round(posed.bound_cny, 2),
        bound_of=BOUND_OF.format(step=network.step_h, born=network.born_h),
        explanations=tuple(explained(posed, each) for each in told),
    )


def _check(problem: Problem, about: About) -> None:
    patches = [patch.id for patch in problem.patches] + [patch.id for patch in problem.left_out]
    _known("patch", about.patches, patches)
    _known("vessel", about.vessels, [vessel.id for vessel in problem.vessels])
    _known("plant", about.plants, places(problem))


def _known(kind: str, asked: Sequence[str], known: Sequence[str]) -> None:
    for name in asked:
        if name not in known:
            raise InputError(f"The problem has no {kind} {name}; it has {', '.join(known) or 'none'}.")


Ask = Callable[[Callable[[], Effort]], list[Told]]


def _asked(posed: Posed, about: About) -> Iterator[tuple[str, Ask]]:
    """Yield what to ask, by name."""
    problem = posed.problem
    out = {patch.id: patch for patch in problem.left_out}
    idle = [vessel.id for vessel in problem.vessels if not vessel.shifts or idle_shifts(posed, vessel.id)]
    for name in about.patches or ([*left_of(posed), *out] if about.all else []):
        if name in out:
            yield name, lambda _, name=name: [left_out(out[name])]  # type: ignore[misc]
        else:
            yield name, lambda effort, name=name: [why_patch(posed, name, effort())]  # type: ignore[misc]
    for name in about.vessels or (idle if about.all else []):
        yield name, lambda effort, name=name: [why_vessel(posed, name, effort())]  # type: ignore[misc]
    for name in about.plants or (places(problem) if about.all else []):
        yield name, lambda effort, name=name: why_plant(posed, name, effort)  # type: ignore[misc]
