"""What has been kept long enough is forgotten at night, unless a dispute needs it; both are shown and written down."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import func, select, update

from maintainuk.bootstrap import WorkerServices
from maintainuk.domain.audit import AuditLog
from maintainuk.domain.built_in_roles import BuiltInRole
from maintainuk.domain.people import ConsentChannel, NeedKind, Person, PersonNeed, Tenancy
from maintainuk.domain.photos import Photo, PhotoSize, copy_of
from maintainuk.domain.privacy import Erasure
from maintainuk.domain.reports import Report
from maintainuk.domain.tickets import MaintenanceTicket
from maintainuk.domain.timeline import TimelineEvent, TimelineKind
from maintainuk.domain.users import User
from maintainuk.settings import Settings
from maintainuk.worker.retention import forget_all
from tests.trial import Trial
from tests.world import Home, World

LONG_AGO = date(2019, 3, 1)
NIGHT = datetime(2026, 11, 3, 3, tzinfo=UTC)


class Office:
    """An administrator, and homes whose tenants left long ago."""

    def __init__(self, http: httpx.AsyncClient, world: World, services: WorkerServices) -> None:
        self.http, self.world, self.services = http, world, services

    async def opens(self) -> "Office":
        self.org_id = await self.world.organisation()
        self.headers = await self.world.headers(await self.world.staff(self.org_id, BuiltInRole.ORG_ADMIN))
        return self

    async def let_until(self, ended: date | None, tenant: str) -> Home:
        home = await self.world.home(self.org_id, tenant=tenant, address=f"{tenant} House")
        async with self.world.owner.session(self.org_id) as session, session.begin():
            ends = update(Tenancy).where(Tenancy.id == home.tenancy_id)
            await session.execute(ends.values(started_on=date(2015, 1, 5), ended_on=ended))
        return home

    async def repair(self, home: Home, ended: date = LONG_AGO, status: str = "closed") -> UUID:
        at = datetime.combine(ended, datetime.min.time(), UTC)
        return await self.world.ticket(
            self.org_id, home, status=status, reported_at=at, description="Mrs Bell says it leaks."
        )

    async def night(self) -> dict[str, int]:
        return dict(await forget_all(self.services))

    async def gets(self, path: str, **asked: Any) -> dict[str, Any]:
        answer = await self.http.get(f"/api/v1/privacy/{path}", params=asked, headers=self.headers)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()["data"]
        return found

    async def rule(self, kind: str, **asked: Any) -> dict[str, Any]:
        (one,) = (one for one in (await self.gets("retention", **asked))["rules"] if one["kind"] == kind)
        return one  # type: ignore[no-any-return]

    async def holds(self, kind: str, subject: UUID) -> dict[str, Any]:
        body = {"kind": kind, "subjectId": str(subject), "reason": "Claim of disrepair, letter of 2 November."}
        answer = await self.http.post("/api/v1/privacy/holds", json=body, headers=self.headers)
        assert answer.status_code == 201, answer.text
        return answer.json()["data"]["items"][0]  # type: ignore[no-any-return]

    async def changes(self, kind: str, months: int, version: int = 0) -> httpx.Response:
        return await self.http.put(
            f"/api/v1/privacy/retention/{kind}",
            json={"months": months, "because": "Our policy of 2026."},
            headers=self.headers | {"If-Match": f'"v{version}"'},
        )

    async def names(self) -> set[str]:
        return {name for name in await self.world.names(self.org_id) if name}


@pytest.fixture
async def office(trial: Trial, world: World, settings: Settings) -> AsyncIterator[Office]:
    services = WorkerServices(settings.model_copy(update={"storage_url": "memory:///"}), clock=lambda: NIGHT)
    yield await Office(trial.http, world, services).opens()
    await services.close()


async def test_who_left_long_ago_is_forgotten_and_told_to_the_ledger(office: Office) -> None:
    await office.let_until(LONG_AGO, "Ifeoma Osei")
    await office.let_until(date(2021, 3, 1), "Rhys Jones")
    await office.let_until(None, "Aisha Khan")

    assert await office.night() == {"people": 1}

    assert await office.names() == {"Rhys Jones", "Aisha Khan"}
    assert await office.world.count(office.org_id, Erasure) == 1
    (run,) = (await office.gets("retention"))["runs"]
    assert (run["ranOn"], run["forgotten"]) == ("2026-11-03", {"people": 1})


async def test_the_screen_says_beforehand_who_would_be_forgotten_and_who_is_held(office: Office) -> None:
    gone = await office.let_until(LONG_AGO, "Ifeoma Osei")
    await office.let_until(date(2021, 3, 1), "Rhys Jones")
    await office.holds("person", gone.tenant_id)

    assert (await office.rule("people", on="2026-11-03"))["held"] == 1
    assert [(await office.rule("people", on=on))["due"] for on in ("2026-11-03", "2027-03-02")] == [0, 1]
    shorter = await office.gets("retention/people/preview", months=60, on="2026-11-03")
    assert shorter == {"due": 1, "held": 1}
    assert await office.names() == {"Ifeoma Osei", "Rhys Jones"}


@pytest.mark.parametrize("what", ["open repair", "late repair", "account"])
async def test_whom_somebody_needs_to_know_is_kept(office: Office, what: str) -> None:
    home = await office.let_until(LONG_AGO, "Ifeoma Osei")
    if what == "open repair":
        await office.repair(home, status="new")
    elif what == "late repair":
        await office.repair(home, date(2021, 3, 1))
    else:
        tenant = await office.world.staff(office.org_id, BuiltInRole.TENANT)
        async with office.world.owner.session(office.org_id) as session, session.begin():
            await session.execute(update(User).where(User.id == tenant.id).values(person_id=home.tenant_id))

    assert "people" not in await office.night()
    assert await office.names() == {"Ifeoma Osei"}


@pytest.mark.parametrize("kind", ["person", "property", "tenancy", "ticket"])
async def test_a_dispute_about_anything_of_theirs_keeps_everything_until_it_is_lifted(
    office: Office, kind: str
) -> None:
    home = await office.let_until(LONG_AGO, "Ifeoma Osei")
    ticket_id = await office.repair(home)
    subjects = {"person": home.tenant_id, "property": home.property_id, "tenancy": home.tenancy_id}
    hold = await office.holds(kind, subjects.get(kind, ticket_id))

    assert await office.night() == {}
    assert await office.names() == {"Ifeoma Osei"}

    lifted = await office.http.put(
        f"/api/v1/privacy/holds/{hold['id']}/lifting",
        json={"because": "Settled."},
        headers=office.headers | {"If-Match": f'"v{hold["version"]}"'},
    )
    assert lifted.status_code == 200, lifted.text
    assert await office.night() == {}, "once a day"
    office.services.clock = lambda: NIGHT + timedelta(days=1)
    assert await office.night() == {"people": 1, "tickets": 1}
    assert await office.names() == set()


async def test_nobody_is_erased_on_request_while_a_dispute_holds_them(office: Office) -> None:
    home = await office.let_until(LONG_AGO, "Ifeoma Osei")
    await office.holds("property", home.property_id)
    asked = {"personId": str(home.tenant_id), "kind": "erasure", "receivedOn": "2026-11-02"}
    answer = await office.http.post("/api/v1/privacy/requests", json=asked, headers=office.headers)
    (request,) = answer.json()["data"]["items"]

    refused = await office.http.put(
        f"/api/v1/privacy/requests/{request['id']}/answer", headers=office.headers | {"If-Match": '"v1"'}
    )

    assert request["isHeld"] is True
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "cannot-erase")
    assert "legal hold" in refused.json()["error"]["message"]
    assert await office.names() == {"Ifeoma Osei"}


async def test_the_words_of_a_repair_go_and_what_was_done_stays(office: Office) -> None:
    home = await office.let_until(None, "Aisha Khan")
    ticket_id = await office.repair(home)
    owned = {"org_id": office.org_id, "ticket_id": ticket_id}
    await office.world.add(
        office.org_id,
        TimelineEvent(**owned, kind=TimelineKind.COMMENTED, body="Mrs Bell is deaf.", occurred_at=NIGHT),
        Report(
            **owned,
            submission_key=ticket_id,
            link_id=ticket_id,
            submitted_at=NIGHT,
            access_notes="Key with Bob.",
            answers={"note": "Bob"},
        ),
        photo := Photo(**owned, upload_key=ticket_id, bytes_received=1, received_at=NIGHT),
    )
    path = copy_of(office.org_id, photo.id, PhotoSize.DISPLAY)
    await office.services.files.put(path, b"picture")

    assert await office.night() == {"tickets": 1, "photos": 1}

    async with office.world.owner.session(office.org_id) as session:
        ticket = (await session.scalars(select(MaintenanceTicket))).one()
        body = (await session.scalars(select(TimelineEvent.body))).one()
        notes, answers = (await session.execute(select(Report.access_notes, Report.answers))).one()
        assert (ticket.title, ticket.description) == ("Boiler keeps losing pressure", "")
        assert (body, notes, answers) == (None, None, {})
        assert await session.scalar(select(func.count()).select_from(Photo)) == 0
    with pytest.raises(FileNotFoundError):
        await office.services.files.get(path)
    shown = await office.http.get(f"/api/v1/tickets/{ticket_id}", headers=office.headers)
    assert shown.status_code == 200
    assert await office.names() == {"Aisha Khan"}


async def test_needs_that_are_over_go_and_present_ones_stay(office: Office) -> None:
    home = await office.let_until(None, "Aisha Khan")
    for ended in (date(2024, 1, 5), date(2026, 10, 1), None):
        need = PersonNeed(
            org_id=office.org_id,
            person_id=home.tenant_id,
            kind=NeedKind.HEARING,
            consented_on=date(2023, 1, 5),
            consent_channel=ConsentChannel.PHONE,
            consent_wording="May we note this?",
            recorded_at=NIGHT,
            ended_on=ended,
        )
        await office.world.add(office.org_id, need)

    assert await office.night() == {"needs": 1}
    assert await office.world.count(office.org_id, PersonNeed) == 2


async def test_many_are_forgotten_portion_by_portion(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("maintainuk.infrastructure.repositories.retention.PORTION", 2)
    for number in range(5):
        await office.let_until(LONG_AGO, f"Tenant {number}")

    assert await office.night() == {"people": 5}
    assert await office.names() == set()


async def test_a_rule_moves_within_its_bounds_and_says_who_moved_it(office: Office) -> None:
    await office.let_until(date(2021, 3, 1), "Rhys Jones")

    refused = await office.changes("people", 6)
    changed = await office.changes("people", 60)
    stale = await office.changes("people", 72)

    assert refused.status_code == 422
    assert refused.json()["error"]["fields"]["months"] == ["Between 12 and 180 months."]
    (rule,) = (one for one in changed.json()["data"]["rules"] if one["kind"] == "people")
    assert (rule["months"], rule["defaultMonths"], rule["changedBy"], rule["version"]) == (60, 72, "Nia Prosser", 1)
    assert stale.status_code == 412
    assert await office.night() == {"people": 1}
    async with office.world.owner.session(office.org_id) as session:
        actions = await session.scalars(select(AuditLog.action).order_by(AuditLog.id))
    assert list(actions) == ["RetentionChanged", "PersonErased", "RetentionForgot", "RetentionRan"]


async def test_a_manager_sees_the_rules_and_moves_none(office: Office) -> None:
    office.headers = await office.world.headers(await office.world.staff(office.org_id, BuiltInRole.MANAGER))

    assert (await office.rule("people"))["months"] == 72
    assert (await office.changes("people", 60)).status_code == 403
    assert await office.world.count(office.org_id, Person) == 0
