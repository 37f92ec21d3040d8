"""``greentide plan``: from patches and tracks, or from a problem, to a plan."""

from pathlib import Path
from typing import Annotated

import typer

from documents.errors import InputError
from documents.problem import Solver
from service.commands.options import DayOption, OutOption, SiteOption, load_site, parse_day
from service.console import DEFAULT_SITE, shown_steps, stdout

EPILOG = """Examples:

greentide plan --patches today/patches.geojson --tracks today/tracks.geojson --site configs/rushan.yaml --out today

greentide plan today/problem.json --out again

greentide plan today/problem.json --time-limit 60 --out quick

greentide plan today/problem.json --solver cbc --out fallback

greentide plan noon/problem.json --previous today/plan.json --out noon
"""


def plan(
    out: OutOption,
    problem: Annotated[Path | None, typer.Argument(help="problem.json, to solve it as it stands.")] = None,
    patches: Annotated[Path | None, typer.Option("--patches", help="patches.geojson.")] = None,
    tracks: Annotated[Path | None, typer.Option("--tracks", help="tracks.geojson of the same patches.")] = None,
    site: SiteOption = DEFAULT_SITE,
    day: DayOption = None,
    time_limit: Annotated[
        float | None, typer.Option("--time-limit", min=1.0, help="Seconds; in place of the problem's own limits.")
    ] = None,
    work: Annotated[
        int | None, typer.Option("--work", min=0, help="Neighbourhoods to try: the same plan each time, no clock.")
    ] = None,
    solver: Annotated[
        Solver | None,
        typer.Option("--solver", help="In place of the problem's own; cbc: of a fixed pool, without a bound."),
    ] = None,
    previous: Annotated[
        Path | None, typer.Option("--previous", help="plan.json that runs: of its stops only those change that must.")
    ] = None,
) -> None:
    """Route the vessels, moor the platforms and plan the plants: writes (problem.json,) plan.json and plan.log."""
    from documents.plan import StopKind
    from service.planning import pose, solve_file
    from service.staging import staged_files

    if (problem is None) == (patches is None and tracks is None):
        raise InputError("Give either a PROBLEM or both --patches and --tracks.")
    with staged_files(out) as stage, shown_steps() as steps:
        if problem is None:
            if patches is None or tracks is None:
                raise InputError("Give both --patches and --tracks.")
            with steps.step("problem", "Problem"):
                where, coast = load_site(site)
                problem = pose(patches, tracks, where, coast, parse_day(day), stage)
        with steps.step("plan", "Plan") as report:
            made = solve_file(problem, stage, report, time_limit, work, previous, solver)
    collected = sum(stop.tonnes for v in made.voyages for stop in v.stops if stop.kind is StopKind.COLLECT)
    bound = "none" if made.bound_cny is None else f"{made.bound_cny:,.0f} CNY"
    ceiling = "none" if made.continuous_bound_cny is None else f"{made.continuous_bound_cny:,.0f} CNY"
    changed = "" if made.changed_stops is None else f" {made.changed_stops} stops changed."
    told = made.objective
    first = "" if abs(told.net_cny - told.total_cny) < 0.01 else f" ({told.total_cny:,.0f} with protection first)"
    gap = "none" if made.gap is None else f"{made.gap:.2%}"
    stdout().print(
        f"{made.status.value}: {len({v.vessel_id for v in made.voyages})} vessels out, {collected:.1f} t to collect, "
        f"{len(made.batches)} batches, {len(made.hauls)} hauls, {told.net_cny:,.0f} CNY{first}; bound of the "
        f"model {bound} (gap {gap}), in continuous time {ceiling}.{changed} Written to {out}.",
        highlight=False,
        soft_wrap=True,
    )


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command(epilog=EPILOG)(plan)
