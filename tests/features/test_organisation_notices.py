"""What an organisation says of itself to everybody, and who changed what of it when."""

from uuid import uuid4

import pytest
from sqlalchemy import update

from maintainuk.domain.built_in_roles import BuiltInRole
from maintainuk.domain.organisations import Organisation
from tests.desk import Desk, desk_of

ORGANISATION = "/api/v1/organisation"


@pytest.fixture
async def desk(trial, world) -> Desk:
    """An administrator's desk."""
    return await desk_of(trial, world, BuiltInRole.ORG_ADMIN)


async def put(desk: Desk, path: str, version: int, **body):
    return await desk.http.put(
        f"{ORGANISATION}/{path}", json=body, headers=desk.headers | {"If-Match": f'"v{version}"'}
    )


async def history(desk: Desk):
    return (await desk.http.get(f"{ORGANISATION}/history", headers=desk.headers)).json()["data"]["items"]


async def page(desk: Desk, org_id=None):
    return await desk.http.get(f"/notices/{org_id or desk.org_id}")


async def test_an_organisation_says_what_it_is_called(desk: Desk):
    answer = await put(desk, "profile", 0, name="Fairweather & Sons", phone="01632 960 222", nation="WLS")

    told = answer.json()["data"]
    assert (told["name"], told["phone"], told["nation"], told["version"]) == (
        "Fairweather & Sons",
        "01632 960 222",
        "WLS",
        1,
    )


async def test_its_neighbour_keeps_its_name(desk: Desk, foreign_desk: Desk):
    await put(desk, "profile", 0, name="Fairweather & Sons", phone=None, nation="ENG")

    theirs = await foreign_desk.http.get(ORGANISATION, headers=foreign_desk.headers)

    assert theirs.json()["data"]["name"] == "Fairweather Lettings"


@pytest.mark.parametrize("name", ["", "  ", "x" * 121])
async def test_a_name_nobody_can_read_is_refused(desk: Desk, name):
    answer = await put(desk, "profile", 0, name=name, phone=None, nation="ENG")

    assert list(answer.json()["error"]["fields"]) == ["name"]


async def test_everybody_reads_our_words_until_there_are_others(desk: Desk):
    answer = await page(desk)

    assert answer.status_code == 200
    assert "Fairweather Lettings looks after the home you rent" in answer.text
    assert "Web Content Accessibility Guidelines 2.2" in answer.text
    assert "01632 960 001" in answer.text


async def test_everybody_reads_its_own_words_as_they_were_written(desk: Desk):
    words = "We keep <b>little</b>, {and} not for long.\n\nAsk us."
    await put(desk, "notices", 0, privacyNotice=words, accessibilityStatement=None)

    shown = (await page(desk)).text

    assert "<p>We keep &lt;b&gt;little&lt;/b&gt;, {and} not for long.</p>" in shown
    assert "<p>Ask us.</p>" in shown
    assert "looks after the home you rent" not in shown


async def test_emptied_words_are_ours_again(desk: Desk):
    await put(desk, "notices", 0, privacyNotice="We keep little.", accessibilityStatement="Ring us.")

    answer = await put(desk, "notices", 1, privacyNotice=" ", accessibilityStatement=None)

    assert (answer.json()["data"]["privacyNotice"], answer.json()["data"]["accessibilityStatement"]) == (None, None)
    assert answer.json()["data"]["address"] == f"/notices/{desk.org_id}"


async def test_an_organisation_that_never_was_or_is_suspended_has_no_page(desk: Desk):
    async with desk.world.owner.session(desk.org_id) as session, session.begin():
        suspended = update(Organisation).where(Organisation.id == desk.org_id).values(suspended_at=desk.world.now)
        await session.execute(suspended)

    assert [(await page(desk, one)).status_code for one in (desk.org_id, uuid4())] == [404, 404]


async def test_the_history_tells_that_a_number_is_another_and_not_which(desk: Desk):
    for version, number in enumerate(["01632 960 001", "01632 960 002", None]):
        body = {"emergencyEmail": None, "emergencyPhone": number, "isAiOn": True}
        await desk.http.put(ORGANISATION, json=body, headers=desk.headers | {"If-Match": f'"v{version}"'})

    told = await history(desk)

    assert [one["changes"] for one in told] == [
        {"has_emergency_phone": pair} for pair in ([True, False], [True, True], [False, True])
    ]
    assert "960" not in str([one["changes"] for one in told])


async def test_the_history_tells_who_changed_what_when(desk: Desk):
    await put(desk, "profile", 0, name="Fairweather & Sons", phone="01632 960 001", nation="ENG")
    await put(desk, "notices", 1, privacyNotice="We keep little.", accessibilityStatement=None)

    last, first = await history(desk)

    assert first["changes"] == {"name": ["Fairweather Lettings", "Fairweather & Sons"]}
    assert first["who"] == last["who"] == desk.staff.name
    assert last["changes"] == {"privacy_notice": [None, 15]}


async def test_what_stayed_the_same_is_no_change(desk: Desk):
    await put(desk, "profile", 0, name="Fairweather Lettings", phone="01632 960 001", nation="ENG")

    assert await history(desk) == []


async def test_who_looked_too_long_ago_is_told_to_look_again(desk: Desk):
    await put(desk, "notices", 0, privacyNotice="We keep little.", accessibilityStatement=None)

    answers = [
        await put(desk, "notices", 0, privacyNotice="We keep much.", accessibilityStatement=None),
        await put(desk, "profile", 0, name="Other", phone=None, nation="ENG"),
    ]

    assert [answer.status_code for answer in answers] == [412, 412]


@pytest.mark.parametrize("role", [role for role in BuiltInRole if role is not BuiltInRole.ORG_ADMIN])
async def test_only_an_administrator_changes_them(desk: Desk, role: BuiltInRole):
    colleague = await desk.beside(role)

    answers = [
        await put(colleague, "profile", 0, name="Other", phone=None, nation="ENG"),
        await put(colleague, "notices", 0, privacyNotice=None, accessibilityStatement=None),
    ]

    assert [answer.status_code for answer in answers] == [403, 403]
