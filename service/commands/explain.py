"""``greentide explain``: why a plan leaves a patch, keeps a vessel in harbour or a plant short, and what else costs."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from service.console import shown_steps, stdout

EPILOG = """Examples:

greentide explain runs/2026-06-18/problem.json runs/2026-06-18/plan.json

greentide explain problem.json plan.json --patch patch-003 --vessel vessel-001 --language en

greentide explain problem.json plan.json --plant haide --work 4 --out why
"""


class Language(StrEnum):
    """Of the sentences."""

    ZH = "zh"
    EN = "en"


HEADS = {Language.ZH: ("对象", "原因与代价"), Language.EN: ("what", "why, and what else costs")}
TITLES = {
    Language.ZH: "为什么不（本计划 {plan:,.0f} 元，沿此再搜 {reference:,.0f} 元；刻钟模型内已知最优 {clock:,.0f} 元，"
    "上界 {bound:,.0f} 元）",
    Language.EN: "Why not (this plan {plan:,.0f} CNY, searched on {reference:,.0f}; on the clock the best known is"
    " {clock:,.0f}, the bound {bound:,.0f})",
}
NOTES = {
    Language.ZH: "“已证明”指模型时钟上的全部计划：船舶以刻钟为步，批次与车次可取分数；“重排”为实际找到的一天。",
    Language.EN: "What is proven is proven of {of}, batches and trips in fractions; a day planned anew was found.",
}


def explain(
    problem: Annotated[Path, typer.Argument(help="problem.json.")],
    plan: Annotated[Path, typer.Argument(help="plan.json, made from that problem.")],
    patch: Annotated[list[str] | None, typer.Option("--patch", help="Why is this patch left? May be repeated.")] = None,
    vessel: Annotated[list[str] | None, typer.Option("--vessel", help="Why does this vessel stay in harbour?")] = None,
    plant: Annotated[list[str] | None, typer.Option("--plant", help="Why does this plant take in no more?")] = None,
    language: Annotated[Language, typer.Option("--language", help="Of the sentences.")] = Language.ZH,
    time_limit: Annotated[
        float | None, typer.Option("--time-limit", min=1.0, help="Seconds for each answer; in place of its work.")
    ] = None,
    work: Annotated[
        int | None,
        typer.Option("--work", min=0, help="Rounds of search for each answer: the same each time, no clock."),
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="A folder for explanations.json.")] = None,
) -> None:
    """Say why a plan does not do more, by forcing it to and planning again: the reason, the price, what is proven.

    With no patch, vessel or plant named: every patch that is left, vessel that stays and plant that is short.
    """
    from rich.markup import escape
    from rich.table import Table

    from optimizer.explain.explain import About
    from service.files import EXPLANATIONS
    from service.planning import explain_files

    about = About(tuple(patch or ()), tuple(vessel or ()), tuple(plant or ()))
    with shown_steps() as steps, steps.step("explain", "Explain") as report:
        made = explain_files(problem, plan, about, report, time_limit, work)
    title = TITLES[language].format(
        plan=made.plan_cny, reference=made.reference_cny, clock=made.clock_cny, bound=made.bound_cny
    )
    table = Table(title=title, title_justify="left", show_lines=True)
    for head in HEADS[language]:
        table.add_column(head, overflow="fold")
    for each in made.explanations:
        table.add_row(each.id, escape(each.sentence_zh if language is Language.ZH else each.sentence_en))
    console = stdout()
    console.print(table)
    console.print(NOTES[language].format(of=made.bound_of), highlight=False, soft_wrap=True)
    if out is not None:
        made.write(out / EXPLANATIONS)
        console.print(f"Written to {out / EXPLANATIONS}.", highlight=False, soft_wrap=True)


def register(app: typer.Typer) -> None:
    """Add the command to ``app``."""
    app.command(epilog=EPILOG)(explain)
