"""A reason and its price in a sentence, in Chinese and in English."""

from documents.explanation import Explanation, Kind, Reason
from optimizer.explain.posed import Posed
from optimizer.explain.told import Told, price_cny, proven_cny
from optimizer.explain.words import ASKED_EN, ASKED_ZH, DONE_EN, DONE_ZH, EN, ZH


def explained(posed: Posed, told: Told) -> Explanation:
    """Return ``told`` with its figures and sentences."""
    value = bound = found = proven = None
    if told.answer is not None:
        value, bound = told.answer.value_cny, told.answer.bound_cny
        found, proven = price_cny(posed, told.answer), proven_cny(posed, told.answer)
    made = Explanation(
        kind=told.kind,
        id=told.id,
        name=told.name,
        asked_t=None if told.asked_t is None else round(told.asked_t, 3),
        reason=told.reason,
        limits=told.limits,
        others=told.others,
        value_cny=_cents(value),
        bound_cny=_cents(bound),
        price_found_cny=_cents(found),
        price_proven_cny=_cents(proven),
        bound_falls_cny=None if bound is None else _cents(max(posed.bound_cny - bound, 0.0)),
        sentence_zh="",
        sentence_en="",
    )
    return made.model_copy(update={"sentence_zh": _zh(posed, told, made), "sentence_en": _en(posed, told, made)})


def _cents(value: float | None) -> float | None:
    return None if value is None else round(value, 2)


def _zh(posed: Posed, told: Told, made: Explanation) -> str:
    if told.reason is Reason.DONE:
        return DONE_ZH[told.kind].format(id=told.id, name=told.name) + "。"
    others = "、".join(f"{other.id}（{other.name}）" for other in told.others)
    reason = told.note if told.reason is Reason.NOT_POSED else ZH[told.reason].format(others=others)
    limits = "；".join(ZH[limit] for limit in told.limits[1:])
    also = f"（单独放宽下列任何一项也可行：{limits}）" if limits else ""
    price = "" if told.answer is None else _price_zh(posed, told, made)
    return f"{_subject_zh(told)}：{reason}{also}{price}。"


def _en(posed: Posed, told: Told, made: Explanation) -> str:
    if told.reason is Reason.DONE:
        return DONE_EN[told.kind].format(id=told.id) + "."
    others = ", ".join(other.id for other in told.others)
    entered = f"it did not enter the problem ({told.note})"
    reason = entered if told.reason is Reason.NOT_POSED else EN[told.reason].format(others=others)
    limits = "; ".join(EN[limit] for limit in told.limits[1:])
    also = f" (lifting any one of these would do as well: {limits})" if limits else ""
    price = "" if told.answer is None else _price_en(posed, told, made)
    return f"{_subject_en(told)}: {reason}{also}{price}."


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
        return f"Patch {told.id} is left{' in part' if told.is_part else ''}"
    if told.kind is Kind.VESSEL:
        shifts = ", ".join(str(shift + 1) for shift in told.shifts)
        return f"Vessel {told.id} stays in harbour{f' in shift {shifts}' if shifts else ''}"
    if told.kind is Kind.PLANT:
        return f"Plant {told.id} takes in {told.done_t:,.1f} t of the {told.most_t:,.1f} t it could"
    return f"Contract {told.id} is sold {told.done_t:,.1f} t of {told.most_t:,.1f} t"


def _price_zh(posed: Posed, told: Told, made: Explanation) -> str:
    """Return the price with its honest span."""
    asked = ASKED_ZH[made.kind].format(t=made.asked_t or 0.0)
    if made.bound_cny is None:
        return f"。若{asked}，刻钟模型内怎样重排都做不到"
    if told.reason is Reason.BETTER and made.value_cny is not None:
        return f"：{asked}，比本计划多得 {made.value_cny - posed.planned_cny:,.0f} 元"
    proven, falls = made.price_proven_cny or 0.0, made.bound_falls_cny or 0.0
    found = "没有找到可行的重排"
    if made.price_found_cny is not None:
        found = f"重排后少得 {max(made.price_found_cny, 0.0):,.0f} 元"
    least = (
        f"刻钟模型内已证明至少少得 {proven:,.0f} 元" if proven >= 1.0 else f"尚未证明必有损失（上界降 {falls:,.0f} 元）"
    )
    return f"。若{asked}，{found}，{least}"


def _price_en(posed: Posed, told: Told, made: Explanation) -> str:
    asked = ASKED_EN[made.kind].format(t=made.asked_t or 0.0)
    if made.bound_cny is None:
        return f"; {asked} cannot be done on the clock of the bound at less than a prohibitive price"
    if told.reason is Reason.BETTER and made.value_cny is not None:
        return f": {asked}, it is worth {made.value_cny - posed.planned_cny:,.0f} CNY more"
    proven, falls = made.price_proven_cny or 0.0, made.bound_falls_cny or 0.0
    found = f"no day was found for {asked}"
    if made.price_found_cny is not None:
        found = f"{asked} costs {max(made.price_found_cny, 0.0):,.0f} CNY in a day planned anew"
    least = f"at least {proven:,.0f} CNY is proven on the clock of the bound"
    return f"; {found}, {least if proven >= 1.0 else f'no loss is proven (the bound falls by {falls:,.0f} CNY)'}"
