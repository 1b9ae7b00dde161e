"""Turning the good rows of a file into tickets: which are there already, which home each means, who reported it."""

from collections.abc import Sequence
from uuid import UUID

from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.domain.addresses import Address, KnownHome, KnownHomes, bare, lines_of
from maintainuk.domain.imports import Draft, Tally
from maintainuk.domain.people import Person
from maintainuk.domain.permissions import WHOLE_ORGANISATION
from maintainuk.domain.taxonomy import Channel
from maintainuk.domain.tickets import MaintenanceTicket
from maintainuk.infrastructure.repositories.imports import Imports, KnownPerson
from maintainuk.infrastructure.repositories.tickets import Tickets


class Rows:
    """Brings portions of good rows in, in the transaction of its unit of work."""

    def __init__(self, work: UnitOfWork) -> None:
        self.work = work
        self.imports = Imports(work.session)

    async def look_up(self, drafts: Sequence[Draft]) -> tuple[Tally, list[tuple[Draft, KnownHome | None]]]:
        """Return what would become of rows, and those that would become tickets with the home each means."""
        there = await self.imports.references([draft.reference for draft in drafts])
        fresh: dict[str, Draft] = {}
        for draft in drafts:
            if draft.reference not in there:
                fresh.setdefault(draft.reference, draft)
        addresses = {
            reference: Address.of(draft.address, flat=draft.flat, postcode=draft.postcode)
            for reference, draft in fresh.items()
        }
        postcodes = {address.postcode for address in addresses.values() if address.postcode}
        homes = KnownHomes(await self.imports.homes(postcodes, lines_of(addresses.values())))
        placed = [(draft, homes.of(addresses[reference])) for reference, draft in fresh.items()]
        unknown = sum(home is None for _, home in placed)
        return Tally(len(placed), len(drafts) - len(placed), unknown), placed

    async def bring_in(self, drafts: Sequence[Draft]) -> tuple[Tally, UUID | None]:
        """Make tickets of rows that are not there yet; return what became of them and the last ticket's id."""
        await self.imports.take_turn(self.work.actor.org_id)
        tally, placed = await self.look_up(drafts)
        if not placed:
            return tally, None
        units = {home.unit_id for _, home in placed if home and home.unit_id}
        tenancies = await self.imports.tenancies(units)
        reporters = await self._reporters(placed, units)
        numbers = await Tickets(self.work.session, WHOLE_ORGANISATION).next_numbers(len(placed))
        for number, (draft, home), reporter_id in zip(numbers, placed, reporters, strict=True):
            ticket = self._ticket(number, draft, home)
            ticket.reporter_id = reporter_id
            if ticket.unit_id and (tenancy := tenancies.get(ticket.unit_id)):
                ticket.tenancy_id = tenancy[0] if tenancy[1] <= ticket.reported_at.date() else None
            ticket.imported()
            self.work.session.add(ticket)
        await self.work.session.flush()
        return tally, ticket.id

    def _ticket(self, number: int, draft: Draft, home: KnownHome | None) -> MaintenanceTicket:
        now = self.work.now
        reported_at = min(draft.reported_at or now, now)
        return MaintenanceTicket(
            org_id=self.work.actor.org_id,
            number=number,
            title=draft.title,
            description=draft.description,
            property_id=home.property_id if home else None,
            unit_id=home.unit_id if home else None,
            address_as_written=None if home else draft.written,
            external_reference=draft.reference,
            category=draft.category,
            priority=draft.priority,
            status=draft.status,
            channel=Channel.IMPORT,
            status_since=now,
            reported_at=reported_at,
            aware_at=reported_at,
            created_at=now,
            updated_at=now,
        )

    async def _reporters(
        self, placed: Sequence[tuple[Draft, KnownHome | None]], units: set[UUID]
    ) -> Sequence[UUID | None]:
        """Return who reported each: somebody known, or a new person where a row names one."""
        emails = {draft.reporter_email.lower() for draft, _ in placed if draft.reporter_email}
        names = {draft.reporter_name.lower() for draft, _ in placed if draft.reporter_name}
        if not (emails or names or any(draft.reporter_phone for draft, _ in placed)):
            return [None] * len(placed)
        tenants = await self.imports.tenants(units)
        phones = {draft.reporter_phone.lower() for draft, _ in placed if draft.reporter_phone}
        known = People(await self.imports.people(emails, names | emails | phones))
        return [
            self._reporter(draft, tenants.get(home.unit_id, set()) if home and home.unit_id else set(), known)
            for draft, home in placed
        ]

    def _reporter(self, draft: Draft, tenants: set[UUID], known: "People") -> UUID | None:
        called = draft.reporter_name or draft.reporter_email or draft.reporter_phone
        if not called:
            return None
        if person := known.of(draft, called, tenants):
            return person.id
        made = Person(
            org_id=self.work.actor.org_id,
            name=called,
            email=draft.reporter_email or None,
            phone=draft.reporter_phone or None,
        )
        self.work.session.add(made)
        known.add(KnownPerson(made.id, made.name, made.email, made.phone))
        return made.id


class People:
    """Those whom the rows of one portion may name."""

    def __init__(self, known: Sequence[KnownPerson]) -> None:
        self._by_email: dict[str, KnownPerson] = {}
        self._by_name: dict[str, list[KnownPerson]] = {}
        for person in known:
            self.add(person)

    def add(self, person: KnownPerson) -> None:
        """Know one more."""
        if person.email:
            self._by_email.setdefault(person.email.lower(), person)
        self._by_name.setdefault(person.name.lower(), []).append(person)

    def of(self, draft: Draft, called: str, tenants: set[UUID]) -> KnownPerson | None:
        """Return whom a row names: by e-mail, else by name when they live there or all else that is told fits."""
        if person := self._by_email.get(draft.reporter_email.lower()):
            return person
        same_name = self._by_name.get(called.lower(), [])
        return next((one for one in same_name if one.id in tenants or _same(draft, one)), None)


def _same(draft: Draft, person: KnownPerson) -> bool:
    """Say whether all that a row tells of a person of the same name is known of this one."""
    return (draft.reporter_email.lower(), bare(draft.reporter_phone)) == (
        (person.email or "").lower(),
        bare(person.phone or ""),
    )
