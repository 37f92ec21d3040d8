"""Do the names in a document agree: is each its own, and is what is named there?"""

from collections import Counter
from collections.abc import Iterable, Mapping


def check_own(ids: Mapping[str, Iterable[str]]) -> None:
    """Raise ValueError where two of the ``ids`` of one kind are the same."""
    for kind, of_kind in ids.items():
        for name, times in Counter(of_kind).items():
            if times > 1:
                raise ValueError(f"{kind} {name} is there twice")


def check_known(kind: str, known: Iterable[str], named: Iterable[tuple[str, str]]) -> None:
    """Raise ValueError where something (who, name) names a ``kind`` that is not ``known``."""
    there = set(known)
    for who, name in named:
        if name not in there:
            raise ValueError(f"{who} names the unknown {kind} {name}")
