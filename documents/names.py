"""Do the names in a document agree: is each its own, and is what is named there?"""

from collections.abc import Iterable, Mapping, Sequence


def check_own(ids: Mapping[str, Sequence[str]]) -> None:
    """Raise ValueError where two of the ``ids`` of one kind are the same."""
    for kind, of_kind in ids.items():
        if len(set(of_kind)) < len(of_kind):
            raise ValueError(f"two {kind}s share an id")


def check_docks(docks: Iterable[str], home_of: Mapping[str, str], hauls_of: Mapping[str, Iterable[str]]) -> None:
    """Raise ValueError where a vessel's home, or a dock that a plant hauls from, is not among ``docks``."""
    there = set(docks)
    for vessel, home in home_of.items():
        if home not in there:
            raise ValueError(f"vessel {vessel} has the unknown home dock {home}")
    for plant, hauls in hauls_of.items():
        for dock in hauls:
            if dock not in there:
                raise ValueError(f"plant {plant} hauls from the unknown dock {dock}")
