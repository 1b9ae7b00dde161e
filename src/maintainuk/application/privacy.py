"""Answering people who ask about their own data: a copy, or to be forgotten."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from maintainuk.application.people import PersonService
from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.domain.errors import ChangedMeanwhile, Invalid, Reason
from maintainuk.domain.london import london_day
from maintainuk.domain.people import Person
from maintainuk.domain.permissions import Permission, Scope
from maintainuk.domain.privacy import (
    ANSWERED_WITHIN,
    EARLIEST,
    AskedAlready,
    CannotErase,
    PrivacyRequest,
    PrivacyRequestKind,
    months_after,
)
from maintainuk.infrastructure.repositories.privacy import Privacy
from maintainuk.infrastructure.repositories.retention import Retention

Ledger = Sequence[tuple[UUID, datetime]]
"""Whom an organisation has forgotten, and when."""


async def forget(work: UnitOfWork, person: Person) -> None:
    """Take away who somebody was, and let the log say no more than that it was done."""
    work.recorder.forgotten.add(person.id)
    await Privacy(work.session).forget(person, at=work.now)
    await work.session.flush()


class PrivacyService:
    """The requests of an organisation's people about their own data."""

    def __init__(self, work: UnitOfWork) -> None:
        self.work = work
        self.privacy = Privacy(work.session)

    async def requests(self) -> Sequence[tuple[PrivacyRequest, str, bool]]:
        """Return what was asked, the most urgent first, by whom, and whether a dispute holds what is known of them."""
        self.work.actor.require(Permission.PRIVACY_READ, at_least=Scope.ORG)
        found = await self.privacy.requests()
        held = await Retention(self.work.session).held_people({one.person_id for one, _ in found})
        return [(one, name, one.person_id in held) for one, name in found]

    async def receive(self, person_id: UUID, kind: PrivacyRequestKind, received_on: date) -> UUID:
        """Write down that somebody has asked; the clock runs from the day they did, however they did.

        Raises `NotFound`, `Invalid`, `Forgotten`, and `AskedAlready` while the same waits for its answer.
        """
        self.work.actor.require(Permission.PRIVACY_DSAR, at_least=Scope.ORG)
        await PersonService(self.work).within(Permission.PEOPLE_READ).locked(person_id)
        if received_on > london_day(self.work.now):
            raise Invalid(fields={"received_on": Reason("date-in-the-future")})
        if received_on < EARLIEST:
            raise Invalid(fields={"received_on": Reason("asked-too-long-ago")})
        if await self.privacy.waits(person_id, kind):
            raise AskedAlready
        request = PrivacyRequest(
            org_id=self.work.actor.org_id,
            person_id=person_id,
            kind=kind,
            received_on=received_on,
            due_on=months_after(received_on, ANSWERED_WITHIN),
        )
        self.work.session.add(request)
        self._note("PrivacyRequestReceived", request)
        return request.id

    async def extend(self, request_id: UUID, because: str, *, version: int) -> None:
        """Take two more months for what is complex."""
        request, _ = await self._request(request_id, version)
        request.extend(because)
        self._note("PrivacyRequestExtended", request)

    async def refuse(self, request_id: UUID, because: str, *, version: int) -> None:
        """Refuse what was asked, with the reason the person is given."""
        request, _ = await self._request(request_id, version)
        request.refuse(because, at=self.work.now)
        self._note("PrivacyRequestRefused", request)

    async def answer(self, request_id: UUID, *, version: int) -> None:
        """Close a request: the copy has gone out, or the person is forgotten now. Raises `CannotErase`."""
        request, person = await self._request(request_id, version)
        if request.kind is PrivacyRequestKind.ERASURE:
            self.work.actor.require(Permission.PRIVACY_ERASE, at_least=Scope.ORG)
            request.answer(at=self.work.now)
            await self._require_nobody_needs(person.id)
            await forget(self.work, person)
            await self.privacy.note(person.id, at=self.work.now, by=self.work.actor.user_id)
            self.work.audit("PersonErased", subject_id=person.id)
        else:
            request.answer(at=self.work.now)
        self._note("PrivacyRequestAnswered", request)

    async def ledger(self) -> Ledger:
        """Return whom the organisation has forgotten."""
        return [(erasure.person_id, erasure.erased_at) for erasure in await self.privacy.erased()]

    async def replay(self, ledger: Ledger) -> int:
        """Forget again whom a restored backup remembers, and return how many."""
        when = dict(ledger)
        for person_id, at in when.items():
            await self.privacy.note(person_id, at=at, by=None)
        people = await self.privacy.remembered(list(when))
        for person in people:
            await forget(self.work, person)
            self.work.audit("PersonErasedAgain", subject_id=person.id)
        return len(people)

    async def _require_nobody_needs(self, person_id: UUID) -> None:
        """Refuse to forget whom somebody still has to know. Raises `CannotErase`."""
        if await Retention(self.work.session).held_people([person_id]):
            raise CannotErase("cannot-erase-held")
        await self.privacy.require_unneeded(person_id)

    async def _request(self, request_id: UUID, version: int) -> tuple[PrivacyRequest, Any]:
        self.work.actor.require(Permission.PRIVACY_DSAR, at_least=Scope.ORG)
        request, person = await self.privacy.request(request_id)
        if request.version != version:
            raise ChangedMeanwhile
        return request, person

    def _note(self, action: str, request: PrivacyRequest) -> None:
        self.work.audit(
            action, subject_id=request.person_id, data={"request_id": str(request.id), "kind": request.kind.value}
        )
        self.work.has_changed = True
