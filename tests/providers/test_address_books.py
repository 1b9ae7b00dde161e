"""What every adapter of the `AddressBook` port must keep, and what Ordnance Survey's does with all it may be told."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx2
import pytest

from maintainuk.domain.address_books import AddressBookSilent, FoundAddress, Silence, SoughtAddress
from maintainuk.domain.organisations import Nation
from maintainuk.domain.permissions import WHOLE_ORGANISATION, Reach, Scope
from maintainuk.domain.ports import AddressBook
from maintainuk.infrastructure.providers import os_places
from maintainuk.infrastructure.providers.known_addresses import KnownHomes
from maintainuk.infrastructure.providers.os_places import OsPlaces
from tests.world import World

ASH_GROVE = {
    "UPRN": "72300123",
    "UDPRN": "52126562",
    "ADDRESS": "14, ASH GROVE, LEEDS, LS6 1AA",
    "BUILDING_NUMBER": "14",
    "THOROUGHFARE_NAME": "ASH GROVE",
    "POST_TOWN": "LEEDS",
    "POSTCODE": "LS6 1AA",
    "RPC": "2",
    "X_COORDINATE": 428200.0,
    "Y_COORDINATE": 435200.0,
    "STATUS": "APPROVED",
    "LOGICAL_STATUS_CODE": "1",
    "CLASSIFICATION_CODE": "RD04",
    "COUNTRY_CODE": "E",
    "MATCH": 1.0,
    "MATCH_DESCRIPTION": "EXACT",
}


class FakeOrdnanceSurvey:
    """The service as its technical specification describes it, and as unkind as it is told to be."""

    def __init__(self) -> None:
        self.knows: list[dict[str, Any]] = [ASH_GROVE]
        self.asked: list[httpx2.Request] = []
        self.answers: httpx2.Response | Exception | None = None
        self.waits = 0.0

    async def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append(request)
        await asyncio.sleep(self.waits)
        if isinstance(self.answers, Exception):
            raise self.answers
        if self.answers is not None:
            return self.answers
        if request.headers.get("key") != "a key of ours":
            return httpx2.Response(401, json={"fault": {"faultstring": "Invalid ApiKey", "detail": {}}})
        params = request.url.params
        wanted = params.get("postcode") or params.get("query", "").upper()
        found = [
            {"DPA": one}
            for one in self.knows
            if all(word in one["ADDRESS"] for word in wanted.replace(",", " ").split())
        ]
        header = {"uri": str(request.url), "totalresults": len(found), "format": "JSON", "dataset": "DPA", "lr": "EN"}
        return httpx2.Response(200, json={"header": header} | ({"results": found} if found else {}))

    def book(self, key: str = "a key of ours") -> OsPlaces:
        return OsPlaces(key=key, url="https://api.os.example/search/places/v1", transport=httpx2.MockTransport(self))


@dataclass(frozen=True)
class Outside:
    """An adapter that knows 14 Ash Grove, a way to take away what it works with, and whose addresses it knows."""

    book: AddressBook
    breaks: Callable[[], Awaitable[None]]
    org_id: UUID


@pytest.fixture
def survey() -> FakeOrdnanceSurvey:
    return FakeOrdnanceSurvey()


@pytest.fixture(params=["known homes", "ordnance survey"])
async def outside(request, world: World, survey: FakeOrdnanceSurvey) -> AsyncIterator[Outside]:
    org_id = await world.organisation()
    await world.home(org_id)

    async def breaks() -> None:
        survey.answers = httpx2.ConnectError("nobody there")

    class Gone:
        def __call__(self, _: UUID) -> Any:
            raise OSError

    if request.param == "ordnance survey":
        yield Outside(survey.book(), breaks, org_id)
        return
    book = KnownHomes(world.owner.session)

    async def closes() -> None:
        book._sessions = Gone()

    yield Outside(book, closes, org_id)


async def find(outside: Outside, **sought: str) -> list[FoundAddress]:
    return list(await outside.book.find(outside.org_id, WHOLE_ORGANISATION, SoughtAddress(**sought)))


async def test_an_address_is_found_by_its_postcode_as_people_write_it(outside):
    (found,) = await find(outside, postcode="LS6 1AA")

    assert (found.address_line, found.town, found.postcode) == ("14 Ash Grove", "Leeds", "LS6 1AA")
    assert found.nation is Nation.ENGLAND


async def test_an_address_is_found_by_its_words(outside):
    (found,) = await find(outside, words="14 ash grove")

    assert found.postcode == "LS6 1AA"


async def test_what_nobody_knows_is_nothing_and_no_failure(outside):
    assert await find(outside, postcode="EH6 5AA") == []
    assert await find(outside, words="zeppelin mews") == []


async def test_who_can_not_answer_says_so(outside):
    await outside.breaks()

    with pytest.raises(AddressBookSilent) as silent:
        await find(outside, postcode="LS6 1AA")

    assert silent.value.why is Silence.UNREACHABLE


async def test_what_is_known_here_is_known_to_those_alone_who_may_see_it(world):
    ours, theirs = await world.organisation(), await world.organisation("Moorside Homes")
    home = await world.home(ours)
    await world.looked_after(ours, home, team="South")
    book, sought = KnownHomes(world.owner.session), SoughtAddress(postcode="LS6 1AA")

    assert [one.property_id for one in await book.find(ours, WHOLE_ORGANISATION, sought)] == [home.property_id]
    assert await book.find(theirs, WHOLE_ORGANISATION, sought) == []
    assert await book.find(ours, Reach(scope=Scope.TEAM), sought) == []


@pytest.mark.parametrize(
    ("told", "line", "nation"),
    [
        (
            {"SUB_BUILDING_NAME": "FLAT 3", "BUILDING_NAME": "ST. MARY'S COURT"},
            "Flat 3, St. Mary's Court, 14 Ash Grove",
            "E",
        ),
        ({"BUILDING_NAME": "14A", "BUILDING_NUMBER": ""}, "14A Ash Grove", "S"),
        ({"DEPENDENT_LOCALITY": "NEWTON-LE-WILLOWS"}, "14 Ash Grove, Newton-Le-Willows", "W"),
        ({"THOROUGHFARE_NAME": "ROAD ON THE HILL"}, "14 Road on the Hill", "N"),
        ({"DEPENDENT_THOROUGHFARE_NAME": "BACK LANE"}, "14 Back Lane, Ash Grove", "X"),
    ],
)
async def test_a_shouted_address_is_written_down_calmly(survey, told, line, nation):
    survey.knows = [ASH_GROVE | told | {"COUNTRY_CODE": nation}]

    (found,) = await survey.book().find(UUID(int=0), WHOLE_ORGANISATION, SoughtAddress(postcode="LS6 1AA"))

    assert found.address_line == line
    assert found.uprn == "72300123"
    assert found.nation == {"E": Nation.ENGLAND, "S": Nation.SCOTLAND, "W": Nation.WALES}.get(
        nation, Nation.NORTHERN_IRELAND if nation == "N" else None
    )


async def test_nothing_leaves_but_what_was_typed_and_the_key_stands_in_no_address(survey):
    await survey.book().find(UUID(int=7), WHOLE_ORGANISATION, SoughtAddress(postcode="LS6 1AA"))

    (asked,) = survey.asked
    assert asked.url.path == "/search/places/v1/postcode"
    assert dict(asked.url.params) == {"postcode": "LS6 1AA", "dataset": "DPA", "maxresults": "100"}
    assert "a key of ours" not in str(asked.url)
    assert str(UUID(int=7)) not in str(asked.url) + str(asked.headers)


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (httpx2.Response(401, json={"fault": {"faultstring": "Invalid ApiKey"}}), Silence.KEY_REFUSED),
        (httpx2.Response(403, json={}), Silence.KEY_REFUSED),
        (httpx2.Response(429, headers={"Retry-After": "60"}), Silence.BUSY),
        (httpx2.Response(500, text="<html>oops"), Silence.UNREACHABLE),
        (httpx2.Response(503), Silence.UNREACHABLE),
        (httpx2.Response(200, text="<html>not JSON"), Silence.UNREACHABLE),
        (httpx2.Response(200, json=["not", "an", "object"]), Silence.UNREACHABLE),
        (httpx2.Response(200, json={"results": [{"DPA": {"UPRN": "x", "POSTCODE": "?"}}]}), Silence.UNREACHABLE),
        (httpx2.Response(200, json={"results": "many"}), Silence.UNREACHABLE),
        (httpx2.Response(302, headers={"Location": "http://169.254.169.254/"}), Silence.UNREACHABLE),
        (httpx2.Response(200, content=b"[" * 2_100_000), Silence.UNREACHABLE),
        (httpx2.ReadTimeout("slow"), Silence.UNREACHABLE),
        (httpx2.RemoteProtocolError("cut off"), Silence.UNREACHABLE),
    ],
)
async def test_whatever_it_answers_people_can_type_the_address_in(survey, answer, why):
    survey.answers = answer

    with pytest.raises(AddressBookSilent) as silent:
        await survey.book().find(UUID(int=0), WHOLE_ORGANISATION, SoughtAddress(postcode="LS6 1AA"))

    assert silent.value.why is why
    assert len(survey.asked) == 1


async def test_nobody_waits_longer_than_typing_takes(survey, monkeypatch):
    monkeypatch.setattr(os_places, "DEADLINE", 0.01)
    survey.waits = 60

    with pytest.raises(AddressBookSilent):
        await survey.book().find(UUID(int=0), WHOLE_ORGANISATION, SoughtAddress(postcode="LS6 1AA"))


async def test_a_wrong_key_is_told(survey):
    with pytest.raises(AddressBookSilent) as silent:
        await survey.book("somebody else's").find(UUID(int=0), WHOLE_ORGANISATION, SoughtAddress(postcode="LS6 1AA"))

    assert silent.value.why is Silence.KEY_REFUSED
