"""The demo looks like two real organisations on a busy Monday, and nobody in it exists."""

import asyncio
import re
from datetime import UTC, datetime, time
from random import Random
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select, update

from maintainuk.domain.branding import colour_of
from maintainuk.domain.imports import ImportRun, ImportStatus
from maintainuk.domain.invitations import Invitation
from maintainuk.domain.organisations import Organisation
from maintainuk.domain.people import Person
from maintainuk.domain.privacy import PrivacyRequest, PrivacyRequestKind, PrivacyRequestStatus
from maintainuk.domain.properties import Property, Unit
from maintainuk.domain.retention import HoldSubject, LegalHold
from maintainuk.domain.teams import Team
from maintainuk.domain.ticket_lifecycle import OPEN, TicketStatus
from maintainuk.domain.tickets import MaintenanceTicket
from maintainuk.domain.timeline import TimelineEvent, TimelineKind
from maintainuk.domain.users import User
from maintainuk.infrastructure.database.engine import Database, engine_for
from maintainuk.infrastructure.demo.history import moment_of_a_report
from maintainuk.infrastructure.demo.load import load
from maintainuk.infrastructure.demo.office import logo_of
from maintainuk.infrastructure.demo.people import BRIGHTWELL, CALDER_VALE, DEMO_ORGANISATIONS
from maintainuk.infrastructure.embedded.configuration import environment_of
from maintainuk.infrastructure.embedded.processes import ended
from maintainuk.infrastructure.embedded.product import maintainuk
from maintainuk.infrastructure.problems import CannotStart
from tests.world import World

DRAMA_MOBILE = re.compile(r"07700 900\d{3}")
LONDON = ZoneInfo("Europe/London")
MONDAY = datetime(2026, 11, 23, 10, 30, tzinfo=UTC)


@pytest.fixture
async def demo(pristine_settings):
    added = await asyncio.to_thread(load, pristine_settings, MONDAY)
    database = Database(engine_for(pristine_settings.app_dsn, pristine_settings, application="tests demo"))
    yield database, added, pristine_settings
    await database.close()


async def test_the_two_organisations_have_the_homes_they_say(demo):
    database, added, settings = demo

    for organisation in DEMO_ORGANISATIONS:
        async with database.session(organisation.id) as session, session.begin():
            assert await session.scalar(select(func.count()).select_from(Unit)) == organisation.homes
            assert await session.scalar(select(func.count()).select_from(MaintenanceTicket)) == organisation.tickets
    assert (BRIGHTWELL.homes, CALDER_VALE.homes) == (1_200, 400)
    assert added["users"] == 9
    assert await asyncio.to_thread(load, settings, MONDAY) == {}, "a second load adds nothing"


async def test_nobody_in_it_exists(demo):
    database, _, _ = demo

    for organisation in DEMO_ORGANISATIONS:
        async with database.session(organisation.id) as session, session.begin():
            people = list(await session.scalars(select(Person)))
            staff = list(await session.scalars(select(User.email)))
        assert all(person.email is None or person.email.endswith("@example.com") for person in people)
        assert all(DRAMA_MOBILE.fullmatch(person.phone) for person in people)
        assert all(email.endswith(".example.com") for email in staff)
        assert len({person.name for person in people}) > len(people) / 3


async def test_it_is_a_busy_monday_in_four_nations(demo):
    database, _, _ = demo

    async with database.session(BRIGHTWELL.id) as session, session.begin():
        tickets = list(await session.scalars(select(MaintenanceTicket)))
        nations = set(await session.scalars(select(Property.nation)))
        told = set(await session.scalars(select(TimelineEvent.ticket_id)))

    this_morning = [ticket for ticket in tickets if ticket.reported_at.date() == MONDAY.date()]
    assert len(this_morning) >= 10
    assert {ticket.status for ticket in tickets} >= OPEN - {TicketStatus.DRAFT}
    assert len(nations) == 4
    assert told == {ticket.id for ticket in tickets}, "each ticket has a story"
    assert all(ticket.reported_at <= ticket.updated_at <= MONDAY for ticket in tickets)


async def test_colleagues_write_their_notes_at_the_office(demo):
    database, _, _ = demo

    for organisation in DEMO_ORGANISATIONS:
        async with database.session(organisation.id) as session, session.begin():
            notes = list(
                await session.scalars(
                    select(TimelineEvent.occurred_at).where(TimelineEvent.kind == TimelineKind.COMMENTED)
                )
            )
        there = [note.astimezone(LONDON) for note in notes]
        assert there
        assert [at for at in there if at.weekday() > 4 or not time(8, 30) <= at.time() <= time(18)] == []


@pytest.mark.parametrize("command", [["demo"], ["migrate", "--demo"], ["api"]])
async def test_a_database_of_real_organisations_is_refused_and_not_touched(pristine_settings, command):
    world = World(pristine_settings)
    await world.organisation("Harbour View Lettings")
    environment = environment_of(pristine_settings)

    refused = await ended(maintainuk(*command, environment=environment))

    assert refused.code == 1
    assert "MAINTAINUK_MODE=live" in refused.last_words
    async with world.owner.installation() as session:
        assert list(await session.scalars(select(Organisation.name))) == ["Harbour View Lettings"]
    await world.close()


async def test_the_demo_starts_again_beside_an_organisation_that_somebody_made_in_it(demo):
    _, _, settings = demo
    world = World(settings)
    tried = await world.organisation("Penhallow Housing")
    async with world.owner.session(tried) as session, session.begin():
        await session.execute(update(Organisation).where(Organisation.id == tried).values(is_invented=True))

    assert await asyncio.to_thread(load, settings, MONDAY) == {}

    async with world.owner.session(tried) as session, session.begin():
        await session.execute(update(Organisation).where(Organisation.id == tried).values(is_invented=False))
    with pytest.raises(CannotStart):
        await asyncio.to_thread(load, settings, MONDAY)
    await world.close()


async def test_its_administrators_have_been_at_work(demo):
    database, _, _ = demo

    for organisation in DEMO_ORGANISATIONS:
        async with database.session(organisation.id) as session, session.begin():
            look = (await session.scalars(select(Organisation).where(Organisation.id == organisation.id))).one()
            asked = list(await session.scalars(select(PrivacyRequest)))
            held = list(await session.scalars(select(LegalHold)))
            brought = list(await session.scalars(select(ImportRun)))
            invited = list(await session.scalars(select(Invitation)))
            teams = set(await session.scalars(select(Team.id)))
        assert teams.issuperset(team for one in invited for team in one.team_ids)
        assert any(one.team_ids for one in invited)
        assert look.colour is not None
        assert colour_of(look.colour) == look.colour, "white words can be read on it"
        assert look.logo == logo_of(organisation)[0]
        assert any(one.due_on < MONDAY.date() and one.status is PrivacyRequestStatus.OPEN for one in asked)
        assert {one.kind for one in asked} == set(PrivacyRequestKind)
        assert {one.subject[0] for one in held} == {HoldSubject.PERSON, HoldSubject.PROPERTY}
        assert ImportStatus.UNDONE in {one.status for one in brought}
        assert not any(one.can_be_undone(MONDAY) for one in brought), "nothing is remembered of what they made"


@pytest.mark.parametrize("hour", range(24))
def test_nothing_is_reported_in_the_future_at_any_hour(hour):
    now = MONDAY.replace(hour=hour, minute=7)
    chance = Random(hour)

    assert all(moment_of_a_report(chance, now) < now for _ in range(2_000))
