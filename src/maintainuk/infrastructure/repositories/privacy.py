"""Finding requests about people's own data, all that is known of somebody, and what has to be forgotten."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Exists, Text, cast, delete, exists, func, or_, select, union_all, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from maintainuk.domain.audit import AuditValue
from maintainuk.domain.base import new_id
from maintainuk.domain.consents import Consent
from maintainuk.domain.contractors import Contractor, Operative
from maintainuk.domain.errors import NotFound
from maintainuk.domain.import_records import ImportChange
from maintainuk.domain.invitations import Invitation, InvitationState
from maintainuk.domain.landlords import Landlord, Portfolio
from maintainuk.domain.messaging import Message
from maintainuk.domain.people import Person, PersonNeed, Tenancy, TenancyMember
from maintainuk.domain.privacy import (
    CannotErase,
    Erasure,
    PrivacyRequest,
    PrivacyRequestKind,
    PrivacyRequestStatus,
)
from maintainuk.domain.properties import Property, Unit
from maintainuk.domain.reports import Report
from maintainuk.domain.sign_in import Membership
from maintainuk.domain.ticket_lifecycle import OPEN
from maintainuk.domain.tickets import MaintenanceTicket
from maintainuk.domain.timeline import TimelineEvent
from maintainuk.domain.users import User, UserStatus
from maintainuk.infrastructure.repositories.present import is_not_over, is_part

MOST = 200


def _accounts_of(person_id: UUID) -> ColumnElement[bool]:
    owned = select(Landlord.id).where(Landlord.person_id == person_id)
    return or_(User.person_id == person_id, User.landlord_id.in_(owned))


def _needed(person_id: UUID) -> Iterator[tuple[CannotErase, Exists]]:
    """Yield each reason for which somebody can't be forgotten, and the question whether it is so."""
    living = exists().where(
        TenancyMember.person_id == person_id,
        is_part(TenancyMember),
        TenancyMember.tenancy_id == Tenancy.id,
        is_not_over(Tenancy),
    )
    waiting = exists().where(MaintenanceTicket.reporter_id == person_id, MaintenanceTicket.status.in_(sorted(OPEN)))
    owning = exists().where(
        Landlord.person_id == person_id, Portfolio.landlord_id == Landlord.id, Property.portfolio_id == Portfolio.id
    )
    entering = exists().where(_accounts_of(person_id), User.status == UserStatus.ACTIVE)
    coming = exists().where(Operative.person_id == person_id, Operative.left_on.is_(None))
    yield CannotErase("cannot-erase-who-lives-here"), living
    yield CannotErase("cannot-erase-who-waits"), waiting
    yield CannotErase("cannot-erase-who-signs-in"), entering
    yield CannotErase("cannot-erase-who-owns"), owning
    yield CannotErase("cannot-erase-whom-to-ring"), exists().where(Contractor.contact_id == person_id)
    yield CannotErase("cannot-erase-who-comes"), coming


class Privacy:
    """What the session's organisation has been asked about people's data."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def requests(self) -> Sequence[tuple[PrivacyRequest, str]]:
        """Return requests with the name of who asked: open ones first, the most urgent of them on top."""
        query = (
            select(PrivacyRequest, Person.name)
            .join(Person, Person.id == PrivacyRequest.person_id)
            .order_by(PrivacyRequest.closed_at.desc().nulls_first(), PrivacyRequest.due_on, PrivacyRequest.id)
            .limit(MOST)
        )
        return [(row[0], row[1]) for row in await self.session.execute(query)]

    async def waits(self, person_id: UUID, kind: PrivacyRequestKind) -> bool:
        """Say whether somebody waits for an answer to a request of this kind."""
        asked = PrivacyRequest.person_id == person_id, PrivacyRequest.kind == kind
        query = select(exists().where(*asked, PrivacyRequest.status == PrivacyRequestStatus.OPEN))
        return bool(await self.session.scalar(query))

    async def request(self, request_id: UUID) -> tuple[PrivacyRequest, Person]:
        """Return a request and who asked, both held until the transaction ends. Raises `NotFound`."""
        query = (
            select(PrivacyRequest, Person)
            .join(Person, Person.id == PrivacyRequest.person_id)
            .where(PrivacyRequest.id == request_id)
            .with_for_update()
        )
        if (found := (await self.session.execute(query)).one_or_none()) is None:
            raise NotFound("no-such-privacy-request")
        return found[0], found[1]

    async def require_unneeded(self, person_id: UUID) -> None:
        """Refuse while somebody has to stay known. Raises `CannotErase`."""
        for refusal, is_so in _needed(person_id):
            if await self.session.scalar(select(is_so)):
                raise refusal

    async def forget(self, person: Person, *, at: datetime) -> None:
        """Take away who somebody was: their file, their needs, what they owned and left as ways to reach them.

        What has happened to homes stays as it is written: tickets, orders and certificates are statutory evidence.
        """
        person.name, person.email, person.phone = "", None, None
        person.language, person.external_reference = "en", None
        person.version += 1
        await self._take_back_invitations(person.id, at)
        await self._shut_accounts(person.id)
        reported = select(MaintenanceTicket.id).where(MaintenanceTicket.reporter_id == person.id)
        notes = update(Report).where(Report.ticket_id.in_(reported)).values(access_notes=None)
        contacts = (
            update(TimelineEvent)
            .where(TimelineEvent.ticket_id.in_(reported), TimelineEvent.private.is_not(None))
            .values(private=None)
        )
        spoken = update(Consent).where(Consent.person_id == person.id).values(note=None, wording=None)
        owned = select(Landlord.id).where(Landlord.person_id == person.id)
        about = union_all(
            select(Person.id).where(Person.id == person.id),
            select(PersonNeed.id).where(PersonNeed.person_id == person.id),
            select(Operative.id).where(Operative.person_id == person.id),
            owned,
        )
        imported = delete(ImportChange).where(ImportChange.subject_id.in_(about))
        logged = delete(AuditValue).where(AuditValue.about_id.in_(about))
        needs = delete(PersonNeed).where(PersonNeed.person_id == person.id)
        called = update(Portfolio).where(Portfolio.landlord_id.in_(owned)).values(name=cast(Portfolio.id, Text))
        owner = update(Landlord).where(Landlord.person_id == person.id).values(company=None, external_reference=None)
        cards = update(Operative).where(Operative.person_id == person.id).values(card=None)
        for statement in (notes, contacts, spoken, imported, logged, needs, called, owner, cards):
            await self.session.execute(statement, execution_options={"synchronize_session": False})

    async def _take_back_invitations(self, person_id: UUID, at: datetime) -> None:
        """Forget where somebody was invited; an invitation that waits is withdrawn."""
        owned = select(Landlord.id).where(Landlord.person_id == person_id)
        theirs = select(Invitation).where(or_(Invitation.person_id == person_id, Invitation.landlord_id.in_(owned)))
        for invitation in await self.session.scalars(theirs):
            if invitation.state(at) is InvitationState.WAITING:
                invitation.withdrawn(at)
            invitation.email, invitation.email_index = "", b""

    async def _shut_accounts(self, person_id: UUID) -> None:
        """Forget as whom somebody signed in here; elsewhere, they still do."""
        for user in await self.session.scalars(select(User).where(_accounts_of(person_id))):
            user.name, user.email, user.status = "", "", UserStatus.DISABLED
            user.forget_account()
            place = delete(Membership).where(Membership.org_id == user.org_id, Membership.user_id == user.id)
            await self.session.execute(place, execution_options={"synchronize_session": False})

    async def note(self, person_id: UUID, *, at: datetime, by: UUID | None) -> None:
        """Write down that somebody was forgotten; once is enough."""
        row = {"org_id": self.session.info["org_id"], "id": new_id(), "person_id": person_id}
        noted = insert(Erasure).values(row | {"erased_at": at, "erased_by": by}).on_conflict_do_nothing()
        await self.session.execute(noted)

    async def erased(self) -> Sequence[Erasure]:
        """Return whom the organisation has forgotten."""
        return (await self.session.scalars(select(Erasure).order_by(Erasure.erased_at))).all()

    async def remembered(self, ids: Sequence[UUID]) -> Sequence[Person]:
        """Return those of these people of whom something is there that should be forgotten."""
        query = select(Person).where(
            Person.id.in_(ids),
            or_(
                func.cardinality(Person.name_tokens) > 0,
                Person.email_index.is_not(None),
                Person.phone_index.is_not(None),
            ),
        )
        return (await self.session.scalars(query.with_for_update())).all()

    async def known(self, person: Person) -> dict[str, Any]:
        """Return where somebody lived and which letters were written to them."""
        homes = (
            select(
                Unit.label,
                Property.address_line,
                Property.town,
                Property.postcode,
                Tenancy.started_on,
                Tenancy.ended_on,
            )
            .select_from(TenancyMember)
            .join(Tenancy, Tenancy.id == TenancyMember.tenancy_id)
            .join(Unit, Unit.id == Tenancy.unit_id)
            .join(Property, Property.id == Unit.property_id)
            .where(TenancyMember.person_id == person.id)
            .order_by(Tenancy.started_on)
        )
        letters = select(Message).where(Message.recipient_id == person.id).order_by(Message.created_at)
        return {
            "homes": [row._asdict() for row in await self.session.execute(homes)],
            "letters": (await self.session.scalars(letters)).all(),
        }
