"""People say on which ways they may be written to; what they say last counts, and nothing said is ever changed."""

from typing import Any

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from maintainuk.domain.audit import AuditLog
from maintainuk.domain.built_in_roles import BuiltInRole
from maintainuk.domain.consents import ContactPurpose, ContactWay
from maintainuk.infrastructure.database.engine import Database
from maintainuk.infrastructure.repositories.consents import Consents
from tests.trial import Trial
from tests.world import World

SAID = {"way": "sms", "purpose": "news", "isGiven": True, "toldBy": "phone", "toldOn": "2026-11-02"}


class Desk:
    """Somebody at a desk with one tenant on the phone."""

    def __init__(self, http: httpx.AsyncClient, world: World) -> None:
        self.http, self.world = http, world

    async def opens(self, role: BuiltInRole = BuiltInRole.COORDINATOR) -> "Desk":
        self.org_id = await self.world.organisation()
        self.headers = await self.world.headers(await self.world.staff(self.org_id, role))
        self.person_id = (await self.world.home(self.org_id)).tenant_id
        self.url = f"/api/v1/people/{self.person_id}/consents"
        return self

    async def reads(self) -> dict[str, Any]:
        answer = await self.http.get(self.url, headers=self.headers)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()["data"]
        return found

    async def notes(self, **said: Any) -> httpx.Response:
        return await self.http.post(self.url, json=SAID | said, headers=self.headers)

    async def standing(self, way: str, purpose: str) -> dict[str, Any]:
        (one,) = (one for one in (await self.reads())["standing"] if (one["way"], one["purpose"]) == (way, purpose))
        return one  # type: ignore[no-any-return]


@pytest.fixture
async def desk(trial: Trial, world: World) -> Desk:
    return await Desk(trial.http, world).opens()


async def test_repairs_may_be_written_about_and_nothing_else_until_somebody_says_so(desk: Desk) -> None:
    standing = {(one["purpose"], one["way"]) for one in (await desk.reads())["standing"] if one["mayWrite"]}

    assert standing == {("repairs", way) for way in ("email", "sms", "phone", "post")}


async def test_what_was_agreed_stands_with_its_words_way_day_and_who_wrote_it_down(desk: Desk) -> None:
    (ours,) = (
        one for one in (await desk.reads())["wordings"] if (one["way"], one["purpose"]) == ("whatsapp", "repairs")
    )

    noted = await desk.notes(way="whatsapp", purpose="repairs", wording=ours["text"], note="Spoke to her at noon.")

    assert noted.status_code == 201, noted.text
    (line,) = noted.json()["data"]["history"]
    assert "Fairweather Lettings may write to you on WhatsApp" in line["wording"]
    assert (line["wordingVersion"], line["note"]) == (ours["version"], "Spoke to her at noon.")
    assert (line["toldBy"], line["toldOn"], line["recordedBy"]) == ("phone", "2026-11-02", "Nia Prosser")
    assert (await desk.standing("whatsapp", "repairs"))["mayWrite"]


async def test_the_latest_word_counts_whenever_it_was_written_down(desk: Desk) -> None:
    await desk.notes(toldOn="2026-11-05", isGiven=False, toldBy="email")
    await desk.notes(toldOn="2026-11-02", wording="May we text you?")

    standing = await desk.standing("sms", "news")

    assert (standing["mayWrite"], standing["isGiven"], standing["since"]) == (False, False, "2026-11-05")
    assert [one["isGiven"] for one in (await desk.reads())["history"]] == [False, True]


async def test_consent_without_words_or_from_the_future_is_none(desk: Desk) -> None:
    for said, field in (({"wording": "  "}, "wording"), ({"wording": "Yes?", "toldOn": "2999-01-01"}, "toldOn")):
        refused = await desk.notes(**said)

        assert refused.status_code == 422
        assert list(refused.json()["error"]["fields"]) == [field]


async def test_whoever_sends_asks_at_that_moment(desk: Desk, database: Database) -> None:
    async def may() -> bool:
        async with database.session(desk.org_id) as session:
            return await Consents(session).may_write(desk.person_id, ContactWay.EMAIL, ContactPurpose.REPAIRS)

    before = await may()
    await desk.notes(way="email", purpose="repairs", isGiven=False)

    assert (before, await may()) == (True, False)


async def test_nothing_said_is_ever_changed_and_each_word_is_in_the_log(desk: Desk, database: Database) -> None:
    await desk.notes(wording="May we text you?", note="Rang back.")
    await desk.notes(isGiven=False)

    for attack in ("UPDATE app.consents SET is_given = true", "DELETE FROM app.consents"):
        with pytest.raises(DBAPIError, match="permission denied"):
            async with database.session(desk.org_id) as session, session.begin():
                await session.execute(text(attack))
    assert await desk.world.count(desk.org_id, AuditLog) == 2


@pytest.mark.parametrize(("role", "status"), [(BuiltInRole.FINANCE, 403), (BuiltInRole.TENANT, 404)])
async def test_only_those_who_may_write_about_people_note_it(
    trial: Trial, world: World, role: Any, status: int
) -> None:
    desk = await Desk(trial.http, world).opens(role)

    assert (await desk.notes(isGiven=False)).status_code == status
