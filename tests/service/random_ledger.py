"""Books with many parcels: catches and an old stock on a dock, hauled in one load, pressed, dried or disposed of."""

from datetime import timedelta

from hypothesis import strategies as st

from documents.plan import Batch, Disposal, Draw, Haul, Origin, Parcel
from service.papers.ledger import Ledger
from tests.service.handmade import OWN
from tests.service.handmade_plan import make_plan
from tests.service.handmade_problem import START, make_problem

SHARES = st.sampled_from((0.0, 0.2, 0.3, 0.5))
"""Of a parcel, for one use; two of them leave a rest or nothing."""


@st.composite
def ledgers(draw: st.DrawFn) -> Ledger:
    """Return books that balance; whether stores and units suffice does not matter to them."""
    problem = make_problem(OWN)
    parcels: list[Parcel] = []
    hauls: list[Haul] = []
    batches: list[Batch] = []
    disposals: list[Disposal] = []

    def add(place: str, material: str, tonnes: float, hour: float, age_h: float, origin: Origin, of: str) -> Parcel:
        available = START + timedelta(hours=hour)
        born = available - timedelta(hours=age_h)
        parcel = Parcel(
            id=f"p-{len(parcels)}",
            place_id=place,
            material=material,
            tonnes=tonnes,
            available=available,
            born=born,
            origin=origin,
            of=of,
        )
        parcels.append(parcel)
        return parcel

    def batch(fed: list[Parcel], task: str, material: str, rate: float, hour: float, share: float) -> Parcel | None:
        if not share:
            return None
        name, start = f"b-{len(batches)}", START + timedelta(hours=hour)
        tonnes = share * sum(parcel.tonnes for parcel in fed)
        made = add("haide", material, rate * tonnes, hour + 2, 0, Origin.BATCH, name)
        batches.append(
            Batch(
                id=name,
                place_id="haide",
                task_id=task,
                unit=0,
                start=start,
                end=start + timedelta(hours=2),
                draws=tuple(Draw(parcel_id=parcel.id, tonnes=share * parcel.tonnes) for parcel in fed),
                tonnes=tonnes,
                outputs=(made.id,),
            )
        )
        return made

    tonnes, ages = st.floats(0.5, 50), st.floats(0.5, 9)
    heap = [
        add("nankuang", "fresh", draw(tonnes), 2, draw(ages), Origin.LANDING, "lu-04")
        for _ in range(draw(st.integers(1, 3)))
    ]
    heap.append(add("nankuang", "fresh", draw(tonnes), 0, 0, Origin.STOCK, ""))
    for index in range(draw(st.integers(0, 2))):
        parts = {parcel: draw(SHARES) * parcel.tonnes for parcel in heap}
        draws = tuple(Draw(parcel_id=parcel.id, tonnes=mass) for parcel, mass in parts.items() if mass)
        if not draws:
            continue
        arrive = START + timedelta(hours=4 + index)
        brought = [
            add(
                "haide",
                "fresh",
                mass,
                4 + index,
                (arrive - parcel.born) / timedelta(hours=1),
                Origin.HAUL,
                f"h-{index}",
            )
            for parcel, mass in parts.items()
            if mass
        ]
        hauls.append(
            Haul(
                id=f"h-{index}",
                link_id="to-haide",
                vehicle=0,
                leave=arrive - timedelta(hours=1),
                arrive=arrive,
                draws=draws,
                tonnes=sum(part.tonnes for part in draws),
                parcels=tuple(parcel.id for parcel in brought),
            )
        )
        cake = batch(brought, "press", "cake", 0.4, 5 + index, draw(SHARES))
        if cake is not None:
            batch([cake], "dry", "powder", 0.25, 8 + index, draw(SHARES))
        share, when = draw(SHARES), START + timedelta(hours=draw(st.floats(6, 30)))
        if share:
            disposals += [
                Disposal(time=when, draw=Draw(parcel_id=parcel.id, tonnes=share * parcel.tonnes)) for parcel in brought
            ]
    update = {"parcels": tuple(parcels), "hauls": tuple(hauls), "batches": tuple(batches), "sales": ()}
    return Ledger(problem, make_plan(problem).model_copy(update={**update, "disposals": tuple(disposals)}))
