"""A contractor's account: one firm for all the organisations it works for, known by who administers it.

No organisation is told which firm a contractor is: nobody learns by it for whom else it works.
"""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.domain.contractors import ContractorFirm
from maintainuk.domain.errors import AlreadyHere, ChangedMeanwhile
from maintainuk.domain.permissions import WHOLE_ORGANISATION
from maintainuk.domain.sign_in import Identity
from maintainuk.infrastructure.database.engine import Database
from maintainuk.infrastructure.repositories.contractors import Contractors
from maintainuk.infrastructure.repositories.firms import Firms
from maintainuk.infrastructure.repositories.sign_in import Identities


@dataclass(frozen=True, slots=True)
class Administered:
    """The firms that an identity administers, and at which organisations that was looked up."""

    firms: frozenset[UUID]
    at: frozenset[UUID]


NOWHERE: Final = Administered(frozenset(), frozenset())


async def administered_by(database: Database, identity_id: UUID) -> Administered:
    """Return which firms somebody administers, asking each organisation they work for through its own wall."""
    async with database.installation() as session:
        places = await Identities(session).as_contractor(identity_id)
    firms: set[UUID] = set()
    for org_id, user_id in places.items():
        async with database.session(org_id) as session:
            if (firm := await Firms(session).administered_by(user_id)) is not None:
                firms.add(firm)
    return Administered(frozenset(firms), frozenset(places))


async def join_firm(work: UnitOfWork, contractor_id: UUID, identity: Identity, elsewhere: Administered) -> None:
    """Let a contractor be the firm of whoever joins to administer it.

    One that has no firm yet becomes the only one they administer elsewhere, otherwise a new one: between two nothing is
    guessed.

    Raises:
        AlreadyHere: it is a firm already, and they administer another one.
        ChangedMeanwhile: they have joined at another organisation in this very moment.

    """
    identities = Identities(work.session)
    await identities.hold(identity.id)
    places = await identities.as_contractor(identity.id)
    if places.keys() - {work.actor.org_id} != elsewhere.at:
        raise ChangedMeanwhile
    contractor = await Contractors(work.session, WHOLE_ORGANISATION).locked(contractor_id)
    if contractor.firm_id is not None:
        if elsewhere.firms and contractor.firm_id not in elsewhere.firms:
            raise AlreadyHere("contractor-of-another-firm")
        return
    known = next(iter(elsewhere.firms)) if len(elsewhere.firms) == 1 else None
    if known is None or await Firms(work.session).is_known(known):
        firm = ContractorFirm(created_at=work.now)
        work.session.add(firm)
        await work.session.flush()
        known = firm.id
    contractor.has_account(known, at=work.now)
    await work.session.flush()
    work.audit("ContractorHasAccount", subject_id=contractor.id)
