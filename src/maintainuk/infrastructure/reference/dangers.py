"""Reads what to do in danger, by nation, from `dangers.toml`."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from maintainuk.domain.emergencies import Danger, DangerAdvice, EmergencyNumber
from maintainuk.domain.organisations import Nation

FILE = Path(__file__).with_name("dangers.toml")
GAS = "gas"


@cache
def dangers(nation: Nation) -> tuple[DangerAdvice, ...]:
    """Return every danger with its advice and numbers, in the order in which people are asked."""
    written = _written()
    numbers = _numbers(nation)
    return tuple(
        DangerAdvice(
            key=Danger(one["key"]),
            question=one["question"],
            hint=one["hint"],
            heading=one["heading"],
            advice=tuple(_advice(one["advice"], nation)),
            call=numbers.get(one["call"]),
            call_also=tuple(numbers[key] for key in one["call_also"] if key in numbers),
        )
        for one in written["danger"]
    )


def gas_emergency(nation: Nation) -> EmergencyNumber:
    """Return the nation's gas emergency service: free, day and night, piped natural gas."""
    return _numbers(nation)[GAS]


@cache
def _written() -> Mapping[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


@cache
def _numbers(nation: Nation) -> Mapping[str, EmergencyNumber]:
    return {
        one["key"]: EmergencyNumber(**{name: one[name] for name in EmergencyNumber.__slots__})
        for one in _written()["number"]
        if nation in one["nations"]
    }


def _advice(sentences: list[Any], nation: Nation) -> list[str]:
    return [
        one if isinstance(one, str) else one["text"]
        for one in sentences
        if isinstance(one, str) or nation in one["nations"]
    ]
