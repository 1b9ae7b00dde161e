"""Which rows a permission reaches, as conditions of a statement (`domain/permissions.py` says what each scope means).

The conditions are built at import, one for each scope; who asks is in the values. Row-level security keeps
organisations apart; inside one, nothing but these conditions keeps a team, a landlord or a tenant to their part.
"""

from typing import Any, Final

from sqlalchemy import ARRAY, ColumnElement, Uuid, bindparam, false, func, or_, select, true

from maintainuk.domain.contractors import Contractor
from maintainuk.domain.landlords import Landlord, Portfolio
from maintainuk.domain.people import Person, Tenancy, TenancyMember
from maintainuk.domain.permissions import Reach, Scope
from maintainuk.domain.properties import Property, Unit
from maintainuk.domain.tickets import MaintenanceTicket
from maintainuk.domain.users import User
from maintainuk.infrastructure.repositories.present import lives_there

P, F, U = Property.__table__.c, Portfolio.__table__.c, Unit.__table__.c
R: Final = Person.__table__.c
L, C = Landlord.__table__.c, Contractor.__table__.c
W: Final = User.__table__.c
T, Y, M = MaintenanceTicket.__table__.c, Tenancy.__table__.c, TenancyMember.__table__.c

_TEAMS = bindparam("reach_teams", type_=ARRAY(Uuid()))
_LANDLORD = bindparam("reach_landlord", type_=Uuid())
_CONTRACTOR = bindparam("reach_contractor", type_=Uuid())
_PERSON = bindparam("reach_person", type_=Uuid())
_USER = bindparam("reach_user", type_=Uuid())
_ORG = bindparam("org", type_=Uuid())

_ITS = Property.__table__.alias("its")


def _of_my_teams(property_id: ColumnElement[Any]) -> ColumnElement[bool]:
    """Ask of each row's property by itself: a list of fifty needs no set of all that the teams look after."""
    is_theirs = or_(_ITS.c.team_id.is_(None), _ITS.c.team_id == func.any(_TEAMS))
    asked = select(_ITS.c.id).where(_ITS.c.org_id == _ORG, _ITS.c.id == property_id, is_theirs)
    return asked.correlate_except(_ITS).exists()


_OF_MY_PORTFOLIOS: Final = (
    select(P.id)
    .join(Portfolio.__table__, (F.org_id == P.org_id) & (F.id == P.portfolio_id))
    .where(P.org_id == _ORG, F.landlord_id == _LANDLORD)
)
MY_TENANCIES: Final = (
    select(Y.id)
    .join(TenancyMember.__table__, (M.org_id == Y.org_id) & (M.tenancy_id == Y.id))
    .where(Y.org_id == _ORG, M.person_id == _PERSON, lives_there(M, Y))
)
"""The tenancies that the person is part of today."""
MY_HOMES: Final = select(Y.unit_id).where(Y.org_id == _ORG, Y.id.in_(MY_TENANCIES))
"""The homes that the person lives in today."""


def properties(scope: Scope, property_id: ColumnElement[Any] = P.id) -> ColumnElement[bool]:
    """Return whether a row that names a property is about one within reach."""
    match scope:
        case Scope.ORG:
            return true()
        case Scope.TEAM:
            return _of_my_teams(property_id)
        case Scope.PORTFOLIO:
            return property_id.in_(_OF_MY_PORTFOLIOS)
        case Scope.OWN:
            lived_in = select(U.property_id).where(U.org_id == _ORG, U.id.in_(MY_HOMES))
            return property_id.in_(lived_in)
        case Scope.ASSIGNED:  # what a contractor sees comes with an order
            return false()


def units(scope: Scope) -> ColumnElement[bool]:
    """Return whether a home is within reach: a tenant's own, and not their neighbour's."""
    return U.id.in_(MY_HOMES) if scope is Scope.OWN else properties(scope, U.property_id)


def places(scope: Scope, property_id: ColumnElement[Any], unit_id: ColumnElement[Any]) -> ColumnElement[bool]:
    """Return whether a row that names a property, and perhaps one home of it, is about a place within reach."""
    if scope is not Scope.OWN:
        return properties(scope, property_id)
    return properties(scope, property_id) & or_(unit_id.is_(None), unit_id.in_(MY_HOMES))


def tenancies(scope: Scope) -> ColumnElement[bool]:
    """Return whether a tenancy is within reach: a tenant's own, and not that of who lived in their home before."""
    if scope is not Scope.OWN:
        return Y.unit_id.in_(select(U.id).where(U.org_id == _ORG, units(scope)))
    return Y.id.in_(select(M.tenancy_id).where(M.org_id == _ORG, M.person_id == _PERSON, M.moved_out_on.is_(None)))


def people(scope: Scope) -> ColumnElement[bool]:
    """Return whether somebody is within reach: to a team, whoever is of none of the homes that others look after."""
    match scope:
        case Scope.ORG:
            return true()
        case Scope.TEAM:
            # Asked of each person by itself: as a set, the homes of everybody would be read to show eight people.
            is_ours = (
                select(func.bool_or(or_(P.team_id.is_(None), P.team_id == func.any(_TEAMS))))
                .select_from(TenancyMember.__table__)
                .join(Tenancy.__table__, (Y.org_id == M.org_id) & (Y.id == M.tenancy_id))
                .join(Unit.__table__, (U.org_id == Y.org_id) & (U.id == Y.unit_id))
                .join(Property.__table__, (P.org_id == U.org_id) & (P.id == U.property_id))
                .where(M.org_id == _ORG, M.person_id == R.id)
                .correlate(Person.__table__)
                .scalar_subquery()
            )
            return func.coalesce(is_ours, true())
        case Scope.PORTFOLIO:
            return R.id.in_(
                select(M.person_id)
                .join(Tenancy.__table__, (Y.org_id == M.org_id) & (Y.id == M.tenancy_id))
                .join(Unit.__table__, (U.org_id == Y.org_id) & (U.id == Y.unit_id))
                .where(M.org_id == _ORG, lives_there(M, Y), U.property_id.in_(_OF_MY_PORTFOLIOS))
            )
        case Scope.OWN:
            return R.id == _PERSON
        case Scope.ASSIGNED:
            return false()


def landlords(scope: Scope) -> ColumnElement[bool]:
    """Return whether a landlord is within reach: to themselves, and to those at the desk."""
    match scope:
        case Scope.ORG | Scope.TEAM:
            return true()
        case Scope.PORTFOLIO:
            return L.id == _LANDLORD
        case Scope.OWN | Scope.ASSIGNED:
            return false()


def contractors(scope: Scope) -> ColumnElement[bool]:
    """Return whether a contractor is within reach: to their own people, and to those at the desk."""
    match scope:
        case Scope.ORG | Scope.TEAM:
            return true()
        case Scope.OWN:
            return C.id == _CONTRACTOR
        case Scope.PORTFOLIO | Scope.ASSIGNED:
            return false()


def tickets(scope: Scope) -> ColumnElement[bool]:
    """Return whether a ticket is within reach; one whose home nobody knows yet is every team's."""
    match scope:
        case Scope.TEAM:
            return or_(T.property_id.is_(None), properties(scope, T.property_id), T.owner_id == _USER)
        case Scope.OWN:
            return T.reporter_id == _PERSON
        case _:
            return properties(scope, T.property_id)


def users(scope: Scope) -> ColumnElement[bool]:
    """Return whether somebody who signs in is within reach: everybody, or those of one's own firm."""
    match scope:
        case Scope.ORG:
            return true()
        case Scope.OWN:
            return W.contractor_id == _CONTRACTOR
        case _:
            return false()


def values(reach: Reach) -> dict[str, Any]:
    """Return who asks, for the conditions above."""
    return {
        "reach_teams": list(reach.team_ids),
        "reach_landlord": reach.landlord_id,
        "reach_contractor": reach.contractor_id,
        "reach_person": reach.person_id,
        "reach_user": reach.user_id,
    }
