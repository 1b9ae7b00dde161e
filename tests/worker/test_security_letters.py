"""Letters to staff about their own way in."""

import re

import pytest
from sqlalchemy import select

from maintainuk.application.jobs import SendEmail
from maintainuk.domain.links import Link, LinkPurpose
from maintainuk.domain.messaging import Message, MessageChannel, MessageTemplate
from maintainuk.domain.users import UserStatus
from maintainuk.worker.runner import Outcome


async def promised(office, template, **changes):
    """A letter to a member of staff, as the sign-in promises it."""
    nia = await office.world.staff(office.org_id, name="Nia Prosser", **changes)
    async with office.world.work(office.org_id) as work:
        message = Message(
            org_id=office.org_id,
            user_id=nia.id,
            channel=MessageChannel.EMAIL,
            template=template,
            created_at=work.now,
        )
        message.promised()
        work.session.add(message)
        work.promise(SendEmail(message_id=message.id))
    return nia


async def test_a_letter_leads_to_a_new_password_and_its_secret_is_stored_nowhere(office):
    nia = await promised(office, MessageTemplate.PASSWORD_RESET)

    assert await office.work() == [Outcome.COMPLETED]

    (letter,) = office.mailer.taken.values()
    secret = re.search(r"/app/new-password#([\w-]{43})", letter.text)[1]
    assert letter.to == nia.email
    assert "Hello Nia Prosser," in letter.text
    async with office.world.owner.installation() as session:
        (link,) = await session.scalars(select(Link).where(Link.subject_id == nia.id))
    assert link.purpose is LinkPurpose.PASSWORD_RESET
    assert secret.encode() not in link.secret_index


async def test_an_administrator_is_led_to_who_changed_how_people_sign_in(office):
    await promised(office, MessageTemplate.ADMINISTRATION_CHANGED)

    assert await office.work() == [Outcome.COMPLETED]

    (letter,) = office.mailer.taken.values()
    assert "/app/settings/audit" in letter.text
    assert "changed how its people sign in" in letter.text


@pytest.mark.parametrize("template", [MessageTemplate.PASSWORD_RESET, MessageTemplate.SECURITY_CHANGED])
async def test_somebody_who_left_meanwhile_gets_no_letter(office, template):
    await promised(office, template, status=UserStatus.DISABLED)

    assert await office.work() == [Outcome.SETTLED]
    assert office.mailer.taken == {}
