"""The matrix of who may touch what: every operation by {nobody, each built-in role, a role with no grants or with
grants for a part only, another organisation}.

Generated from the OpenAPI document: a new operation without a body here fails the build until somebody thinks of it.
"""

import json
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest

from maintainuk.api.app import create_app
from maintainuk.application.links import LinkService
from maintainuk.domain.ai import AiJobStatus
from maintainuk.domain.api_keys import ApiKey
from maintainuk.domain.audit import AuditLog
from maintainuk.domain.built_in_roles import BuiltInRole
from maintainuk.domain.imports import ImportRun, Plan, file_of
from maintainuk.domain.invitations import GOOD_FOR, Invitation
from maintainuk.domain.links import LinkPurpose
from maintainuk.domain.organisations import OrganisationSettings
from maintainuk.domain.people import Person
from maintainuk.domain.permissions import Permission, Scope
from maintainuk.domain.roles import Role
from maintainuk.domain.teams import Team
from maintainuk.domain.ticket_lifecycle import TicketStatus
from maintainuk.infrastructure.security.link_secrets import LinkSecrets
from tests.contracts.test_routes import OFFLINE
from tests.security import portfolio_matrix as portfolio
from tests.world import PASSWORD

CLASSIFICATION = {
    "category": "damp_mould",
    "trade": "damp_specialist",
    "priority": "P2",
    "hazardClass": "potential_significant",
    "responsibility": "landlord",
}
BODIES: dict[str, Any] = {
    "reportTicket": {"title": "No hot water", "description": "Since this morning.", "propertyId": "{property_id}"},
    "changePriority": {"priority": "P1"},
    "changeOwner": {"ownerId": None},
    "commentOnTicket": {"body": "Rang the tenant."},
    "beginTriage": {},
    "classifyTicket": CLASSIFICATION,
    "classifySelection": CLASSIFICATION | {"tickets": [{"id": "{ticket_id}", "version": 1}]},
    "askTenant": {"text": "Which radiator is it?"},
    "receiveInformation": {},
    "approveTicket": {},
    "rejectTicket": {"reason": "tenant_duty", "text": "Bulbs are yours to change."},
    "cancelTicket": {"reason": "It works again."},
    "planNextStep": {"text": "Ring the plumber", "on": "2099-12-24"},
    "linkHome": {"propertyId": "{property_id}"},
    "acknowledgeDanger": {},
    "releaseDanger": {},
    "acceptSelection": {"tickets": [{"id": "{ticket_id}", "version": 1}]},
    "askAdvisor": {"ticketId": "{ticket_id}"},
    "askAboutSelection": {"ticketIds": ["{ticket_id}"]},
    "decideAboutSuggestion": {"decision": "dismissed"},
    "changeSettings": {"emergencyEmail": "oncall@example.com", "emergencyPhone": None, "isAiOn": True},
    "addPhoto": {},
    "uploadImport": b"Description,Address\nTap drips,1 Elm Row\n",
    "checkImport": {"columns": {"description": ["Description"], "address": ["Address"]}},
    "startImport": {"skipBad": False},
    "replacePoster": {},
    "changeProfile": {"name": "Fairweather", "phone": "01632 960 001", "nation": "ENG"},
    "changeNotices": {"privacyNotice": "We keep little.", "accessibilityStatement": None},
    "makeApiKey": {"name": "Rota", "permissions": ["tickets:read"], "days": 90},
    "revokeApiKey": {},
    "changeSignInPolicy": {"isSecondFactorRequired": False, "issuer": None, "clientId": None},
    "changePassword": {"currentPassword": PASSWORD, "newPassword": "seven otters under the pier"},
    "beginAuthenticator": {"password": PASSWORD},
    "confirmAuthenticator": {"code": "123456"},
    "offerPasskey": {"password": PASSWORD},
    "addPasskey": {"ticket": "made up", "name": "Work laptop", "credential": {}},
    "removeFactor": {"password": PASSWORD},
    "renewRecoveryCodes": {"password": PASSWORD},
    "endSession": {},
    "endOtherSessions": {},
    "changeRoleOfUser": {"roleId": "{role_id}"},
    "disableUser": {},
    "enableUser": {},
    "endSessionsOfUser": {},
    "endSessionOfUser": {},
    "createRole": {"name": "Night desk", "like": "{role_id}", "grants": []},
    "changeRole": {"name": "Late desk", "grants": [{"permission": "tickets:read", "scope": "org"}]},
    "deleteRole": {},
    "createTeam": {"name": "West", "leadId": None, "memberIds": []},
    "changeTeam": {"name": "West", "leadId": None, "memberIds": []},
    "deleteTeam": {},
    "handOverProperties": {"teamId": "{team_id}", "propertyIds": ["{property_id}"]},
    "nameHeadOfService": {"userId": None},
    "invite": {"email": "zainab.malik@example.com", "roleId": "{role_id}"},
    "sendInvitationAgain": {},
    "withdrawInvitation": {},
    "reportDanger": {"danger": "gas_smell"},
    "leaveContact": {"phone": "07700 900123"},
    "sendReport": {"submissionKey": "0b4f2f34-3a39-4c4e-9ad0-2c8f5b1c7e55", "description": "No hot water."},
    "addWords": {"text": "It is the small bedroom."},
    "cancelReport": {"reason": "It works again."},
    "sendPhoto": {},
}
EACH_NEEDS = {"If-Match": '"v1"', "X-Upload-Key": "0b4f2f34-3a39-4c4e-9ad0-2c8f5b1c7e55"}
"""Headers that an operation asks for, and the others overlook."""
STANDS_AT = {
    "askTenant": TicketStatus.TRIAGE,
    "receiveInformation": TicketStatus.AWAITING_INFO,
    "approveTicket": TicketStatus.TRIAGE,
    "rejectTicket": TicketStatus.TRIAGE,
}
"""Where a ticket must stand for the operation to be possible, when that is not at its beginning."""
WRONG_LINK = {"Authorization": "Link 7KQ2M-4XPDA"}
OPENED_BY = {
    "reportHome": {LinkPurpose.HOME, LinkPurpose.VISIT},
    "sendReport": {LinkPurpose.HOME, LinkPurpose.VISIT},
    "ownReports": {LinkPurpose.VISIT},
    "reportStatus": {LinkPurpose.STATUS},
    "addWords": {LinkPurpose.STATUS},
    "leaveContact": {LinkPurpose.STATUS},
    "reportDanger": {LinkPurpose.STATUS},
    "cancelReport": {LinkPurpose.STATUS},
    "sendPhoto": {LinkPurpose.STATUS},
    "ownPhotos": {LinkPurpose.STATUS},
}
OF_ONESELF = {
    "changePassword",
    "beginAuthenticator",
    "confirmAuthenticator",
    "offerPasskey",
    "addPasskey",
    "removeFactor",
    "renewRecoveryCodes",
    "readSecurity",
    "readSignIns",
    "endSession",
    "endOtherSessions",
}
"""One's own way in, whatever one's role; tests/features/test_second_factors.py and its neighbours say what they do."""
SIGNED_IN_IS_ENOUGH = {"me", "readOrganisation"} | OF_ONESELF
OF_THE_DESK = {"listUsers", "uploadImport", "checkImport", "startImport", "readImport", "poster", "replacePoster"}
"""What a team does for the whole organisation."""
OF_SELECTIONS = {"classifySelection", "acceptSelection", "askAboutSelection"}
"""They answer for each ticket that was named; one out of reach was never there."""
ON_THE_PHONE = (BuiltInRole.LANDLORD, BuiltInRole.CONTRACTOR_ADMIN, BuiltInRole.OPERATIVE, BuiltInRole.TENANT)
"""Roles of those who see a part: their own, their orders', their landlord's."""
NEVER_ENDS = {"followChanges"}
"""Once it is allowed, its answer stays open; tests/features/test_live.py reads it."""
NEEDS = {
    "listTickets": Permission.TICKETS_READ,
    "countTickets": Permission.TICKETS_READ,
    "readTicket": Permission.TICKETS_READ,
    "readTimeline": Permission.TICKETS_READ,
    "followChanges": Permission.TICKETS_READ,
    "listUsers": Permission.TICKETS_READ,
    "listHomes": Permission.PROPERTIES_READ,
    "searchAnywhere": Permission.TICKETS_READ,
    "reportTicket": Permission.TICKETS_CREATE,
    "changePriority": Permission.TICKETS_UPDATE,
    "commentOnTicket": Permission.TICKETS_UPDATE,
    "changeOwner": Permission.TICKETS_ASSIGN,
    "listDangerAlerts": Permission.TICKETS_READ,
    "beginTriage": Permission.TICKETS_TRIAGE,
    "classifyTicket": Permission.TICKETS_TRIAGE,
    "classifySelection": Permission.TICKETS_TRIAGE,
    "askTenant": Permission.TICKETS_TRIAGE,
    "receiveInformation": Permission.TICKETS_TRIAGE,
    "approveTicket": Permission.TICKETS_TRIAGE,
    "rejectTicket": Permission.TICKETS_REJECT,
    "cancelTicket": Permission.TICKETS_CANCEL,
    "planNextStep": Permission.TICKETS_UPDATE,
    "linkHome": Permission.TICKETS_UPDATE,
    "acknowledgeDanger": Permission.TICKETS_UPDATE,
    "releaseDanger": Permission.TICKETS_UPDATE,
    "acceptSelection": Permission.AI_USE,
    "askAdvisor": Permission.AI_USE,
    "askAboutSelection": Permission.AI_USE,
    "decideAboutSuggestion": Permission.AI_USE,
    "readProgress": Permission.TICKETS_READ,
    "changeSettings": Permission.SETTINGS_WRITE,
    "readSignInPolicy": Permission.SETTINGS_WRITE,
    "changeSignInPolicy": Permission.SETTINGS_WRITE,
    "readAiJob": Permission.TICKETS_READ,
    "readLatestAiJob": Permission.TICKETS_READ,
    "listPhotos": Permission.TICKETS_READ,
    "addPhoto": Permission.TICKETS_UPDATE,
    "uploadImport": Permission.TICKETS_CREATE,
    "checkImport": Permission.TICKETS_CREATE,
    "startImport": Permission.TICKETS_CREATE,
    "readImport": Permission.TICKETS_CREATE,
    "readImportFile": Permission.TICKETS_CREATE,
    "suggestHomes": Permission.PROPERTIES_READ,
    "poster": Permission.PROPERTIES_READ,
    "replacePoster": Permission.TICKETS_TRIAGE,
    "changeProfile": Permission.SETTINGS_WRITE,
    "readNotices": Permission.SETTINGS_WRITE,
    "changeNotices": Permission.SETTINGS_WRITE,
    "readSettingsHistory": Permission.SETTINGS_WRITE,
    "listApiKeys": Permission.API_KEYS_MANAGE,
    "makeApiKey": Permission.API_KEYS_MANAGE,
    "revokeApiKey": Permission.API_KEYS_MANAGE,
    "listAuditEntries": Permission.AUDIT_READ,
    "exportAudit": Permission.AUDIT_READ,
    "readAuditEntry": Permission.AUDIT_READ,
}
MAY_CHANGE = {BuiltInRole.ORG_ADMIN, BuiltInRole.MANAGER, BuiltInRole.COORDINATOR}
"""The others only read (product specification §7)."""
MAY_AUDIT = {BuiltInRole.ORG_ADMIN, BuiltInRole.MANAGER, BuiltInRole.AUDITOR}
OF_ADMINISTRATORS = {
    *("listAccounts", "readAccount", "changeRoleOfUser", "disableUser", "enableUser"),
    *("listSessionsOfUser", "endSessionsOfUser", "endSessionOfUser"),
    *("listRoles", "readRole", "createRole", "changeRole", "deleteRole"),
    *("listTeams", "createTeam", "changeTeam", "deleteTeam", "listAreas", "handOverProperties", "nameHeadOfService"),
    *("listInvitations", "listSubjects", "invite", "sendInvitationAgain", "withdrawInvitation"),
}
NEEDS |= {
    name: Permission.ROLES_MANAGE if name in {"createRole", "changeRole", "deleteRole"} else Permission.USERS_MANAGE
    for name in OF_ADMINISTRATORS
}
ONLY_FOR = {key: {BuiltInRole.ORG_ADMIN} for key in OF_ADMINISTRATORS} | {
    "readSignInPolicy": {BuiltInRole.ORG_ADMIN},
    "changeSignInPolicy": {BuiltInRole.ORG_ADMIN},
    "changeSettings": {BuiltInRole.ORG_ADMIN},
    "readImport": MAY_CHANGE,
    "readImportFile": MAY_CHANGE,
    "changeProfile": {BuiltInRole.ORG_ADMIN},
    "readNotices": {BuiltInRole.ORG_ADMIN},
    "changeNotices": {BuiltInRole.ORG_ADMIN},
    "readSettingsHistory": {BuiltInRole.ORG_ADMIN},
    "listApiKeys": {BuiltInRole.ORG_ADMIN},
    "makeApiKey": {BuiltInRole.ORG_ADMIN},
    "revokeApiKey": {BuiltInRole.ORG_ADMIN},
    "listAuditEntries": MAY_AUDIT,
    "exportAudit": MAY_AUDIT,
    "readAuditEntry": MAY_AUDIT,
}
BODIES |= portfolio.BODIES
NEEDS |= portfolio.NEEDS
ONLY_FOR |= portfolio.ONLY_FOR


@dataclass(frozen=True)
class Operation:
    name: str
    method: str
    path: str

    def __str__(self) -> str:
        return self.name


def operations() -> list[Operation]:
    """Every operation that asks who calls it; tests/contracts/test_routes.py asks the others why they don't."""
    document = create_app(OFFLINE).openapi()
    return [
        Operation(operation["operationId"], method.upper(), path)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if path.startswith("/api/v1") and {"signedIn": []} in operation.get("security", ())
    ]


def by_link() -> list[Operation]:
    """Every operation that a link opens, and no account."""
    return [
        Operation(operation["operationId"], method.upper(), path)
        for path, methods in create_app(OFFLINE).openapi()["paths"].items()
        for method, operation in methods.items()
        if operation.get("security") == [{"link": []}]
    ]


OPERATIONS = operations()
BY_LINK = by_link()
ON_ONE_THING = [operation for operation in OPERATIONS if "{" in operation.path and operation.name not in OF_ONESELF]


@pytest.fixture
def http(trial):
    return trial.http


def filled(body, ids):
    """The same body, with the ids that it names by a placeholder."""
    match body:
        case dict():
            return {key: filled(value, ids) for key, value in body.items()}
        case list():
            return [filled(value, ids) for value in body]
        case str():
            return ids.get(body.strip("{}"), body)
    return body


async def things(world, org_id, ticket_id, home=None):
    """Ids by which a request can name what there is."""
    ai_job_id = await world.ai_job(org_id, ticket_id, status=AiJobStatus.SUCCEEDED)
    await world.add(org_id, OrganisationSettings(org_id=org_id, updated_at=world.now))
    home = home or await world.home(org_id)
    run = ImportRun(org_id=org_id, file_name="repairs.csv", created_at=world.now)
    run.checked(Plan({}), rows=1, bad=0, problems=[])
    entry = AuditLog(org_id=org_id, at=world.now, actor_id=None, action="OrganisationSettingsChanged")
    key = ApiKey(
        org_id=org_id,
        name="Rota",
        stored_grants={},
        shown="mu_first",
        secret_hash=b"hash",
        created_by=uuid4(),
        created_at=world.now,
        expires_at=world.now,
    )
    await world.add(org_id, run, entry, key)
    colleague = await world.staff(org_id, name="Owen Baptiste")
    session_id = await world.session(colleague)
    role, team = Role(org_id=org_id, name="Late desk", stored_grants={}), Team(org_id=org_id, name="East")
    promised = Role(org_id=org_id, name="Early desk", stored_grants={})
    await world.add(org_id, role, promised, team)
    invitation = Invitation(
        org_id=org_id,
        email="callum.fraser@example.com",
        email_index=uuid4().bytes,
        role_id=promised.id,
        created_at=world.now,
        sent_at=world.now,
        expires_at=world.now + GOOD_FOR,
    )
    await world.add(org_id, invitation)
    return {
        "ticket_id": str(ticket_id),
        "property_id": str(home.property_id),
        "home_id": str(home.unit_id),
        "ai_job_id": str(ai_job_id),
        "import_id": str(run.id),
        "entry_id": str(entry.id),
        **await portfolio.things(world, org_id, home),
        "key_id": str(key.id),
        "factor_id": str(uuid4()),
        "user_id": str(colleague.id),
        "session_id": str(session_id),
        "role_id": str(role.id),
        "team_id": str(team.id),
        "invitation_id": str(invitation.id),
    }


def nothing():
    """Ids that name nothing."""
    ours = ("ticket_id", "property_id", "home_id", "ai_job_id", "import_id", "entry_id", "key_id")
    access = ("user_id", "session_id", "role_id", "team_id", "invitation_id", "factor_id")
    return {name: str(uuid4()) for name in (*ours, *access, *portfolio.NAMES)}


async def call(http, operation, headers, **ids):
    body = BODIES.get(operation.name)
    if operation.method != "GET":
        assert body is not None, f"say in BODIES what a good {operation.name} looks like"
        body = filled(body, ids)
    path = operation.path.format(**ids) if "{" in operation.path else operation.path
    sent = {"content": body} if isinstance(body, bytes) else {"json": body}
    asked = filled(portfolio.ASKED.get(operation.name, {}), ids)
    answer = await http.request(operation.method, path, headers=headers | EACH_NEEDS, params=asked, **sent)
    said = answer.json()
    said.pop("traceId")
    return answer.status_code, said


@pytest.mark.parametrize("operation", OPERATIONS, ids=str)
async def test_nobody_is_told_anything(http, operation):
    status, said = await call(http, operation, {}, **nothing())

    assert (status, said["data"]) == (401, None)


@pytest.mark.parametrize("operation", BY_LINK, ids=str)
async def test_what_a_link_opens_is_shut_without_it_and_for_every_account(world, http, operation):
    org_id = await world.organisation()
    administrator = await world.headers(await world.staff(org_id, BuiltInRole.ORG_ADMIN))

    for shown, code in (({}, "link-missing"), (administrator, "link-missing"), (WRONG_LINK, "link-unknown")):
        status, said = await call(http, operation, shown, **nothing())

        assert (status, said["error"]["code"]) == (404 if shown is WRONG_LINK else 401, code)


@pytest.mark.parametrize("operation", BY_LINK, ids=str)
@pytest.mark.parametrize("purpose", LinkPurpose)
async def test_a_link_opens_what_it_was_made_for_and_nothing_else(world, http, operation, purpose):
    org_id = await world.organisation()
    home = await world.home(org_id)
    subject = {LinkPurpose.HOME: home.unit_id, LinkPurpose.STATUS: await world.ticket(org_id, home)}
    async with world.owner.installation() as session:
        links = LinkService(session, LinkSecrets(world.settings))
        secret = links.make(org_id, purpose, subject.get(purpose, home.tenant_id), world.now).secret

    status, said = await call(http, operation, {"Authorization": f"Link {secret}"}, **nothing())

    if purpose in OPENED_BY[operation.name]:
        assert said["error"] is None or said["error"]["code"] not in {"link-unknown", "link-missing"}
    else:
        assert (status, said["error"]["code"]) == (404, "link-unknown")


@pytest.mark.parametrize("operation", [one for one in OPERATIONS if one.name not in SIGNED_IN_IS_ENOUGH], ids=str)
async def test_a_role_without_grants_may_do_nothing(world, http, operation):
    org_id = await world.organisation()
    ticket_id = await world.ticket(org_id)
    await world.add(org_id, Role(org_id=org_id, name="Visitor", stored_grants={}))
    visitor = await world.headers(await world.staff(org_id, "Visitor"))

    status, said = await call(http, operation, visitor, **await things(world, org_id, ticket_id))

    assert (status, said["error"]["code"]) == (403, "not-permitted")


@pytest.mark.parametrize("role", [role for role in BuiltInRole if role not in ON_THE_PHONE])
@pytest.mark.parametrize("operation", [one for one in OPERATIONS if one.name not in NEVER_ENDS | OF_ONESELF], ids=str)
async def test_each_built_in_role_reads_and_only_some_change(world, trial, http, operation, role):
    org_id = await world.organisation()
    home = await world.home(org_id)
    status = STANDS_AT.get(operation.name, TicketStatus.NEW)
    ticket_id = await world.ticket(org_id, home, status=status)
    headers = await world.headers(await world.staff(org_id, role))
    ids = await things(world, org_id, ticket_id, home)
    await trial.services.files.put(file_of(org_id, ids["import_id"]), BODIES["uploadImport"])

    status, _ = await call(http, operation, headers, **ids)

    assert (status in {200, 201, 202}) == (
        (operation.method == "GET" and operation.name not in ONLY_FOR)
        or role in ONLY_FOR.get(operation.name, MAY_CHANGE)
    )
    assert status in {200, 201, 202, 403}


def mentions(said, *ids):
    """Say whether the answer's data names any of these ids."""
    return any(str(one) in json.dumps(said["data"]) for one in ids)


@pytest.mark.parametrize("part", [Scope.OWN, Scope.ASSIGNED, Scope.PORTFOLIO, Scope.TEAM, *ON_THE_PHONE])
@pytest.mark.parametrize(
    "operation", [one for one in OPERATIONS if one.name not in SIGNED_IN_IS_ENOUGH | NEVER_ENDS], ids=str
)
async def test_a_grant_for_a_part_reaches_nothing_outside_it(world, http, operation, part):
    """Whoever may act for a landlord, a contractor, a tenant or a team finds nothing of everybody else's."""
    org_id = await world.organisation()
    home = await world.home(org_id)
    await world.looked_after(org_id, home, team="South")
    ticket_id = await world.ticket(org_id, home)
    if isinstance(part, Scope):
        await world.add(org_id, Role(org_id=org_id, name=part, stored_grants=dict.fromkeys(Permission, part)))
    outsider = await world.headers(await world.staff(org_id, part))
    ids = await things(world, org_id, ticket_id, home)

    status, said = await call(http, operation, outsider, **ids)

    if operation.name in OF_THE_DESK and part is Scope.TEAM:
        assert status != 403
    elif operation.name in OF_SELECTIONS and status < 300:
        assert [one["refusal"]["code"] for one in said["data"]["items"]] == ["not-found"]
    elif status < 300:
        somebody = () if operation.name in portfolio.OF_PEOPLE and part is Scope.TEAM else (home.tenant_id,)
        assert not mentions(said, ticket_id, home.property_id, home.unit_id, home.tenancy_id, *somebody)
    else:
        assert status in {403, 404, 422}


@pytest.mark.parametrize("operation", ON_ONE_THING, ids=str)
async def test_anothers_thing_is_answered_like_one_that_never_was(world, http, operation):
    """Whatever the role: who may not do it hears so in either case, and who may hears of nothing."""
    ours, theirs = await world.organisation(), await world.organisation("Moorside Homes")
    foreign = await things(world, theirs, await world.ticket(theirs))

    for role in BuiltInRole:
        headers = await world.headers(await world.staff(ours, role))
        about_foreign = await call(http, operation, headers, **foreign)
        about_nothing = await call(http, operation, headers, **nothing())

        assert about_foreign == about_nothing, role
        assert about_foreign[0] == 404 if role is BuiltInRole.ORG_ADMIN else about_foreign[0] in {403, 404}, role


def test_every_operation_says_what_it_needs():
    assert {operation.name for operation in OPERATIONS} == NEEDS.keys() | SIGNED_IN_IS_ENOUGH


@pytest.mark.parametrize("field", ["propertyId", "unitId", "reporterId", "ownerId"])
async def test_anothers_thing_cannot_be_named_in_a_report(world, http, field):
    ours, theirs = await world.organisation(), await world.organisation("Moorside Homes")
    home, foreign, stranger = await world.home(ours), await world.home(theirs), await world.staff(theirs)
    headers = await world.headers(await world.staff(ours))
    good = BODIES["reportTicket"] | {"propertyId": str(home.property_id)}
    ids = {
        "propertyId": foreign.property_id,
        "unitId": foreign.unit_id,
        "reporterId": foreign.tenant_id,
        "ownerId": stranger.id,
    }

    about_foreign = await http.post("/api/v1/tickets", headers=headers, json=good | {field: str(ids[field])})
    about_nothing = await http.post("/api/v1/tickets", headers=headers, json=good | {field: str(uuid4())})

    assert about_foreign.status_code == about_nothing.status_code
    assert about_foreign.status_code in {404, 422}
    assert about_foreign.json()["error"] == about_nothing.json()["error"]


async def test_lists_hold_nothing_of_others(world, http):
    ours, theirs = await world.organisation(), await world.organisation("Moorside Homes")
    await world.ticket(theirs, title="Wasps in the loft")
    await world.add(theirs, Person(org_id=theirs, name="Nobody Of Ours"))
    await world.staff(theirs, name="Gareth Pugh")
    headers = await world.headers(await world.staff(ours, BuiltInRole.ORG_ADMIN, name="Nia Prosser"))

    tickets = (await http.get("/api/v1/tickets", headers=headers)).json()["data"]
    counts = (await http.get("/api/v1/tickets/counts", headers=headers)).json()["data"]
    homes = (await http.get("/api/v1/properties/homes", headers=headers)).json()["data"]
    people = (await http.get("/api/v1/users", headers=headers)).json()["data"]

    assert (tickets["items"], homes["items"], counts["open"]) == ([], [], 0)
    assert [person["name"] for person in people["items"]] == ["Nia Prosser"]


async def test_what_is_not_asked_for_is_refused_and_what_is_fixed_stays(world, http):
    """Mass assignment: fields of the row that are no part of the question."""
    org_id, other = await world.organisation(), await world.organisation("Moorside Homes")
    home = await world.home(org_id)
    headers = await world.headers(await world.staff(org_id))
    good = BODIES["reportTicket"] | {"propertyId": str(home.property_id)}

    for field, value in {
        "id": str(uuid4()),
        "orgId": str(other),
        "number": 1,
        "status": "closed",
        "version": 99,
        "awareAt": "2020-01-01T00:00:00Z",
        "channel": "portal",
        "tenancyId": str(home.tenancy_id),
    }.items():
        answer = await http.post("/api/v1/tickets", headers=headers, json=good | {field: value})
        assert answer.status_code == 422, field
        assert field in answer.json()["error"]["fields"]
