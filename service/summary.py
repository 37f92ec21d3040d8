"""What is printed at the end of a day: the result in a few lines, and where to look."""

from pathlib import Path

from rich.console import Console
from rich.table import Table

from service.files import BULLETIN, INTAKE, MAP, ROUTES
from service.papers.bulletin import conclusions
from service.papers.day import Day
from service.papers.words import tonnes


def print_summary(day: Day, folder: Path, console: Console) -> None:
    """Print the summary of ``day``, whose files lie in ``folder``."""
    if day.simulated:
        console.print("[bold red]演示：模拟影像，非真实观测[/]")
    for sentence in conclusions(day):
        console.print(f"[bold]{sentence}[/]", highlight=False)
    if day.plan is None:
        console.print("[bold red]没有通过校核的计划，未发布航线：[/]")
        for violation in day.violations:
            console.print(violation, markup=False, highlight=False)
    else:
        out = len({voyage.vessel_id for voyage in day.plan.voyages})
        ashore = f"加工 {len(day.plan.batches)} 批，运输 {len(day.plan.hauls)} 趟"
        console.print(f"出动 {out} 艘，计划采收 {tonnes(day.planned_t)}；{ashore}。", highlight=False)
    table = Table("where to look", "what", box=None, pad_edge=False)
    for name, what in (
        (BULLETIN, "监测快报 bulletin"),
        (MAP, "监测与采收计划图 map"),
        (f"{ROUTES}/", "航次单与 GPX, vessel by vessel"),
        (f"{INTAKE}/", "进厂与平台安排, place by place"),
    ):
        table.add_row(str(folder / name), what)
    console.print(table)
