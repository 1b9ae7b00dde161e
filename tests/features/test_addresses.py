"""Looking an address up while a property is written down."""

from typing import Any

import httpx2
import pytest

from maintainuk.domain.built_in_roles import BuiltInRole
from tests.desk import Desk
from tests.providers.test_address_books import ASH_GROVE, FakeOrdnanceSurvey


async def find(desk: Desk, q: str) -> dict[str, Any]:
    answer = await desk.http.get("/api/v1/addresses", params={"q": q}, headers=desk.headers)
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]


@pytest.fixture
def survey(desk: Desk) -> FakeOrdnanceSurvey:
    """Ordnance Survey, with whom the installation has an account."""
    survey = FakeOrdnanceSurvey()
    services = desk.trial.services
    services.address_books = (*services.address_books, survey.book())
    return survey


async def test_without_an_account_what_is_known_here_is_found(desk: Desk):
    looked = await find(desk, "ls61aa")

    assert [(one["addressLine"], one["propertyId"]) for one in looked["items"]] == [
        ("14 Ash Grove", str(desk.home.property_id))
    ]
    assert looked["silence"] is None


async def test_the_service_and_what_is_known_here_are_one_list_and_the_uprn_is_taken_over(desk: Desk, survey):
    survey.knows = [
        ASH_GROVE,
        ASH_GROVE | {"BUILDING_NUMBER": "16", "ADDRESS": "16, ASH GROVE, LEEDS, LS6 1AA", "UPRN": "72300124"},
    ]

    looked = await find(desk, "LS6 1AA")

    assert [(one["addressLine"], one["uprn"], one["propertyId"]) for one in looked["items"]] == [
        ("14 Ash Grove", "72300123", str(desk.home.property_id)),
        ("16 Ash Grove", "72300124", None),
    ]


async def test_when_the_service_says_nothing_what_is_known_here_stays(desk: Desk, survey):
    survey.answers = httpx2.ConnectError("nobody there")

    looked = await find(desk, "LS6 1AA")

    assert (len(looked["items"]), looked["silence"]) == (1, "unreachable")


async def test_two_letters_are_no_question(desk: Desk, survey):
    assert await find(desk, " a ") == {"items": [], "silence": None}
    assert survey.asked == []


async def test_only_those_who_write_properties_down_may_look(desk: Desk):
    finance = await desk.beside(BuiltInRole.FINANCE)

    answer = await desk.http.get("/api/v1/addresses", params={"q": "LS6 1AA"}, headers=finance.headers)

    assert answer.status_code == 403
