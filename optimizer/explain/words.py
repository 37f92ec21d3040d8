"""The words of reasons, in Chinese and in English."""

from documents.explanation import Kind, Reason

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
    Reason.BETTER: "a better plan was found",
    Reason.UNDECIDED: "no plan was found that does it",
}

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
