"""Whom each organisation asks: one account for all, or an embedded advisor each, which learns from its decisions."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from maintainuk.domain.ai import Advice, ReportInWords
from maintainuk.domain.ports import Advisor, Advisors
from maintainuk.domain.redaction import NotRedactable, redact_report
from maintainuk.domain.taxonomy import Category, HazardClass, Priority
from maintainuk.infrastructure.providers.embedded_advisor.advisor import Confirmed, EmbeddedAdvisor
from maintainuk.infrastructure.providers.embedded_advisor.apart import Apart
from maintainuk.infrastructure.providers.openai import OpenAIAdvisor
from maintainuk.infrastructure.reference.picker import answered
from maintainuk.infrastructure.repositories.ai import AiJobs, Lesson, Words
from maintainuk.settings import AdvisorSettings, Settings

PATIENCE = 12.0
"""Seconds an account may take to answer: a delivery must be over in 15."""
MOST_ORGANISATIONS = 32
"""As many are kept in memory (some 10 MB each); one that is forgotten learns anew when it next asks."""
MOST_LESSONS = 500
LOOK_EVERY = 10.0
"""Seconds between two looks at what people decided: a thousand questions at once need one."""
FEWEST_NEW = 5
SHARE_OF_NEW = 5
"""It learns again once a fifth has been added, and at least so many: learning takes about a second."""


NOBODY = UUID(int=0)
"""The organisation of the first question, which nobody asks."""


class OneForAll:
    """An advisor who knows no organisation from another."""

    def __init__(self, advisor: Advisor) -> None:
        self.name = advisor.name
        self._advisor = advisor

    async def get_ready(self) -> None:
        """Load nothing: the account's own machines are awake."""

    async def close(self) -> None:
        """Give the connections back."""
        await self._advisor.close()

    async def of(self, _: UUID) -> Advisor:
        """Return the same for everybody."""
        return self._advisor


def advisors(settings: Settings, session_of: Callable[[UUID], AsyncSession]) -> Advisors:
    """Return OpenAI for everybody where there is a key, and else the advisors that need no account."""
    account = behind_an_account(settings)
    return OneForAll(account) if account else EmbeddedAdvisors(session_of)


def behind_an_account(settings: AdvisorSettings) -> OpenAIAdvisor | None:
    """Return OpenAI where there is a key."""
    if settings.openai_api_key is None:
        return None
    return OpenAIAdvisor(
        api_key=settings.openai_api_key.get_secret_value(),
        model=settings.openai_model,
        base_url=settings.openai_base_url,
        timeout=PATIENCE,
    )


@dataclass(slots=True)
class _Pupil:
    """An organisation's advisor, as it is known on this side of its process."""

    org_id: UUID
    apart: Apart
    name: str = EmbeddedAdvisor.name
    lessons: int = 0
    until: datetime | None = None
    looked_at: float = -LOOK_EVERY
    learning: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def advise(self, report: ReportInWords) -> Advice:
        """Propose a triage."""
        return await self.apart.advise(self.org_id, report)

    async def close(self) -> None:
        """Give nothing back: the process is everybody's."""


class EmbeddedAdvisors:
    """An embedded advisor for each organisation: what one has decided teaches no other's."""

    name = EmbeddedAdvisor.name

    def __init__(self, session_of: Callable[[UUID], AsyncSession]) -> None:
        self._session_of = session_of
        self._pupils: OrderedDict[UUID, _Pupil] = OrderedDict()
        self._apart = Apart()
        self._deaths = 0

    async def get_ready(self) -> None:
        """Learn from the examples that all of them begin with, by answering once: seconds of processor time."""
        await self._apart.advise(NOBODY, ReportInWords(title="", description="", answers={}))

    async def close(self) -> None:
        """End the process they live in."""
        await self._apart.close()

    async def of(self, org_id: UUID) -> Advisor:
        """Return the organisation's own, who has learned from its decisions up to now, or nearly."""
        if self._deaths != self._apart.deaths:  # what they had learned went with them
            self._pupils.clear()
            self._deaths = self._apart.deaths
        pupil = self._pupils.setdefault(org_id, _Pupil(org_id, self._apart))
        self._pupils.move_to_end(org_id)
        if len(self._pupils) > MOST_ORGANISATIONS:
            gone, _ = self._pupils.popitem(last=False)
            await self._apart.forget(gone)
        if time.monotonic() - pupil.looked_at >= LOOK_EVERY:
            async with pupil.learning:
                await self._teach(pupil, org_id)
        return pupil

    async def _teach(self, pupil: _Pupil, org_id: UUID) -> None:
        pupil.looked_at = time.monotonic()
        async with self._session_of(org_id) as session:
            jobs = AiJobs(session)
            new = await jobs.decided() - pupil.lessons
            if new >= max(FEWEST_NEW, pupil.lessons // SHARE_OF_NEW):
                lessons = await jobs.lessons(pupil.until, limit=MOST_LESSONS)
                words = await jobs.words({lesson.ticket_id for lesson in lessons})
                await self._apart.teach(org_id, await asyncio.to_thread(_confirmed, lessons, words))
                pupil.lessons += new
                pupil.until = lessons[-1].decided_at if lessons else pupil.until


def _confirmed(lessons: Sequence[Lesson], words: dict[UUID, Words]) -> list[Confirmed]:
    """Return what was decided beside the words as an advisor is shown them; what can't be shown is not learned."""
    confirmed = []
    for lesson in lessons:
        said = words[lesson.ticket_id]
        report = ReportInWords(
            title=said.title, description=said.description, answers=answered(said.fault, said.answers)
        )
        try:
            redacted = redact_report(report, said.names).report
        except NotRedactable:
            continue
        confirmed.append(
            Confirmed(
                report=redacted,
                category=Category(lesson.chosen["category"]),
                priority=Priority(lesson.chosen["priority"]),
                hazard_class=HazardClass(lesson.chosen["hazard_class"]),
            )
        )
    return confirmed
