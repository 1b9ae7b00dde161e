"""Documents, by building and by firm."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select, and_, any_, delete, false, func, literal, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql.elements import ColumnElement

from maintainuk.domain.assets import Asset
from maintainuk.domain.documents import Audience, Document, DocumentStatus
from maintainuk.domain.errors import NotFound
from maintainuk.domain.people import Tenancy
from maintainuk.domain.permissions import WHOLE_ORGANISATION, Reach, Scope
from maintainuk.domain.properties import Unit
from maintainuk.infrastructure.repositories import reach

D: Final = Document.__table__.c
SHOWN_TO: Final = {Scope.PORTFOLIO: Audience.LANDLORD, Scope.OWN: Audience.TENANT, Scope.ASSIGNED: Audience.CONTRACTOR}
"""As whom somebody sees a building's documents whose reach ends there; those at the desk see all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentReach:
    """How far somebody reaches among buildings, among the tenancies in them, and among firms; None: not at all."""

    places: Reach | None
    tenancies: Reach | None
    firms: Reach | None


EVERYTHING: Final = DocumentReach(places=WHOLE_ORGANISATION, tenancies=WHOLE_ORGANISATION, firms=WHOLE_ORGANISATION)


class Documents:
    """The documents within reach of whoever asks."""

    def __init__(self, session: AsyncSession, within: DocumentReach) -> None:
        self.session = session
        self.within = within

    async def of_property(self, property_id: UUID) -> Sequence[Document]:
        """Return a building's documents, the newest first: of the whole, of its homes, tenancies and assets."""
        return await self._all(self._shown().where(Document.property_id == property_id))

    async def of_contractor(self, contractor_id: UUID) -> Sequence[Document]:
        """Return a firm's documents, the newest first."""
        return await self._all(self._shown().where(Document.contractor_id == contractor_id))

    async def one(self, document_id: UUID) -> Document:
        """Return a document that is shown. Raises `NotFound`."""
        return await self._only(self._shown().where(Document.id == document_id))

    async def locked(self, document_id: UUID) -> Document:
        """Return a document, withdrawn or not, held until the transaction ends. Raises `NotFound`."""
        query = self._within().where(Document.id == document_id)
        return await self._only(query.with_for_update().execution_options(populate_existing=True))

    async def count(self, property_id: UUID | None, contractor_id: UUID | None) -> int:
        """Return how many documents a building or a firm has."""
        subject = Document.contractor_id == contractor_id if contractor_id else Document.property_id == property_id
        return (await self.session.scalar(select(func.count()).select_from(Document).where(subject))) or 0

    async def place_of_tenancy(self, tenancy_id: UUID) -> tuple[UUID, UUID]:
        """Return building and home of a tenancy. Raises `NotFound`."""
        query = select(Unit.property_id, Unit.id).join(Tenancy, Tenancy.unit_id == Unit.id)
        if (found := (await self.session.execute(query.where(Tenancy.id == tenancy_id))).one_or_none()) is None:
            raise NotFound("no-such-tenancy")
        return found[0], found[1]

    async def place_of_asset(self, asset_id: UUID) -> tuple[UUID, UUID | None]:
        """Return building and home of an asset. Raises `NotFound`."""
        query = select(Asset.property_id, Asset.unit_id).where(Asset.id == asset_id)
        if (found := (await self.session.execute(query)).one_or_none()) is None:
            raise NotFound("no-such-asset")
        return found[0], found[1]

    async def over(self, *, before: datetime) -> Sequence[UUID]:
        """Return which were withdrawn before then, or announced before then without a file that ever came."""
        never_came = and_(Document.status == DocumentStatus.EXPECTED, Document.added_at < before)
        return (
            await self.session.scalars(
                select(Document.id).where(or_(Document.withdrawn_at < before, never_came)).limit(500)
            )
        ).all()

    async def holding(self, file_ids: Collection[UUID]) -> set[UUID]:
        """Return which of these files belong to a document that is not refused."""
        query = select(Document.file_id).where(
            Document.file_id.in_(file_ids), Document.status != DocumentStatus.REFUSED
        )
        return {found for found in await self.session.scalars(query) if found}

    async def remove(self, document_ids: Sequence[UUID]) -> None:
        """Forget these rows; their files have gone before."""
        await self.session.execute(delete(Document).where(Document.id.in_(document_ids)))

    async def _all(self, query: Select[Any]) -> Sequence[Document]:
        query = query.order_by(Document.added_at.desc(), Document.id.desc())
        return (await self.session.scalars(query, self._who())).all()

    async def _only(self, query: Select[Any]) -> Document:
        found: Document | None = await self.session.scalar(query, self._who())
        if found is None:
            raise NotFound("no-such-document")
        return found

    def _shown(self) -> Select[Any]:
        return self._within().where(Document.withdrawn_at.is_(None))

    def _within(self) -> Select[Any]:
        return select(Document).where(or_(self._of_places(), self._of_firms()))

    def _of_places(self) -> ColumnElement[bool]:
        if (places := self.within.places) is None:
            return false()
        about_tenancy: ColumnElement[bool] = D.tenancy_id.is_(None)
        if (tenancies := self.within.tenancies) is not None:
            about_tenancy = or_(about_tenancy, _tenancies(tenancies.scope))
        return and_(D.property_id.is_not(None), about_tenancy, _audience(places.scope), _homes(places.scope))

    def _of_firms(self) -> ColumnElement[bool]:
        if (firms := self.within.firms) is None:
            return false()
        is_theirs = D.contractor_id.in_(select(reach.C.id).where(reach.contractors(firms.scope)))
        meant = _meant_for(Audience.CONTRACTOR) if firms.scope is Scope.OWN else true()
        return and_(D.contractor_id.is_not(None), is_theirs, meant)

    def _who(self) -> dict[str, Any]:
        told = self.within.places or self.within.firms or WHOLE_ORGANISATION
        return {"org": self.session.info["org_id"], **reach.values(told)}


def _audience(scope: Scope) -> ColumnElement[bool]:
    if (audience := SHOWN_TO.get(scope)) is None:
        return true()
    return _meant_for(audience)


def _meant_for(audience: Audience) -> ColumnElement[bool]:
    return literal(audience.value) == any_(D.audiences)


def _homes(scope: Scope) -> ColumnElement[bool]:
    """Return whether the building is within reach; of a tenant's, what is about another home is not."""
    about = reach.properties(scope, D.property_id)
    return and_(about, or_(D.unit_id.is_(None), D.unit_id.in_(reach.MY_HOMES))) if scope is Scope.OWN else about


def _tenancies(scope: Scope) -> ColumnElement[bool]:
    """Return whether the tenancy is within reach: whoever moves in sees no agreement of those who moved out."""
    return D.tenancy_id.in_(reach.MY_TENANCIES) if scope is Scope.OWN else true()
