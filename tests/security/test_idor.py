"""The matrix of who may touch what: every operation by {nobody, each built-in role, a role with no grants or with
grants for a part only, another organisation}.

Generated from the OpenAPI document: a new operation without words in matrix.py fails until somebody thinks of it.
"""

import json
from uuid import uuid4

import pytest

from maintainuk.domain.built_in_roles import BuiltInRole
from maintainuk.domain.links import LinkPurpose
from maintainuk.domain.people import Person
from maintainuk.domain.permissions import Permission, Scope
from maintainuk.domain.roles import Role
from tests.security import portfolio_matrix as portfolio
from tests.security.matrix import (
    BODIES,
    MAY_CHANGE,
    NEEDS,
    NEVER_ENDS,
    OF_ONESELF,
    OF_SELECTIONS,
    OF_THE_DESK,
    ON_THE_PHONE,
    ONLY_FOR,
    OPENED_BY,
    SIGNED_IN_IS_ENOUGH,
    WRONG_LINK,
)
from tests.security.stage import (
    BY_LINK,
    OF_PLATFORM,
    ON_ONE_THING,
    OPERATIONS,
    Nothing,
    Operation,
    Stage,
    call,
    operations_that,
    playing,
    staged,
)
from tests.world import World


@pytest.fixture(scope="module")
async def everything(settings):
    """The API, and three organisations: ours, ours as a part sees it, and theirs."""
    world = World(settings)
    async with playing(settings) as (services, http):
        ours, theirs = await staged(world, services, http), await staged(world, services, http)
        looked_after = await staged(world, services, http, team="South")
        for part in (Scope.OWN, Scope.ASSIGNED, Scope.PORTFOLIO, Scope.TEAM):
            role = Role(org_id=looked_after.org_id, name=part, stored_grants=dict.fromkeys(Permission, part))
            await world.add(looked_after.org_id, role)
        await world.add(ours.org_id, Role(org_id=ours.org_id, name="Visitor", stored_grants={}))
        yield {"ours": ours, "looked after": looked_after, "theirs": theirs}
    await world.close()


@pytest.fixture
def ours(everything) -> Stage:
    return everything["ours"]


@pytest.fixture
def looked_after(everything) -> Stage:
    return everything["looked after"]


@pytest.fixture
def theirs(everything) -> Stage:
    return everything["theirs"]


@pytest.mark.parametrize("operation", OPERATIONS, ids=str)
async def test_nobody_is_told_anything(ours, operation):
    status, said = await call(ours.http, operation, {}, Nothing())

    assert (status, said["data"]) == (401, None)


@pytest.mark.parametrize("operation", BY_LINK, ids=str)
async def test_what_a_link_opens_is_shut_without_it_and_for_every_account(ours, operation):
    administrator = await ours.as_(BuiltInRole.ORG_ADMIN)

    for shown, code in (({}, "link-missing"), (administrator, "link-missing"), (WRONG_LINK, "link-unknown")):
        status, said = await call(ours.http, operation, shown, Nothing())

        assert (status, said["error"]["code"]) == (404 if shown is WRONG_LINK else 401, code)


@pytest.mark.parametrize("operation", OF_PLATFORM, ids=str)
async def test_no_role_of_an_organisation_is_of_the_platform(ours, theirs, operation):
    assert (await call(ours.http, operation, {}, ours.names(operation)))[0] == 401
    for role in BuiltInRole:
        for names in (ours.names(operation), theirs.names(operation), Nothing()):
            status, said = await call(ours.http, operation, await ours.as_(role), names)

            assert (status, said["error"]["code"]) == (403, "not-permitted"), role


@pytest.mark.parametrize("operation", [*OPERATIONS, *OF_PLATFORM], ids=str)
async def test_a_link_is_no_account(ours, operation):
    """Whoever scanned a poster is nobody to the desk's operations, however good their link is."""
    link = await ours.by_link(LinkPurpose.HOME)

    status, said = await call(ours.http, operation, link, ours.names(operation))

    assert (status, said["data"]) == (401, None)


@pytest.mark.parametrize("operation", BY_LINK, ids=str)
@pytest.mark.parametrize("purpose", LinkPurpose)
async def test_a_link_opens_what_it_was_made_for_and_nothing_else(ours, operation, purpose):
    status, said = await call(ours.http, operation, await ours.by_link(purpose), Nothing())

    if purpose in OPENED_BY[operation.name]:
        assert said["error"] is None or said["error"]["code"] not in {"link-unknown", "link-missing"}
    else:
        assert (status, said["error"]["code"]) == (404, "link-unknown")


@pytest.mark.parametrize("operation", [one for one in OPERATIONS if one.name not in SIGNED_IN_IS_ENOUGH], ids=str)
async def test_a_role_without_grants_may_do_nothing(ours, operation):
    status, said = await call(ours.http, operation, await ours.as_("Visitor"), ours.names(operation))

    assert (status, said["error"]["code"]) == (403, "not-permitted")


@pytest.mark.parametrize("role", [role for role in BuiltInRole if role not in ON_THE_PHONE])
@pytest.mark.parametrize("operation", [one for one in OPERATIONS if one.name not in NEVER_ENDS | OF_ONESELF], ids=str)
async def test_each_built_in_role_reads_and_only_some_change(ours, operation, role):
    status, said = await call(ours.http, operation, await ours.as_(role), ours.names(operation))

    assert (status in {200, 201, 202}) == (
        (operation.method == "GET" and operation.name not in ONLY_FOR)
        or role in ONLY_FOR.get(operation.name, MAY_CHANGE)
    ), said
    assert status in {200, 201, 202, 403}


def mentions(said, *ids):
    """Say whether the answer's data names any of these ids."""
    return any(str(one) in json.dumps(said["data"]) for one in ids)


@pytest.mark.parametrize("part", [Scope.OWN, Scope.ASSIGNED, Scope.PORTFOLIO, Scope.TEAM, *ON_THE_PHONE])
@pytest.mark.parametrize(
    "operation", [one for one in OPERATIONS if one.name not in SIGNED_IN_IS_ENOUGH | NEVER_ENDS], ids=str
)
async def test_a_grant_for_a_part_reaches_nothing_outside_it(looked_after, operation, part):
    """Whoever may act for a landlord, a contractor, a tenant or a team finds nothing of everybody else's."""
    home, names = looked_after.home, looked_after.names(operation)

    status, said = await call(looked_after.http, operation, await looked_after.as_(part), names)

    if operation.name in OF_THE_DESK and part is Scope.TEAM:
        assert status != 403
    elif operation.name in OF_SELECTIONS and status < 300:
        assert [one["refusal"]["code"] for one in said["data"]["items"]] == ["not-found"]
    elif status < 300:
        somebody = () if operation.name in portfolio.OF_PEOPLE and part is Scope.TEAM else (home.tenant_id,)
        tickets = looked_after.tickets.values()
        assert not mentions(said, *tickets, home.property_id, home.unit_id, home.tenancy_id, *somebody)
    else:
        assert status in {403, 404, 422}


@pytest.mark.parametrize("role", BuiltInRole)
@pytest.mark.parametrize("operation", ON_ONE_THING, ids=str)
async def test_anothers_thing_is_answered_like_one_that_never_was(ours, theirs, operation, role):
    """Whatever the role: who may not do it hears so in either case, and who may hears of nothing."""
    headers = await ours.as_(role)

    about_foreign = await call(ours.http, operation, headers, theirs.names(operation))
    about_nothing = await call(ours.http, operation, headers, Nothing())

    assert about_foreign == about_nothing
    assert about_foreign[0] == 404 if role is BuiltInRole.ORG_ADMIN else about_foreign[0] in {403, 404}


def unsaid(operations):
    """The operations of which matrix.py doesn't say who may do them, and those it says that are none."""
    return {operation.name for operation in operations} ^ (NEEDS.keys() | SIGNED_IN_IS_ENOUGH)


def test_every_operation_says_what_it_needs():
    assert unsaid(OPERATIONS) == set()


def test_an_operation_that_nobody_thought_of_is_seen():
    assert unsaid([*OPERATIONS, Operation("paintDoor", "POST", "/api/v1/doors")]) == {"paintDoor"}


def test_nobody_asks_for_proof_in_a_third_way():
    """Whatever asks who calls is opened by signing in (some also by a key), by a link, or to those of the platform."""
    asking = operations_that(lambda ways: ways != [])

    assert set(asking) == {*OPERATIONS, *BY_LINK, *OF_PLATFORM}


@pytest.mark.parametrize("field", ["propertyId", "unitId", "reporterId", "ownerId"])
async def test_anothers_thing_cannot_be_named_in_a_report(ours, theirs, field):
    headers = await ours.as_(BuiltInRole.COORDINATOR)
    good = BODIES["reportTicket"] | {"propertyId": str(ours.home.property_id)}
    ids = {
        "propertyId": theirs.home.property_id,
        "unitId": theirs.home.unit_id,
        "reporterId": theirs.home.tenant_id,
        "ownerId": theirs.ids["user_id"],
    }

    about_foreign = await ours.http.post("/api/v1/tickets", headers=headers, json=good | {field: str(ids[field])})
    about_nothing = await ours.http.post("/api/v1/tickets", headers=headers, json=good | {field: str(uuid4())})

    assert about_foreign.status_code == about_nothing.status_code
    assert about_foreign.status_code in {404, 422}
    assert about_foreign.json()["error"] == about_nothing.json()["error"]


async def test_lists_hold_nothing_of_others(world, ours):
    empty, theirs = await world.organisation(), await world.organisation("Moorside Homes")
    await world.ticket(theirs, title="Wasps in the loft")
    await world.add(theirs, Person(org_id=theirs, name="Nobody Of Ours"))
    await world.staff(theirs, name="Gareth Pugh")
    headers = await world.headers(await world.staff(empty, BuiltInRole.ORG_ADMIN, name="Nia Prosser"))

    tickets = (await ours.http.get("/api/v1/tickets", headers=headers)).json()["data"]
    counts = (await ours.http.get("/api/v1/tickets/counts", headers=headers)).json()["data"]
    homes = (await ours.http.get("/api/v1/properties/homes", headers=headers)).json()["data"]
    people = (await ours.http.get("/api/v1/users", headers=headers)).json()["data"]

    assert (tickets["items"], homes["items"], counts["open"]) == ([], [], 0)
    assert [person["name"] for person in people["items"]] == ["Nia Prosser"]
