"""The letter to whoever a sign-up names: it may be a stranger, and an organisation that nobody knows speaks."""

import re
from datetime import timedelta

from sqlalchemy import select

from maintainuk.application.founding import Foundations
from maintainuk.domain.audit import AuditLog
from maintainuk.domain.base import new_id
from maintainuk.domain.founding import NewOrganisation
from maintainuk.domain.messaging import Message
from maintainuk.domain.organisations import Nation, OrganisationKind
from maintainuk.infrastructure.security.blind_index import BlindIndex
from maintainuk.infrastructure.security.link_secrets import LinkSecrets
from maintainuk.worker.runner import Outcome

NEW = NewOrganisation(
    name="Harbourside Lettings",
    kind=OrganisationKind.LETTING_AGENT,
    nation=Nation.SCOTLAND,
    email="moira.grant@example.com",
)


async def offered(office, *, waits: bool):
    """An organisation with an invitation to its first administrator: signed up for, or made by the platform."""
    org_id, settings = new_id(), office.world.settings
    foundations = Foundations(settings, LinkSecrets(settings), BlindIndex(settings))
    async with office.world.work(org_id) as work:
        work.has_log = not waits
        await foundations.offer(work, NEW, waits_until=work.now + timedelta(hours=72) if waits else None)
    return org_id


async def test_it_says_who_asked_that_ignoring_it_is_fine_and_does_not_speak_in_the_organisation_s_name(office):
    await offered(office, waits=True)

    assert await office.work() == [Outcome.COMPLETED]

    (letter,) = office.mailer.taken.values()
    assert (letter.to, letter.subject) == (NEW.email, "Confirm your organisation at MaintainUK")
    assert letter.sender.startswith("MaintainUK <")
    assert "Somebody typed this address" in letter.text
    assert "“Harbourside Lettings”" in letter.text
    assert "you need not do anything" in letter.text
    assert re.search(r"/app/invitation#([\w-]{43})", letter.text)


async def test_what_the_platform_has_made_speaks_for_itself(office):
    await offered(office, waits=False)

    await office.work()

    (letter,) = office.mailer.taken.values()
    assert letter.sender.startswith("Harbourside Lettings <")
    assert letter.subject == "Harbourside Lettings invites you to MaintainUK"


async def test_also_a_letter_that_failed_leaves_nothing_that_would_outlive_the_sign_up(office):
    org_id = await offered(office, waits=True)
    office.mailer.is_there = False

    await office.work()

    async with office.world.owner.session(org_id) as session:
        assert [one.failure for one in await session.scalars(select(Message))] == ["no-mailer"]
        assert list(await session.scalars(select(AuditLog))) == []
