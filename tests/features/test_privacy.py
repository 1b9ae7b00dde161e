"""Somebody asks about their own data: the clock runs, a copy goes out, or they are forgotten for good."""

import asyncio
import json
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Any

import httpx
import pytest
from sqlalchemy import LargeBinary, delete, select, text, type_coerce, update

from maintainuk.bootstrap import WorkerServices
from maintainuk.domain.audit import AuditLog, AuditValue
from maintainuk.domain.built_in_roles import BuiltInRole
from maintainuk.domain.contractors import Contractor, Operative
from maintainuk.domain.import_records import ImportChange
from maintainuk.domain.imports import ImportRun
from maintainuk.domain.invitations import Invitation
from maintainuk.domain.landlords import Landlord, Portfolio
from maintainuk.domain.people import ConsentChannel, NeedKind, Person, PersonNeed, Tenancy
from maintainuk.domain.privacy import Erasure, months_after
from maintainuk.domain.properties import Property
from maintainuk.domain.sign_in import Membership
from maintainuk.domain.users import User
from maintainuk.settings import Settings
from maintainuk.worker.privacy import keep_ledgers, keep_ledgers_for_ever, ledger_of, replay_ledgers
from tests.trial import Trial
from tests.world import Home, World

TODAY = "2026-11-02"


class Office:
    """Whoever answers such requests, and one tenant who has moved out."""

    def __init__(self, http: httpx.AsyncClient, world: World) -> None:
        self.http, self.world = http, world

    async def opens(self) -> "Office":
        self.org_id = await self.world.organisation()
        self.headers = await self.world.headers(await self.world.staff(self.org_id, BuiltInRole.ORG_ADMIN))
        self.home: Home = await self.world.home(self.org_id, tenant="Ifeoma Osei", email="ifeoma@example.com")
        return self

    async def moves_out(self) -> None:
        async with self.world.owner.session(self.org_id) as session, session.begin():
            await session.execute(update(Tenancy).values(ended_on=date(2026, 11, 1)))

    async def asks(self, kind: str, on: str = TODAY) -> dict[str, Any]:
        body = {"personId": str(self.home.tenant_id), "kind": kind, "receivedOn": on}
        answer = await self.http.post("/api/v1/privacy/requests", json=body, headers=self.headers)
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()["data"]["items"][0]
        return found

    async def does(self, request: dict[str, Any], what: str, because: str | None = None) -> httpx.Response:
        return await self.http.put(
            f"/api/v1/privacy/requests/{request['id']}/{what}",
            json={"because": because} if because else None,
            headers=self.headers | {"If-Match": f'"v{request["version"]}"'},
        )

    async def in_clear(self) -> list[str]:
        async with self.world.owner.session(self.org_id) as session:
            return [name for name in await session.scalars(select(Person.name)) if name]


@pytest.fixture
async def office(trial: Trial, world: World) -> Office:
    return await Office(trial.http, world).opens()


def test_a_month_ends_on_the_corresponding_day_or_the_last() -> None:
    assert months_after(date(2026, 11, 2), 1) == date(2026, 12, 2)
    assert months_after(date(2027, 1, 31), 1) == date(2027, 2, 28)
    assert months_after(date(2026, 11, 30), 3) == date(2027, 2, 28)


async def test_the_clock_runs_from_the_day_somebody_asked_and_may_be_extended_once(office: Office) -> None:
    request = await office.asks("access")
    assert (request["personName"], request["dueOn"]) == ("Ifeoma Osei", "2026-12-02")

    extended = await office.does(request, "extension", "Six years of repairs.")
    (longer,) = extended.json()["data"]["items"]
    again = await office.does(longer, "extension", "And more.")

    assert longer["dueOn"] == "2027-02-02"
    assert (again.status_code, again.json()["error"]["code"]) == (409, "privacy-request-closed")
    assert (await office.does(request, "answer")).status_code == 412


@pytest.mark.parametrize(("still", "reason"), [("lives", "lives in one of your homes"), ("waits", "still open")])
async def test_nobody_is_forgotten_while_they_have_to_be_known(office: Office, still: str, reason: str) -> None:
    if still == "waits":
        await office.moves_out()
        await office.world.ticket(office.org_id, office.home)
    request = await office.asks("erasure")

    refused = await office.does(request, "answer")

    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "cannot-erase")
    assert reason in refused.json()["error"]["message"]
    assert await office.in_clear() == ["Ifeoma Osei"]


@pytest.mark.parametrize(
    ("still", "reason"),
    [
        ("owns", "Homes you look after belong to this person."),
        ("is rung", "This person is whom you ring at one of your contractors."),
        ("comes", "This person comes for one of your contractors."),
    ],
)
async def test_nobody_is_forgotten_who_is_a_part_of_the_business(office: Office, still: str, reason: str) -> None:
    await office.moves_out()
    org_id, person_id = office.org_id, office.home.tenant_id
    landlord = Landlord(org_id=org_id, person_id=person_id)
    firm = Contractor(org_id=org_id, name="Calder Gas", contact_id=person_id if still == "is rung" else None)
    portfolio = Portfolio(org_id=org_id, landlord_id=landlord.id, name="All homes")
    await office.world.add(org_id, landlord, firm)
    await office.world.add(org_id, portfolio, Operative(org_id=org_id, contractor_id=firm.id, person_id=person_id))
    async with office.world.owner.session(org_id) as session, session.begin():
        if still == "owns":
            await session.execute(update(Property).values(portfolio_id=portfolio.id))
        if still != "comes":
            await session.execute(update(Operative).values(left_on=date(2026, 11, 1)))
    request = await office.asks("erasure")

    refused = await office.does(request, "answer")

    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "cannot-erase")
    assert refused.json()["error"]["message"].startswith(reason)
    assert await office.in_clear() == ["Ifeoma Osei"]


async def test_with_whoever_is_forgotten_goes_what_they_needed_owned_and_were_invited_by(office: Office) -> None:
    await office.moves_out()
    org_id, person_id = office.org_id, office.home.tenant_id
    landlord = Landlord(org_id=org_id, person_id=person_id, company="Osei Lettings", external_reference="LL-OSEI")
    need = PersonNeed(
        org_id=org_id,
        person_id=person_id,
        kind=NeedKind.MENTAL_HEALTH,
        consented_on=date(2026, 10, 1),
        consent_channel=ConsentChannel.PHONE,
        consent_wording="Is it all right if we write down that strangers at the door frighten you?",
        recorded_at=datetime(2026, 10, 1, tzinfo=UTC),
    )
    await office.world.add(org_id, landlord, need)
    await office.world.add(org_id, Portfolio(org_id=org_id, landlord_id=landlord.id, name="Mrs Osei's homes"))
    roles = await office.http.get("/api/v1/roles", headers=office.headers)
    role_id = next(role["id"] for role in roles.json()["data"]["items"] if role["name"] == "Landlord")
    invitation = {"email": "ifeoma@example.com", "roleId": role_id, "subjectId": str(landlord.id)}
    asked = await office.http.post("/api/v1/invitations", json=invitation, headers=office.headers)
    assert asked.status_code == 201, asked.text

    answered = await office.does(await office.asks("erasure"), "answer")

    assert answered.status_code == 200, answered.text
    async with office.world.owner.session(org_id) as session:
        assert (await session.scalars(select(AuditValue))).all() == []
        assert (await session.scalars(select(PersonNeed))).all() == []
        owner = (await session.scalars(select(Landlord))).one()
        assert (owner.company, owner.external_reference) == (None, None)
        assert "Osei" not in (await session.scalars(select(Portfolio.name))).one()
        waiting = (await session.scalars(select(Invitation))).one()
        assert (waiting.email, waiting.email_index, waiting.withdrawn_at is None) == ("", b"", False)


async def test_what_the_log_and_an_import_kept_of_them_as_owner_or_operative_goes_too(office: Office) -> None:
    await office.moves_out()
    org_id, person_id = office.org_id, office.home.tenant_id
    landlord = Landlord(org_id=org_id, person_id=person_id)
    firm = Contractor(org_id=org_id, name="Calder Gas")
    operative = Operative(org_id=org_id, contractor_id=firm.id, person_id=person_id, left_on=date(2026, 11, 1))
    run = ImportRun(org_id=org_id, file_name="landlords.csv", created_at=office.world.now)
    entry = AuditLog(org_id=org_id, at=office.world.now, actor_id=None, action="OperativeChanged")
    await office.world.add(org_id, landlord, firm, run, entry)
    kept = [
        ImportChange(org_id=org_id, import_id=run.id, changed_in="landlords", subject_id=one, before="{}", left_at=1)
        for one in (landlord.id, firm.id)
    ]
    told = [
        AuditValue(org_id=org_id, entry_id=entry.id, about_id=one, name="card", before="123456")
        for one in (operative.id, firm.id)
    ]
    await office.world.add(org_id, operative, *kept, *told)

    answered = await office.does(await office.asks("erasure"), "answer")

    assert answered.status_code == 200, answered.text
    async with office.world.owner.session(org_id) as session:
        assert list(await session.scalars(select(ImportChange.subject_id))) == [firm.id]
        assert list(await session.scalars(select(AuditValue.about_id))) == [firm.id]


async def test_an_account_is_forgotten_once_it_is_disabled(office: Office) -> None:
    await office.moves_out()
    org_id, person_id = office.org_id, office.home.tenant_id
    tenant = await office.world.staff(org_id, BuiltInRole.TENANT, name="Ifeoma Osei", person_id=person_id)
    request = await office.asks("erasure")
    refused = await office.does(request, "answer")
    off = await office.http.put(f"/api/v1/users/{tenant.id}/disablement", headers=office.headers)
    assert off.status_code == 200, off.text

    answered = await office.does(request, "answer")

    assert "Disable it under Users first" in refused.json()["error"]["message"]
    assert answered.status_code == 200, answered.text
    async with office.world.owner.session(org_id) as session:
        user = (await session.scalars(select(User).where(User.id == tenant.id))).one()
        assert (user.name, user.email, user.email_index) == ("", "", None)
        assert (await session.scalars(select(AuditValue))).all() == []
        assert (await session.scalars(select(Membership).where(Membership.user_id == tenant.id))).all() == []
    listed = await office.http.get("/api/v1/users/accounts", params={"tenants": True}, headers=office.headers)
    again = await office.http.put(f"/api/v1/users/{tenant.id}/enablement", headers=office.headers)
    assert (listed.json()["data"]["items"], again.status_code) == ([], 404)


async def test_whoever_is_forgotten_is_found_no_longer_and_their_repairs_stay(office: Office) -> None:
    await office.moves_out()
    await office.world.ticket(office.org_id, office.home, title="Tap drips", status="closed")
    request = await office.asks("erasure")

    answered = await office.does(request, "answer")

    assert answered.status_code == 200, answered.text
    assert answered.json()["data"]["items"][0]["personName"] == ""
    assert await office.in_clear() == []
    for words in ("ifeoma", "ifeoma@example.com", "07700 900123"):
        found = await office.http.get("/api/v1/search", params={"q": words}, headers=office.headers)
        assert found.json()["data"]["people"] == []
    tickets = await office.http.get("/api/v1/tickets", headers=office.headers)
    assert [ticket["title"] for ticket in tickets.json()["data"]["items"]] == ["Tap drips"]


async def test_nothing_new_is_written_down_about_whoever_was_forgotten(office: Office) -> None:
    await office.moves_out()
    answer = await office.does(await office.asks("erasure"), "answer")
    assert answer.status_code == 200, answer.text
    person = f"/api/v1/people/{office.home.tenant_id}"
    shown = (await office.http.get(person, headers=office.headers)).json()["data"]
    need = {"kind": "mobility", "consentedOn": TODAY, "consentChannel": "phone", "consentWording": "Yes."}
    said = {"way": "email", "purpose": "news", "isGiven": False, "toldBy": "phone", "toldOn": TODAY}
    let = {"unitId": str(office.home.unit_id), "startedOn": TODAY}
    lead = {"role": "lead", "personId": str(office.home.tenant_id)}
    seen = {"If-Match": f'"v{shown["version"]}"'}
    asked = {"personId": str(office.home.tenant_id), "kind": "access", "receivedOn": TODAY}

    refused = [
        await office.http.put(person, json={"name": "Ifeoma Osei"}, headers=office.headers | seen),
        await office.http.post(f"{person}/needs", json=need, headers=office.headers),
        await office.http.post(f"{person}/consents", json=said, headers=office.headers),
        await office.http.post("/api/v1/tenancies", json=let | {"members": [lead]}, headers=office.headers),
        await office.http.post("/api/v1/landlords", json={"personId": lead["personId"]}, headers=office.headers),
        await office.http.post("/api/v1/privacy/requests", json=asked, headers=office.headers),
    ]

    assert [(one.status_code, one.json()["error"]["code"]) for one in refused] == [(410, "forgotten")] * 6
    assert await office.in_clear() == []


async def test_the_same_is_asked_once_until_it_is_answered(office: Office) -> None:
    await office.moves_out()
    body = {"personId": str(office.home.tenant_id), "kind": "erasure", "receivedOn": TODAY}

    answers = await asyncio.gather(
        *(office.http.post("/api/v1/privacy/requests", json=body, headers=office.headers) for _ in range(3))
    )
    other = await office.http.post("/api/v1/privacy/requests", json=body | {"kind": "access"}, headers=office.headers)

    assert sorted(one.status_code for one in answers) == [201, 409, 409]
    assert {one.json()["error"]["code"] for one in answers if one.status_code == 409} == {"asked-already"}
    assert other.status_code == 201


@pytest.mark.parametrize(("day", "words"), [("1990-01-01", "before 25 May 2018"), ("2090-01-01", "in the future")])
async def test_nobody_has_asked_before_the_law_or_tomorrow(office: Office, day: str, words: str) -> None:
    body = {"personId": str(office.home.tenant_id), "kind": "access", "receivedOn": day}

    answer = await office.http.post("/api/v1/privacy/requests", json=body, headers=office.headers)

    assert answer.status_code == 422
    assert words in answer.json()["error"]["fields"]["receivedOn"][0]


async def test_a_restored_backup_is_made_to_forget_again(office: Office, settings: Settings) -> None:
    await office.moves_out()
    async with office.world.owner.session(office.org_id) as session:
        raw = [type_coerce(column, LargeBinary) for column in (Person.__table__.c.name, Person.__table__.c.email)]
        backup = (await session.execute(select(*raw, Person.name_tokens, Person.email_index))).one()
    request = await office.asks("erasure")
    assert (await office.does(request, "answer")).status_code == 200
    services = WorkerServices(settings.model_copy(update={"storage_url": "memory:///"}))
    await keep_ledgers(services)

    async with office.world.owner.session(office.org_id) as session, session.begin():
        await session.execute(delete(Erasure))
        await session.execute(
            text("UPDATE app.people SET name = :name, email = :email, name_tokens = :tokens, email_index = :index"),
            dict(zip(("name", "email", "tokens", "index"), backup, strict=True)),
        )
    assert await office.in_clear() == ["Ifeoma Osei"]

    assert await replay_ledgers(services) == 1
    assert await replay_ledgers(services) == 0
    await services.close()
    assert await office.in_clear() == []


async def test_a_worker_that_starts_beside_a_restored_database_makes_it_forget_before_it_keeps_any_ledger(
    office: Office, settings: Settings
) -> None:
    await office.moves_out()
    services = WorkerServices(settings.model_copy(update={"storage_url": "memory:///"}))
    ledger = [{"person": str(office.home.tenant_id), "at": "2026-11-02T09:00:00+00:00"}]
    await services.files.put(ledger_of(office.org_id), json.dumps(ledger).encode())

    starting = asyncio.create_task(keep_ledgers_for_ever(services))
    while await office.in_clear():
        await asyncio.sleep(0)
    starting.cancel()
    with suppress(asyncio.CancelledError):
        await starting

    await services.close()
    assert await office.world.count(office.org_id, Erasure) == 1


async def test_only_those_who_may_erase_do(office: Office) -> None:
    await office.moves_out()
    request = await office.asks("erasure")
    office.headers = await office.world.headers(await office.world.staff(office.org_id, BuiltInRole.MANAGER))

    refused = await office.does(request, "answer")

    assert refused.status_code == 403
    assert await office.in_clear() == ["Ifeoma Osei"]
