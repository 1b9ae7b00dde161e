"""Those who see a part: on what is theirs they may do what the specification (§7) says, and nothing else is there.

A landlord has a portfolio, a contractor's administrator and operative a firm, a tenant a home. Beside each, in the same
organisation, stands another of the same kind.
"""

import json
from uuid import UUID

import pytest
from sqlalchemy import update

from maintainuk.domain.built_in_roles import BuiltInRole
from maintainuk.domain.properties import Property
from tests.security import portfolio_matrix as portfolio
from tests.security.matrix import NEVER_ENDS, OF_ONESELF, ON_THE_PHONE
from tests.security.stage import ON_ONE_THING, OPERATIONS, Nothing, call, playing, staged
from tests.world import World

EVERYBODYS = {"me", "readOrganisation", "readOpenSupport"}
LISTS = {
    *("listDangerAlerts", "listTickets", "countTickets", "listHomes", "listProperties", "searchAnywhere"),
    *("listPeople", "listLandlords"),
}
"""They answer everybody who holds the permission, with what is within reach."""
OF_A_HOME = {
    *("readTicket", "readTimeline", "listPhotos", "suggestHomes", "reportTicket", "readSite"),
    *("readProperty", "listTenancies", "readTenancy", "readPerson", "listHints", "listAssets", "listConsents"),
    "listDocuments",
}
OF_A_FIRM = {"listContractors", "readContractor"}
MAY = {
    BuiltInRole.LANDLORD: LISTS | OF_A_HOME | {"readLandlord"},
    BuiltInRole.TENANT: LISTS
    | OF_A_HOME
    | {"cancelTicket", "changePerson", "recordConsent", "listNeeds", "addNeed", "endNeed"},
    BuiltInRole.OPERATIVE: LISTS | OF_A_FIRM,
    BuiltInRole.CONTRACTOR_ADMIN: LISTS
    | OF_A_FIRM
    | {"addAccreditation", "changeAccreditation", "addOperative", "endOperative"}
    | {"listAccounts", "listRoles", "listInvitations", "listSubjects"},
}
"""What each does with what is theirs. Contractors come to homes with their orders, which are not there yet."""
MINE = {
    BuiltInRole.LANDLORD: "landlord_id",
    BuiltInRole.CONTRACTOR_ADMIN: "contractor_id",
    BuiltInRole.OPERATIVE: "contractor_id",
    BuiltInRole.TENANT: "person_id",
}


@pytest.fixture(scope="module")
async def stage(settings):
    """A home whose owner, firm and tenant sign in, and another home in the same organisation."""
    world = World(settings)
    async with playing(settings) as (services, http):
        stage = await staged(world, services, http)
        other = await world.home(stage.org_id, address="9 Elm Row", tenant="Rhys Morgan", email="rhys@example.com")
        stage.others = {
            "ticket_id": str(await world.ticket(stage.org_id, other)),
            "home_id": str(other.unit_id),
            "property_id": str(other.property_id),
            **await portfolio.things(world, stage.org_id, other),
        }
        for ids in (stage.ids, stage.others):
            async with world.owner.session(stage.org_id) as session, session.begin():
                its = update(Property).where(Property.id == UUID(ids["property_id"]))
                await session.execute(its.values(portfolio_id=UUID(ids["portfolio_id"])))
        yield stage
    await world.close()


async def headers_of(stage, role):
    """Somebody for whom the first home, or its firm, is their own."""
    return await stage.as_(role, **{MINE[role]: UUID(stage.ids[MINE[role]])})


@pytest.mark.parametrize("role", ON_THE_PHONE)
@pytest.mark.parametrize("operation", [one for one in OPERATIONS if one.name not in NEVER_ENDS | OF_ONESELF], ids=str)
async def test_on_what_is_theirs_they_may_what_is_written(stage, operation, role):
    status, said = await call(stage.http, operation, await headers_of(stage, role), stage.names(operation))

    is_allowed = operation.name in MAY[role] | EVERYBODYS
    assert (status < 300) == is_allowed, said
    assert status in {200, 201, 202, 403, 404, 422}
    words = json.dumps(said)
    assert [name for name, value in stage.others.items() if value in words and name.endswith("_id")] == []


@pytest.mark.parametrize("role", ON_THE_PHONE)
@pytest.mark.parametrize("operation", [one for one in ON_ONE_THING if "role_id" not in one.path], ids=str)
async def test_what_is_their_neighbours_never_was(stage, operation, role):
    headers = await headers_of(stage, role)

    about_others = await call(stage.http, operation, headers, Nothing(stage.others))
    about_nothing = await call(stage.http, operation, headers, Nothing())

    assert about_others == about_nothing
    assert about_others[0] in {403, 404}
