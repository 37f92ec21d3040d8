"""What the plan says, in a bulletin: boats, tonnes, what is left, and what is taken out of the sea."""

from collections import defaultdict

from documents.plan import Plan, Status, StopKind
from documents.problem import EARNED_SHARE
from service.papers.bulletin_ashore import SHOWN_T, ashore_lines, energy
from service.papers.day import Day
from service.papers.sheet import Table, markdown_table
from service.papers.words import NOT_COUNTED, day_clock, grams, tonnes

CARBON_KG_T, NITROGEN_KG_T, PHOSPHORUS_KG_T = 42.2, 1.82, 0.256
"""Per tonne of fresh Ulva, 2013 bloom; computed from Phycologia, doi 10.2216/17-32.1."""


def plan_lines(day: Day) -> list[str]:
    """Return the paragraphs of the plan."""
    if day.plan is None or day.ledger is None:
        reasons = "\n".join(f"- {text}" for text in day.violations)
        return ["**没有通过独立校核的计划，未发布航线与进厂安排，请人工调度。** 原因：", reasons]
    lines = [_headline(day, day.plan)]
    if day.plan.voyages:
        lines.append(markdown_table(_vessels(day, day.plan)))
    lines += ashore_lines(day, day.ledger)
    left = _left(day, day.plan)
    return [*lines, left] if left else lines


def _headline(day: Day, plan: Plan) -> str:
    if plan.status is Status.NOTHING_TO_DO:
        return "本计划期无需（或无法）出海采收，船舶在港待命。"
    out = len({voyage.vessel_id for voyage in plan.voyages})
    bound = (
        "未得到上界"
        if plan.gap is None
        else "不劣于规划模型内的任何计划"
        if plan.status is Status.OPTIMAL
        else f"与规划模型的上界相差 {plan.gap:.1%}"
    )
    if plan.continuous_bound_cny is not None:
        bound += f"，不限时刻的上界为 {plan.continuous_bound_cny:,.0f} 元"
    if day.problem.protect_first:
        total = plan.objective.total_cny
        bound += f"（保护优先：避免损失全计，其余收支只计 {EARNED_SHARE:.0%}，本计划按此为 {total:,.0f} 元）"
    parts = plan.objective
    costs = parts.processing_cny + parts.hauling_cny + parts.disposal_cny + parts.platform_cny + parts.sailing_cny
    when = f"自 {day_clock(day.problem.start)} 起 {day.problem.horizon_h} h 内"
    return (
        f"{when}，出动 {out} 艘（共 {len(day.problem.vessels)} 艘），"
        f"计划采收 {tonnes(day.planned_t)}（湿重，按生物量中值）；计划净效益 {parts.net_cny:,.0f} 元（避免损失 "
        f"{parts.damage_avoided_cny:,.0f} 元，销售 {parts.sales_cny:,.0f} 元，期末库存 {parts.stock_cny:,.0f} 元，"
        f"支出 {costs:,.0f} 元；单价为示例），{bound}。计划已通过独立校核。"
    )


def _vessels(day: Day, plan: Plan) -> Table:
    names = {vessel.id: vessel.name for vessel in day.problem.vessels}
    rows = []
    for voyage in plan.voyages:
        collected = [stop for stop in voyage.stops if stop.kind is StopKind.COLLECT]
        rows.append(
            (
                f"{names[voyage.vessel_id]}{day.marks.vessel(voyage.vessel_id)}",
                day_clock(voyage.stops[0].end),
                f"{day_clock(voyage.stops[-1].arrive)}",
                str(len(collected)),
                f"{sum(stop.tonnes for stop in collected):.1f}",
                f"{sum(stop.distance_nm for stop in voyage.stops):.1f}",
            )
        )
    columns = ("船舶", "离港", "返港", "采收点", "采收 t", "航程 nm")
    return Table("", columns, tuple(rows), frozenset(columns[3:]))


def _left(day: Day, plan: Plan) -> str:
    reasons: dict[str, list[float]] = defaultdict(list)
    for left in plan.left:
        if left.tonnes >= SHOWN_T:
            reasons[left.reason].append(left.tonnes)
    planned = {left.patch_id for left in plan.left}
    for out in day.problem.left_out:
        if out.id not in planned:
            reasons[out.reason].append(out.tonnes)
    if not reasons:
        return ""
    rows = sorted(reasons.items(), key=lambda item: -sum(item[1]))
    return "未采收：" + "；".join(f"{reason}：{len(mass)} 处 {tonnes(sum(mass))}" for reason, mass in rows) + "。"


def removed_lines(day: Day) -> list[str]:
    """Return what collecting as planned takes out of the sea, with its range; never more than 'removed'."""
    if not day.planned_t or day.ledger is None:
        return ["计划采收量为 0，未计。"]
    low, high = _range(day)

    def figure(per_t: float) -> str:
        return f"{grams(day.planned_t * per_t)}（{grams(low * per_t)}–{grams(high * per_t)}）"

    return [
        f"如按计划采收 {tonnes(day.planned_t)}，随之从海中移出：碳 {figure(CARBON_KG_T)}、"
        f"氮 {figure(NITROGEN_KG_T)}、磷 {figure(PHOSPHORUS_KG_T)}。",
        "括号内为随斑块生物量低–高估计的区间；单位含量取自 2013 年绿潮样品"
        f"（每吨鲜重碳 {CARBON_KG_T:g} kg、氮 {NITROGEN_KG_T:g} kg、磷 {PHOSPHORUS_KG_T:g} kg，"
        "doi 10.2216/17-32.1），实测含水率优先。仅表示“移出”，不作任何抵消或认证之用。"
        f"{energy(day, day.ledger)}；避免的 CH₄、N₂O、H₂S：{NOT_COUNTED}（无可核实的系数）。",
    ]


def _range(day: Day) -> tuple[float, float]:
    """Return the planned tonnes at the low and the high estimate of the patches they are taken from."""
    mass = {patch.id: patch.biomass for patch in day.problem.patches}
    low = high = 0.0
    for _, stop in day.stops(StopKind.COLLECT):
        of = mass[stop.patch_id or ""]
        low += stop.tonnes * of.low_t / of.mid_t
        high += stop.tonnes * of.high_t / of.mid_t
    return low, high
