"""Reads what people are told when they are asked for their consent, from `consents.toml`."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from maintainuk.domain.consents import ContactPurpose, ContactWay

FILE = Path(__file__).with_name("consents.toml")


@dataclass(frozen=True, slots=True)
class Wording:
    """The present text for one way and purpose."""

    way: ContactWay
    purpose: ContactPurpose
    version: str
    text: str


def wordings(organisation: str) -> list[Wording]:
    """Return the present texts with the organisation's name in them."""
    written = _written()
    return [
        Wording(way, purpose, written["version"], written[purpose][way].format(organisation=organisation))
        for purpose in ContactPurpose
        for way in ContactWay
    ]


@cache
def _written() -> Mapping[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))
