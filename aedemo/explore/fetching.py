"""Fetching a data set that is not on this machine, while the page goes on; one person's request serves everybody."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace

from aedemo import datasets
from aedemo.explore import gallery, place


@dataclass(frozen=True)
class Fetching:
    """How far a data set has come.

    state: "absent", "fetching", "here" or "failed"; arrived, megabytes: of those to come; message: why it failed
    """

    state: str
    arrived: float = 0.0
    megabytes: float = 0.0
    message: str = ""


_lock = threading.Lock()
_under_way: dict[str, Fetching] = {}
_called_off: set[str] = set()
_arrived: list[str] = []


def state(dataset: str) -> Fetching:
    """How far a data set has come; ValueError for an unknown one."""
    row = datasets.get(dataset)
    with _lock:
        if dataset in _under_way:
            return _under_way[dataset]
    if row.fetch is None or datasets.at_hand(dataset):
        return Fetching("here")
    return Fetching("absent", megabytes=row.megabytes)


def arrivals() -> int:
    """How many data sets have come since the start: what was computed at another count may be out of date."""
    return len(_arrived)


def start(dataset: str) -> Fetching:
    """Begin to fetch in the background, unless it is here or on its way."""
    now = state(dataset)
    with _lock:
        if now.state not in ("absent", "failed") or _is_fetching(dataset):
            return _under_way.get(dataset, now)
        _called_off.discard(dataset)
        _under_way[dataset] = Fetching("fetching", megabytes=datasets.get(dataset).megabytes)
    threading.Thread(target=_fetch, args=(dataset,), daemon=True).start()
    return state(dataset)


def call_off(dataset: str) -> Fetching:
    """Stop fetching; what has arrived is thrown away."""
    with _lock:
        if _is_fetching(dataset):
            _called_off.add(dataset)
    return state(dataset)


def _is_fetching(dataset: str) -> bool:
    return dataset in _under_way and _under_way[dataset].state == "fetching"


def _fetch(dataset: str) -> None:
    def report(arrived: int) -> None:
        with _lock:
            if dataset in _called_off:
                raise datasets.Cancelled
            _under_way[dataset] = replace(_under_way[dataset], arrived=arrived / 1e6)

    outcome = None
    try:
        datasets.fetch(dataset, report)
        gallery.forget()
        place.forget()
        _arrived.append(dataset)
    except datasets.Cancelled:
        pass
    except ValueError as error:
        outcome = Fetching("failed", megabytes=datasets.get(dataset).megabytes, message=str(error))
    finally:
        with _lock:
            _under_way.pop(dataset)
            _called_off.discard(dataset)
            if outcome:
                _under_way[dataset] = outcome
