"""Letting a home, moving in and out, and the people one reaches by it."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest

from maintainuk.domain.built_in_roles import BuiltInRole
from tests.desk import Desk

TENANCIES, PEOPLE = "/api/v1/tenancies", "/api/v1/people"
ROSE: dict[str, Any] = {"name": "Rose Adeyemi-Clarke", "phone": "07700 900456", "email": "Rose@Example.com"}


async def send(desk: Desk, method: str, path: str, body: dict[str, Any], version: int | None = None) -> httpx.Response:
    seen = {} if version is None else {"If-Match": f'"v{version}"'}
    return await desk.http.request(method, path, json=body, headers=desk.headers | seen)


async def let(desk: Desk, started_on: str, **changes: Any) -> httpx.Response:
    body = {"unitId": str(desk.home.unit_id), "startedOn": started_on, "members": [{"role": "lead", "person": ROSE}]}
    return await send(desk, "POST", TENANCIES, body | changes)


async def present(desk: Desk) -> dict[str, Any]:
    answer = await desk.http.get(f"{TENANCIES}/{desk.home.tenancy_id}", headers=desk.headers)
    return answer.json()["data"]


def day(desk: Desk, ago: int) -> str:
    return str(desk.world.now.date() - timedelta(days=ago))


async def home_of(desk: Desk) -> str:
    """The home of the desk, in words."""
    answer = await desk.http.get(f"/api/v1/properties/{desk.home.property_id}", headers=desk.headers)
    found = answer.json()["data"]
    (unit,) = [one for one in found["units"] if one["id"] == str(desk.home.unit_id)]
    return ", ".join(filter(None, (unit["label"], found["addressLine"])))


async def end(desk: Desk, ago: int = 10) -> httpx.Response:
    tenancy = await present(desk)
    return await send(desk, "PUT", f"{TENANCIES}/{tenancy['id']}/end", {"endedOn": day(desk, ago)}, tenancy["version"])


async def test_a_home_that_is_let_cannot_be_let_again_and_the_refusal_names_the_tenancy_in_the_way(desk: Desk):
    began = desk.world.now.date() - timedelta(days=400)

    home = await home_of(desk)

    answer = await let(desk, day(desk, 30))

    assert answer.json()["error"]["fields"]["startedOn"] == [
        f"The tenancy of {home} that began on {began.day} {began:%B %Y} has not ended. End it first."
    ]


async def test_a_tenancy_in_the_way_is_named_by_its_reference_too(desk: Desk):
    tenancy = await present(desk)
    facts = {"startedOn": tenancy["startedOn"], "externalReference": "TEN-77"}
    changed = await send(desk, "PUT", f"{TENANCIES}/{tenancy['id']}", facts, tenancy["version"])
    assert changed.status_code == 200, changed.text

    answer = await let(desk, day(desk, 30))

    (said,) = answer.json()["error"]["fields"]["startedOn"]
    assert said.startswith(f"Tenancy TEN-77 of {await home_of(desk)} that began on")


@pytest.mark.parametrize(
    ("began", "words"),
    [("1800-01-01", "before 1900"), ("0001-01-01", "before 1900"), ("9999-12-31", "two years ahead")],
)
async def test_a_tenancy_begins_in_a_year_that_somebody_may_mean(desk: Desk, began: str, words: str):
    await end(desk)

    answer = await let(desk, began)

    assert answer.status_code == 422, answer.text
    assert words in answer.json()["error"]["fields"]["startedOn"][0]


async def test_of_two_who_let_a_home_at_once_one_is_refused(desk: Desk):
    await end(desk)

    answers = await asyncio.gather(*(let(desk, day(desk, 10)) for _ in range(4)))

    assert sorted(answer.status_code for answer in answers) == [201, 422, 422, 422]


async def test_the_next_tenancy_begins_on_the_day_the_last_one_ended_and_not_before(desk: Desk):
    ended = await end(desk)

    too_soon = await let(desk, day(desk, 11))
    answer = await let(desk, day(desk, 10), kind="assured", externalReference="TEN-88")

    assert ended.json()["data"]["endedOn"] == day(desk, 10)
    assert "until" in too_soon.json()["error"]["fields"]["startedOn"][0]
    assert answer.status_code == 201
    listed = await desk.http.get(TENANCIES, params={"unit": str(desk.home.unit_id)}, headers=desk.headers)
    assert [one["startedOn"] for one in listed.json()["data"]["items"]] == [day(desk, 10), day(desk, 400)]


async def test_notice_ends_nothing(desk: Desk):
    assert "endedOn" in (await end(desk, ago=-1)).json()["error"]["fields"]
    assert (await present(desk))["endedOn"] is None


async def test_a_tenancy_ends_not_before_it_began(desk: Desk):
    assert "endedOn" in (await end(desk, ago=401)).json()["error"]["fields"]
    assert (await end(desk)).status_code == 200


async def test_an_end_noted_by_mistake_is_put_right_or_taken_back(desk: Desk):
    await end(desk, ago=10)
    tenancy = await present(desk)
    path = f"{TENANCIES}/{tenancy['id']}/end"

    other = await send(desk, "PUT", path, {"endedOn": day(desk, 12)}, tenancy["version"])
    back = await send(desk, "PUT", path, {"endedOn": None}, tenancy["version"] + 1)
    again = await send(desk, "PUT", path, {"endedOn": None}, tenancy["version"] + 2)

    assert other.json()["data"]["endedOn"] == day(desk, 12)
    assert back.json()["data"]["endedOn"] is None
    assert (again.status_code, list(again.json()["error"]["fields"])) == (422, ["endedOn"])


async def test_an_end_is_not_put_right_into_the_next_tenancy(desk: Desk):
    await end(desk, ago=10)
    assert (await let(desk, day(desk, 8), externalReference="TEN-88")).status_code == 201
    tenancy = await present(desk)
    path = f"{TENANCIES}/{tenancy['id']}/end"

    later = await send(desk, "PUT", path, {"endedOn": day(desk, 7)}, tenancy["version"])
    never = await send(desk, "PUT", path, {"endedOn": None}, tenancy["version"])
    until = await send(desk, "PUT", path, {"endedOn": day(desk, 8)}, tenancy["version"])

    for refused in (later, never):
        assert "Tenancy TEN-88 of" in refused.json()["error"]["fields"]["endedOn"][0]
    assert until.status_code == 200


async def test_nobody_is_named_twice_in_a_tenancy_or_leaves_it_before_or_after_it(desk: Desk):
    tenancy = await present(desk)
    (member,) = tenancy["members"]
    joins = {"role": "joint", "person": {"name": "Hugo Adeyemi"}}
    joined = await send(desk, "POST", f"{TENANCIES}/{tenancy['id']}/members", joins)
    path = f"{TENANCIES}/{tenancy['id']}/members/{member['id']}/end"
    before = await send(desk, "PUT", path, {"movedOutOn": day(desk, 401)})
    await end(desk)
    after = await send(desk, "PUT", path, {"movedOutOn": day(desk, 11)})
    twice = [{"role": role, "personId": member["person"]["id"]} for role in ("lead", "joint")]

    refused = await let(desk, day(desk, 5), members=twice)

    assert joined.status_code == 201
    assert list(before.json()["error"]["fields"]) == ["movedOutOn"]
    assert after.status_code == 409
    assert refused.json()["error"]["fields"]["members"] == ["Somebody is named twice. Name everybody once."]


async def test_one_tenant_leads(desk: Desk):
    await end(desk)

    none = await let(desk, day(desk, 5), members=[{"role": "joint", "person": ROSE}])
    two = await let(desk, day(desk, 5), members=[{"role": "lead", "person": ROSE}] * 2)

    for answer in (none, two):
        assert "members" in answer.json()["error"]["fields"]


async def test_people_move_in_and_out_and_the_lead_passes_to_who_holds_the_tenancy_too(desk: Desk):
    members = f"{TENANCIES}/{desk.home.tenancy_id}/members"
    await send(desk, "POST", members, {"role": "household", "person": {"name": "Baby Khan"}})
    joined = (await send(desk, "POST", members, {"role": "joint", "person": ROSE})).json()["data"]
    lead = joined["members"][0]

    left = await send(desk, "PUT", f"{members}/{lead['id']}/end", {"movedOutOn": day(desk, 1)})

    roles = {one["person"]["name"]: (one["role"], one["movedOutOn"]) for one in left.json()["data"]["members"]}
    assert roles == {
        "Rose Adeyemi-Clarke": ("lead", None),
        "Baby Khan": ("household", None),
        "Aisha Khan": ("joint", day(desk, 1)),
    }
    homes = (await desk.http.get("/api/v1/properties/homes", headers=desk.headers)).json()["data"]["items"]
    assert [one["name"] for one in homes[0]["tenancy"]["people"]] == ["Rose Adeyemi-Clarke", "Baby Khan"]


async def test_the_last_who_holds_a_tenancy_does_not_move_out_but_ends_it(desk: Desk):
    (lead,) = (await present(desk))["members"]

    answer = await send(
        desk, "PUT", f"{TENANCIES}/{desk.home.tenancy_id}/members/{lead['id']}/end", {"movedOutOn": day(desk, 1)}
    )

    assert answer.status_code == 422
    assert "End the tenancy instead" in answer.json()["error"]["message"]


async def test_somebody_lives_in_a_home_once(desk: Desk):
    body = {"role": "joint", "personId": str(desk.home.tenant_id)}

    answer = await send(desk, "POST", f"{TENANCIES}/{desk.home.tenancy_id}/members", body)

    assert "personId" in answer.json()["error"]["fields"]


@pytest.mark.parametrize(
    "written",
    [
        "07700 900123",
        "+44 7700 900123",
        "0044 7700 900123",
        "+44 (0)7700 900123",
        "07700-900-123",
        "(07700) 900 123",
        "07700.900.123",
        "447700900123",
        "tel:+44-7700-900123",
        "٠٧٧٠٠٩٠٠١٢٣",
    ],
)
async def test_a_phone_number_in_any_notation_is_one_number(desk: Desk, written: str):
    answer = await send(desk, "POST", PEOPLE, {"name": "Gethin Pugh", "phone": written})

    assert answer.json()["data"]["phone"] == "07700 900123"


@pytest.mark.parametrize("written", ["ring the office", "12", "999", "+44 7700", "07700 900123 ext 4"])
async def test_what_nobody_can_dial_is_refused(desk: Desk, written: str):
    answer = await send(desk, "POST", PEOPLE, {"name": "Gethin Pugh", "phone": written})

    assert answer.json()["error"]["fields"] == {"phone": ["Enter a phone number like 01632 960 001."]}


async def test_somebody_is_found_by_their_home_and_shown_with_it(desk: Desk):
    answer = await desk.http.get(PEOPLE, params={"q": "ash grove"}, headers=desk.headers)

    (person,) = answer.json()["data"]["items"]
    assert (person["name"], person["homes"][0]["address"]) == ("Aisha Khan", "14 Ash Grove, Leeds")


async def test_a_name_finds_whoever_has_it_and_an_address_everybody_who_lives_there(desk: Desk):
    await end(desk)
    smith, ogden = {"name": "Margaret Smith"}, {"name": "Hugo Ogden"}
    members = [{"role": "lead", "person": smith}, {"role": "household", "person": ogden}]
    assert (await let(desk, day(desk, 5), members=members)).status_code == 201
    home = (await home_of(desk)).split(", ")[-1]

    async def found(words: str) -> set[str]:
        answer = await desk.http.get(PEOPLE, params={"q": words}, headers=desk.headers)
        return {one["name"] for one in answer.json()["data"]["items"]} & {"Margaret Smith", "Hugo Ogden"}

    assert await found("smith") == {"Margaret Smith"}
    assert await found(home) == {"Margaret Smith", "Hugo Ogden"}


async def test_of_two_who_change_somebody_at_once_one_looks_again(desk: Desk):
    path = f"{PEOPLE}/{desk.home.tenant_id}"

    answers = await asyncio.gather(*(send(desk, "PUT", path, {"name": f"Aisha {n}"}, 1) for n in ("Khan", "Malik")))

    assert sorted(answer.status_code for answer in answers) == [200, 412]


async def need(desk: Desk, **changes: Any) -> httpx.Response:
    body = {
        "kind": "hearing",
        "note": "Profoundly deaf, signs BSL.",
        "instruction": "Text on arrival; the bell is not heard.",
        "consentedOn": day(desk, 3),
        "consentChannel": "phone",
        "consentWording": "May we note this and tell whoever visits what to do?",
    }
    return await send(desk, "POST", f"{PEOPLE}/{desk.home.tenant_id}/needs", body | changes)


async def test_a_need_is_written_down_with_its_consent_and_read_by_those_who_may(desk: Desk):
    written = await need(desk)
    auditor, finance = await desk.beside(BuiltInRole.AUDITOR), await desk.beside(BuiltInRole.FINANCE, name="Ada Moss")
    path = f"{PEOPLE}/{desk.home.tenant_id}/needs"

    read = await auditor.http.get(path, headers=auditor.headers)

    assert read.json()["data"]["items"] == [written.json()["data"]]
    assert (await finance.http.get(path, headers=finance.headers)).status_code == 403


async def test_a_need_without_consent_is_refused(desk: Desk):
    assert "consentWording" in (await need(desk, consentWording=" ")).json()["error"]["fields"]
    assert "consentedOn" in (await need(desk, consentedOn=day(desk, -2))).json()["error"]["fields"]


async def test_a_need_ends_once(desk: Desk):
    written = (await need(desk)).json()["data"]
    path = f"{PEOPLE}/{desk.home.tenant_id}/needs/{written['id']}/end"

    ended = await send(desk, "PUT", path, {}, 1)

    assert ended.json()["data"]["endedOn"]
    assert (await send(desk, "PUT", path, {}, 2)).status_code == 409
