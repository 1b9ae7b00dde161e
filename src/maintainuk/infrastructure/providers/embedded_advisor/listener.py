"""The rules for danger, listening to reports as they come in."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace

from maintainuk.domain.ai import ReportInWords
from maintainuk.domain.emergencies import Danger, Heard
from maintainuk.domain.taxonomy import HazardClass
from maintainuk.infrastructure.providers.embedded_advisor.advisor import dangers_in

LONGEST_HEARD = 3_000
"""Characters listened to at either end: more is read when somebody reads it."""

ASKED: Mapping[str, Danger | None] = {
    "gas_smell": Danger.GAS_SMELL,
    "co_alarm": Danger.CO_ALARM,
    "co_alarm_speaks": Danger.CO_ALARM,
    "fire": Danger.FIRE,
    "burning_electrics": Danger.FIRE,
    "flooding": Danger.FLOODING,
    "water_electrics": Danger.FLOODING,
    "no_power": Danger.NO_POWER,
    "person_stuck": Danger.PERSON_STUCK,
    "person_stuck_at_home": Danger.PERSON_STUCK,
    "shock": None,
}
"""Rules of dangers.toml of which the least sign is heard, and the danger whose fixed advice fits, if there is any.

Nobody reads the report yet, and a question too many costs a tap.
"""


class RuleListener:
    """A `DangerListener` by rules alone: the same words are always heard alike."""

    async def hears(self, report: ReportInWords) -> Heard | None:
        """Return the worst danger, off the event loop."""
        found = await asyncio.to_thread(dangers_in, replace(report, description=_ends(report.description)), ASKED)
        if not found:
            return None
        return Heard(
            hazard_class=HazardClass.POTENTIAL_EMERGENCY,
            danger=next((advised for danger in found if (advised := ASKED.get(danger.key))), None),
        )


def _ends(text: str) -> str:
    return text if len(text) <= 2 * LONGEST_HEARD else f"{text[:LONGEST_HEARD]}\n{text[-LONGEST_HEARD:]}"
