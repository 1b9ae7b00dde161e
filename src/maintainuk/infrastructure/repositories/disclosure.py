"""All that is known of one person, piece by piece, and who else might stand in it."""

from collections.abc import AsyncIterator, Sequence

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from maintainuk.domain.audit import AuditLog
from maintainuk.domain.consents import Consent
from maintainuk.domain.contractors import Contractor, Operative
from maintainuk.domain.disclosure import Hidden, Piece
from maintainuk.domain.landlords import Landlord
from maintainuk.domain.people import Person, PersonNeed, TenancyMember
from maintainuk.domain.photos import Photo, PhotoStatus
from maintainuk.domain.privacy import PrivacyRequest
from maintainuk.domain.reports import Report
from maintainuk.domain.tickets import MaintenanceTicket
from maintainuk.domain.timeline import TimelineEvent, TimelineKind, Visibility
from maintainuk.domain.users import User

SAID_AMONG_STAFF = (TimelineKind.COMMENTED,)


class Disclosures:
    """What the session's organisation has on one of its people; whoever asks may see all of it."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def others(self, person: Person) -> dict[str, Hidden]:
        """Return the names of those who may stand in what is said about somebody, and what to call them."""
        own = select(TenancyMember.tenancy_id).where(TenancyMember.person_id == person.id)
        household = select(TenancyMember.person_id).where(TenancyMember.tenancy_id.in_(own))
        firms = select(Operative.person_id).union(
            select(Contractor.contact_id).where(Contractor.contact_id.is_not(None))
        )
        named: dict[str, Hidden] = {}
        for query, hidden in (
            (select(Person.name).where(Person.id.in_(select(Landlord.person_id))), Hidden.PERSON),
            (select(Person.name).where(Person.id.in_(firms)), Hidden.CONTRACTOR),
            (select(User.name), Hidden.COLLEAGUE),
            (select(Person.name).where(Person.id.in_(household), Person.id != person.id), Hidden.PERSON),
        ):
            named |= dict.fromkeys(await self.session.scalars(query), hidden)
        named.pop(person.name, None)
        return named

    async def pieces(self, person: Person) -> list[Piece]:
        """Return what was said and written down, each with a key that stays its own."""
        tickets = await self._tickets(person)
        ids = [ticket.id for ticket in tickets]
        references = {ticket.id: ticket.reference for ticket in tickets}
        found = [
            Piece(f"ticket:{one.id}", "repair", one.reference, one.reported_at.isoformat(), text)
            for one in tickets
            for text in (_joined(one.title, one.description),)
        ]
        reports = select(Report).where(Report.ticket_id.in_(ids)).order_by(Report.submitted_at)
        for report in await self.session.scalars(reports):
            said = "\n".join(str(answer) for answer in report.answers.values() if isinstance(answer, str))
            text = _joined(said, report.access_notes)
            at = report.submitted_at.isoformat()
            found.append(Piece(f"report:{report.id}", "answers", references[report.ticket_id], at, text))
        lines = select(TimelineEvent).where(TimelineEvent.ticket_id.in_(ids)).order_by(TimelineEvent.seq)
        for line in await self.session.scalars(lines):
            is_internal = line.visibility is not Visibility.TENANT
            if is_internal and line.kind not in SAID_AMONG_STAFF:
                continue
            at, text = line.occurred_at.isoformat(), line.body or line.private or ""
            kind = "note" if is_internal else "message"
            found.append(Piece(f"line:{line.id}", kind, references[line.ticket_id], at, text, is_internal))
        found += [piece async for piece in self._of_person(person)]
        return [piece for piece in found if piece.said]

    async def was_looked_through(self, request: PrivacyRequest) -> bool:
        """Say whether somebody has had the copy before them; each look stands in the log."""
        looked = exists().where(
            AuditLog.subject_id == request.person_id,
            AuditLog.action == "PersonExported",
            AuditLog.data["request_id"].astext == str(request.id),
        )
        return bool(await self.session.scalar(select(looked)))

    async def photos(self, person: Person) -> Sequence[tuple[Photo, str]]:
        """Return the photos they sent, with the reference of the repair."""
        query = (
            select(Photo, MaintenanceTicket.number)
            .join(MaintenanceTicket, MaintenanceTicket.id == Photo.ticket_id)
            .where(
                MaintenanceTicket.reporter_id == person.id,
                Photo.status == PhotoStatus.READY,
                Photo.uploaded_by.is_(None),
            )
            .order_by(Photo.received_at, Photo.id)
        )
        return [(row[0], f"T-{row[1]}") for row in await self.session.execute(query)]

    async def _tickets(self, person: Person) -> Sequence[MaintenanceTicket]:
        query = select(MaintenanceTicket).where(MaintenanceTicket.reporter_id == person.id)
        return (await self.session.scalars(query.order_by(MaintenanceTicket.reported_at))).all()

    async def _of_person(self, person: Person) -> AsyncIterator[Piece]:
        needs = select(PersonNeed).where(PersonNeed.person_id == person.id).order_by(PersonNeed.id)
        for need in await self.session.scalars(needs):
            text = _joined(need.note, need.instruction)
            yield Piece(f"need:{need.id}", "need", need.kind.value, need.consented_on.isoformat(), text)
        consents = select(Consent).where(Consent.person_id == person.id).order_by(Consent.told_on, Consent.id)
        for one in await self.session.scalars(consents):
            text = _joined(one.wording, one.note)
            yield Piece(f"consent:{one.id}", "consent", f"{one.purpose}.{one.way}", one.told_on.isoformat(), text)
        asked = select(PrivacyRequest).where(PrivacyRequest.person_id == person.id).order_by(PrivacyRequest.id)
        for request in await self.session.scalars(asked):
            text = _joined(request.extended_because, request.refused_because)
            at = request.received_on.isoformat()
            yield Piece(f"request:{request.id}", "request", request.kind.value, at, text)


def _joined(*texts: str | None) -> str:
    return "\n".join(text for text in texts if text)
