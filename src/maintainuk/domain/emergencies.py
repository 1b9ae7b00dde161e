"""What may be happening to somebody right now, and what they are told to do: fixed texts, never written by AI (§15)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from maintainuk.domain.taxonomy import HazardClass


class Danger(StrEnum):
    """What may be happening to somebody right now; asked before anything else."""

    GAS_SMELL = "gas_smell"
    CO_ALARM = "co_alarm"
    FIRE = "fire"
    FLOODING = "flooding"
    NO_POWER = "no_power"
    PERSON_STUCK = "person_stuck"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What somebody's own words tell of: how dangerous it sounds, and the danger that there is fixed advice for."""

    hazard_class: HazardClass
    danger: Danger | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EmergencyNumber:
    """A number to call, with the day it was last looked up and where; each organisation confirms it as well."""

    label: str
    number: str
    note: str
    verified_on: date
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DangerAdvice:
    """What somebody in one danger is asked, told to do and whom to call, in one nation."""

    key: Danger
    question: str
    hint: str
    heading: str
    advice: tuple[str, ...]
    call: EmergencyNumber | None
    call_also: tuple[EmergencyNumber, ...]
