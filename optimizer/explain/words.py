"""A reason and its price in a sentence, in Chinese and in English."""

from collections.abc import Sequence

from documents.explanation import Explanation, Kind, Other, Reason
from optimizer.explain.posed import Posed
from optimizer.explain.told import Told, price_cny

ZH = {
    Reason.NO_SHIFT: "计划时段内没有班次",
    Reason.TOO_ROUGH: "海况超过船舶抗浪限值",
    Reason.NOT_WORKABLE: "船能到时斑块不可作业（搁浅、距岸过近或超出预报）",
    Reason.SHIFT_TOO_SHORT: "班次时间不够往返",
    Reason.TOO_SLOW: "航速不够，来不及往返",
    Reason.CLOSED_AREA: "为禁航区所阻",
    Reason.QUAY_CLOSED: "能卸载时码头不开放",
    Reason.SPOILS: "上岸或运到时已过保鲜期",
    Reason.NO_STORE: "码头没有可存放的场地",
    Reason.FORBIDDEN: "调度指令禁止",
    Reason.LOCKED: "为调度锁定所限",
    Reason.CAPACITY: "船时与舱容用于收益更高的 {others}",
    Reason.OTHERS_GO: "能到的斑块由 {others} 采收",
    Reason.NOT_WORTH: "所得不抵所费",
    Reason.NO_ROOM: "岸上无处接收，也处理不了",
    Reason.CATCH: "上岸的原料不够",
    Reason.HAULING: "运力不够",
    Reason.STORES: "堆存场地不够",
    Reason.EQUIPMENT: "设备或其开工时间不够",
    Reason.NO_BUYER: "产品的合同量已满，没有更多买家",
    Reason.ELSEWHERE: "原料用于 {others} 更值",
    Reason.NO_WAY: "没有原料能运到",
    Reason.SEVERAL: "不止一个条件同时限制",
    Reason.AS_GOOD: "做与不做收益相当",
    Reason.BETTER: "重排发现了更好的计划",
    Reason.UNDECIDED: "没有找到可行的重排",
}
EN = {
    Reason.NO_SHIFT: "there is no shift within the horizon",
    Reason.TOO_ROUGH: "the waves are higher than boats bear",
    Reason.NOT_WORKABLE: "it may not be collected when a boat could be there (stranded, too near the shore or beyond"
    " the forecast)",
    Reason.SHIFT_TOO_SHORT: "there and back takes longer than a shift",
    Reason.TOO_SLOW: "boats are too slow to be back in time",
    Reason.CLOSED_AREA: "a closed area is in the way",
    Reason.QUAY_CLOSED: "no quay is open when it could be landed",
    Reason.SPOILS: "it is past its shelf life before it is of use",
    Reason.NO_STORE: "no quay has a store for it",
    Reason.FORBIDDEN: "orders forbid it",
    Reason.LOCKED: "locks leave no room for it",
    Reason.CAPACITY: "boats' time and holds go to {others}, worth more",
    Reason.OTHERS_GO: "what it can reach is collected by {others}",
    Reason.NOT_WORTH: "it earns less than it costs",
    Reason.NO_ROOM: "there is neither room nor use for it ashore",
    Reason.CATCH: "too little is landed",
    Reason.HAULING: "there are too few vehicles",
    Reason.STORES: "there is too little room in stores",
    Reason.EQUIPMENT: "there is too little equipment, or too few hours of it",
    Reason.NO_BUYER: "contracts take no more of what it makes",
    Reason.ELSEWHERE: "what it would need is worth more at {others}",
    Reason.NO_WAY: "nothing that it takes ever gets there",
    Reason.SEVERAL: "several limits hold it back at once",
    Reason.AS_GOOD: "it makes no difference to what the plan is worth",
    Reason.BETTER: "a better plan was found that does it",
    Reason.UNDECIDED: "no plan was found that does it",
}


def explained(posed: Posed, told: Told) -> Explanation:
    """Return ``told`` with its figures and sentences."""
    answer = told.answer
    bound = None if answer is None or answer.bound_cny is None else answer.bound_cny
    found = None if answer is None else price_cny(posed, answer)
    falls = None if bound is None else max(posed.bound_cny - bound, 0.0)
    made = Explanation(
        kind=told.kind,
        id=told.id,
        name=told.name,
        asked_t=None if told.asked_t is None else round(told.asked_t, 3),
        reason=told.reason,
        limits=told.limits,
        others=told.others,
        value_cny=None if answer is None else _cents(answer.value_cny),
        bound_cny=_cents(bound),
        price_found_cny=_cents(found),
        price_proven_cny=None if bound is None else _cents(max(posed.clock_cny - bound, 0.0)),
        bound_falls_cny=_cents(falls),
        sentence_zh="",
        sentence_en="",
    )
    return made.model_copy(update={"sentence_zh": _zh(told, made), "sentence_en": _en(told, made)})


def _cents(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


def _zh(told: Told, made: Explanation) -> str:
    if told.reason is Reason.DONE:
        return DONE_ZH[told.kind].format(id=told.id, name=told.name) + "。"
    reason = told.note if told.reason is Reason.NOT_POSED else ZH[told.reason].format(others=_named(told.others, "、"))
    limits = [ZH[limit] for limit in told.limits[1:]]
    also = f"；另外，单独放宽任何一项也可行：{'；'.join(limits)}" if limits else ""
    return f"{_subject_zh(told)}：{reason}{also}{_price_zh(told, made)}。"


def _en(told: Told, made: Explanation) -> str:
    if told.reason is Reason.DONE:
        return DONE_EN[told.kind].format(id=told.id) + "."
    if told.reason is Reason.NOT_POSED:
        reason = f"it did not enter the problem ({told.note})"
    else:
        reason = EN[told.reason].format(others=_named(told.others, ", "))
    limits = [EN[limit] for limit in told.limits[1:]]
    also = f"; lifting any other of these alone would do as well: {'; '.join(limits)}" if limits else ""
    return f"{_subject_en(told)}: {reason}{also}{_price_en(told, made)}."


def _named(others: Sequence[Other], comma: str) -> str:
    return comma.join(f"{other.id}（{other.name}）" if comma == "、" else other.id for other in others)


DONE_ZH = {
    Kind.PATCH: "斑块 {id}（{name}）已全部采收",
    Kind.VESSEL: "{name}（{id}）每班都出航",
    Kind.PLANT: "{name}（{id}）能力已用足",
    Kind.CONTRACT: "合同 {id}（{name}）已售足",
}
DONE_EN = {
    Kind.PATCH: "Patch {id} is collected wholly",
    Kind.VESSEL: "Vessel {id} sails in every shift",
    Kind.PLANT: "Plant {id} takes in all it can",
    Kind.CONTRACT: "Contract {id} is sold all it takes",
}


def _subject_zh(told: Told) -> str:
    if told.kind is Kind.PATCH:
        return f"斑块 {told.id}（{told.name}）{'未采完' if told.is_part else '未采'}"
    if told.kind is Kind.VESSEL:
        shifts = "、".join(str(shift + 1) for shift in told.shifts)
        return f"{told.name}（{told.id}）{f'第 {shifts} 班' if shifts else ''}未出航"
    if told.kind is Kind.PLANT:
        return f"{told.name}（{told.id}）加工 {told.done_t:,.1f} t，能力 {told.most_t:,.1f} t"
    return f"合同 {told.id}（{told.name}）售出 {told.done_t:,.1f} t，上限 {told.most_t:,.1f} t"


def _subject_en(told: Told) -> str:
    if told.kind is Kind.PATCH:
        return f"Patch {told.id} is {'left in part' if told.is_part else 'left'}"
    if told.kind is Kind.VESSEL:
        shifts = ", ".join(str(shift + 1) for shift in told.shifts)
        return f"Vessel {told.id} stays in harbour{f' in shift {shifts}' if shifts else ''}"
    if told.kind is Kind.PLANT:
        return f"Plant {told.id} takes in {told.done_t:,.1f} t of the {told.most_t:,.1f} t it could"
    return f"Contract {told.id} is sold {told.done_t:,.1f} t of {told.most_t:,.1f} t"


ASKED_ZH = {
    Kind.PATCH: "再采 {t:,.1f} t",
    Kind.VESSEL: "出航",
    Kind.PLANT: "再加工 {t:,.1f} t",
    Kind.CONTRACT: "再售 {t:,.1f} t",
}
ASKED_EN = {
    Kind.PATCH: "collecting {t:,.1f} t more",
    Kind.VESSEL: "sailing",
    Kind.PLANT: "taking in {t:,.1f} t more",
    Kind.CONTRACT: "selling {t:,.1f} t more",
}


def _price_zh(told: Told, made: Explanation) -> str:
    """Return the price with its honest span; nothing where nothing was asked."""
    if told.answer is None:
        return ""
    if made.bound_cny is None:
        return f"。若{ASKED_ZH[made.kind].format(t=made.asked_t or 0.0)}，怎样重排都做不到"
    asked = f"。若{ASKED_ZH[made.kind].format(t=made.asked_t or 0.0)}，"
    found, proven = made.price_found_cny, made.price_proven_cny or 0.0
    found_zh = f"重排后{'多得' if (found or 0.0) < 0 else '少得'} {abs(found or 0.0):,.0f} 元"
    found_zh = "没有找到可行的重排" if found is None else found_zh
    least = (
        f"已证明至少少得 {proven:,.0f} 元"
        if proven >= 1.0
        else f"尚未证明必有损失（上界降 {made.bound_falls_cny:,.0f} 元）"
    )
    return f"{asked}{found_zh}，{least}"


def _price_en(told: Told, made: Explanation) -> str:
    if told.answer is None:
        return ""
    asked = ASKED_EN[made.kind].format(t=made.asked_t or 0.0)
    if made.bound_cny is None:
        return f"; {asked} cannot be done by any day"
    found, proven = made.price_found_cny, made.price_proven_cny or 0.0
    found_en = (
        f"{asked} {'gains' if (found or 0.0) < 0 else 'costs'} {abs(found or 0.0):,.0f} CNY in a day planned anew"
    )
    found_en = f"no day was found for {asked}" if found is None else found_en
    least = f"at least {proven:,.0f} CNY is proven"
    falls = f"no loss is proven (the bound falls by {made.bound_falls_cny:,.0f} CNY)"
    return f"; {found_en}, {least if proven >= 1.0 else falls}"
