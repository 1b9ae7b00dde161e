"""Somebody gets a copy of all that is known of them, once a person has hidden what is about others."""

import base64
import io
import json
import zipfile
from typing import Any

import httpx
import pytest

from maintainuk.api.html_pages import TEXTS
from maintainuk.domain.audit import AuditLog
from maintainuk.domain.built_in_roles import BuiltInRole
from maintainuk.domain.consents import ContactPurpose, ContactWay
from maintainuk.domain.disclosure import Hidden, Redaction, Subject
from maintainuk.domain.messaging import MessageTemplate
from maintainuk.domain.people import ConsentChannel, NeedKind, Person, PersonNeed, TenancyMember
from maintainuk.domain.photos import Photo, PhotoSize, PhotoStatus, copy_of
from maintainuk.domain.privacy import PrivacyRequestKind
from maintainuk.domain.timeline import TimelineEvent, TimelineKind, Visibility
from tests.trial import Trial
from tests.world import Home, World

SPOKEN = "Rhys Jones (07700 900777, rhys@example.com) let Tom Metcalfe in. Ring me: 07700 900123."
AMONG_STAFF = "Nia Prosser thinks Ifeoma is right; the neighbour Mrs Harcourt-Bell complains a lot."
WORDS = {hidden: f"[{hidden}]" for hidden in Hidden}


def redaction(*more: str, **others: Hidden) -> Redaction:
    subject = Subject("Ifeoma Bell", frozenset({"ifeoma@example.com"}), frozenset({"7700900123"}))
    return Redaction(subject, {name.replace("_", " "): hidden for name, hidden in others.items()}, more, WORDS)


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Rhys Jones rang, and rhys  jones again.", "[person] rang, and [person] again."),
        ("Mr Jones and Rhys's dog", "Mr [person] and [person]'s dog"),
        ("jonesing for a repair", "jonesing for a repair"),
        ("Ifeoma Bell and Tom Bell", "Ifeoma Bell and [contractor]"),
        ("Mrs Bell, ifeoma@example.com", "Mrs Bell, ifeoma@example.com"),
        ("write to rhys@example.com.", "write to [email]."),
        ("07700 900123 or +44 7700 900123, not 07700 900777", "07700 900123 or +44 7700 900123, not [phone]"),
        ("since 2024 at 21.5 degrees, error E119", "since 2024 at 21.5 degrees, error E119"),
        ("the man at number 9 shouts", "[more] shouts"),
    ],
)
def test_others_are_hidden_and_the_one_who_asks_is_not(said: str, shown: str) -> None:
    hiding = redaction("the man at  number 9", Rhys_Jones=Hidden.PERSON, Tom_Bell=Hidden.CONTRACTOR)

    assert hiding.of(said) == shown


class Office:
    """Whoever answers such requests, and a tenant with a story."""

    def __init__(self, trial: Trial, world: World) -> None:
        self.trial, self.http, self.world = trial, trial.http, world

    async def opens(self) -> "Office":
        self.org_id = await self.world.organisation()
        self.headers = await self.world.headers(await self.world.staff(self.org_id, BuiltInRole.ORG_ADMIN))
        self.home: Home = await self.world.home(self.org_id, tenant="Ifeoma Osei", email="ifeoma@example.com")
        partner = Person(org_id=self.org_id, name="Rhys Jones", phone="07700 900777")
        owned = {"org_id": self.org_id}
        self.ticket_id = await self.world.ticket(self.org_id, self.home, title="Tap drips", description=SPOKEN)
        told = {"ticket_id": self.ticket_id, "kind": TimelineKind.COMMENTED, "occurred_at": self.world.now}
        self.photo = Photo(
            **owned,
            ticket_id=self.ticket_id,
            upload_key=self.ticket_id,
            bytes_received=1,
            received_at=self.world.now,
            status=PhotoStatus.READY,
        )
        await self.world.add(
            self.org_id,
            partner,
            TenancyMember(**owned, tenancy_id=self.home.tenancy_id, person_id=partner.id),
            TimelineEvent(**owned, **told, body=AMONG_STAFF),
            TimelineEvent(**owned, **told, body="We come on Monday.", visibility=Visibility.TENANT),
            self.photo,
            PersonNeed(
                **owned,
                person_id=self.home.tenant_id,
                kind=NeedKind.HEARING,
                note="Deaf in one ear.",
                consented_on=self.world.now.date(),
                consent_channel=ConsentChannel.PHONE,
                consent_wording="May we note this?",
                recorded_at=self.world.now,
            ),
        )
        path = copy_of(self.org_id, self.photo.id, PhotoSize.DISPLAY)
        await self.trial.app.state.services.files.put(path, b"\xff\xd8a picture")
        return self

    async def asks(self, kind: str = "access") -> str:
        body = {"personId": str(self.home.tenant_id), "kind": kind, "receivedOn": "2026-11-02"}
        answer = await self.http.post("/api/v1/privacy/requests", json=body, headers=self.headers)
        return f"/api/v1/privacy/requests/{answer.json()['data']['items'][0]['id']}"

    async def reviews(self, request: str) -> dict[str, Any]:
        answer = await self.http.get(f"{request}/review", headers=self.headers)
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]  # type: ignore[no-any-return]

    async def does(self, request: str, what: str, version: int, body: Any = None) -> httpx.Response:
        match = {"If-Match": f'"v{version}"'}
        return await self.http.put(f"{request}/{what}", json=body, headers=self.headers | match)

    async def takes(self, request: str) -> httpx.Response:
        return await self.http.get(f"{request}/archive", headers=self.headers)


@pytest.fixture
async def office(trial: Trial, world: World) -> Office:
    return await Office(trial, world).opens()


async def test_a_reviewer_sees_what_is_said_and_what_the_person_will_read(office: Office) -> None:
    review = await office.reviews(await office.asks())

    pieces = {one["kind"]: one for one in review["pieces"]}
    assert pieces["repair"]["said"] == f"Tap drips\n{SPOKEN}"
    assert "[another person] ([a phone number], [an e-mail address])" in pieces["repair"]["shown"]
    assert "Ring me: 07700 900123." in pieces["repair"]["shown"]
    assert pieces["note"]["shown"].startswith("[a colleague] thinks Ifeoma is right")
    assert (pieces["note"]["isInternal"], pieces["message"]["isInternal"]) == (True, False)
    assert pieces["need"]["shown"] == "Deaf in one ear."
    assert [one["about"] for one in review["photos"]] == [pieces["repair"]["about"]]


async def test_nothing_goes_out_before_a_person_has_released_it(office: Office) -> None:
    request = await office.asks()

    refused = await office.takes(request)

    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "copy-not-released")


async def test_nobody_releases_a_copy_that_nobody_has_looked_through(office: Office) -> None:
    request = await office.asks()

    refused = await office.does(request, "release", 1)

    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "copy-not-released")
    assert "Look through the copy first" in refused.json()["error"]["message"]


async def test_the_copy_holds_what_was_released_and_nobody_else(office: Office) -> None:
    request = await office.asks()
    review = await office.reviews(request)
    (message,) = (one["key"] for one in review["pieces"] if one["kind"] == "message")
    hiding = {"words": ["Mrs Harcourt-Bell", "Tom Metcalfe"], "leftOut": [message]}
    decided = await office.does(request, "review", review["version"], hiding)
    released = await office.does(request, "release", decided.json()["data"]["version"])
    assert released.status_code == 200, released.text

    taken = await office.takes(request)

    packed = zipfile.ZipFile(io.BytesIO(base64.b64decode(taken.json()["data"]["content"])))
    names = packed.namelist()
    assert names[:3] == ["personal-data.html", "personal-data.json", "personal-data.csv"]
    assert packed.read(names[3]) == b"\xff\xd8a picture"
    whole = json.loads(packed.read("personal-data.json"))
    assert (whole["name"], whole["homes"][0]["address_line"]) == ("Ifeoma Osei", "14 Ash Grove")
    assert "Hearing" in packed.read("personal-data.html").decode(), "in words"
    for name in names[:3]:
        text = packed.read(name).decode()
        assert "Deaf in one ear." in text
        for hidden in ("Rhys", "Jones", "900777", "rhys@", "Nia", "Prosser", "Harcourt", "Metcalfe", "on Monday"):
            assert hidden not in text, (name, hidden)


async def test_a_decision_after_the_release_asks_for_another_release(office: Office) -> None:
    request = await office.asks()
    version = (await office.reviews(request))["version"]
    await office.does(request, "release", version)

    await office.does(request, "review", version + 1, {"words": ["Tom"], "leftOut": []})

    assert (await office.takes(request)).status_code == 409


async def test_each_look_and_each_copy_is_in_the_log_and_no_word_of_it(office: Office) -> None:
    request = await office.asks()
    version = (await office.reviews(request))["version"]
    await office.does(request, "review", version, {"words": ["Mrs Harcourt-Bell"], "leftOut": []})
    await office.does(request, "release", version + 1)
    await office.takes(request)

    answer = await office.http.get("/api/v1/audit", headers=office.headers)

    assert [one["action"] for one in answer.json()["data"]["items"]][:4] == [
        "PersonalCopyTaken",
        "PersonalCopyReleased",
        "PersonalCopyReviewed",
        "PersonExported",
    ]
    assert "Harcourt" not in answer.text
    assert await office.world.count(office.org_id, AuditLog) >= 5


async def test_whoever_asked_to_be_forgotten_gets_no_copy_by_mistake(office: Office) -> None:
    request = await office.asks("erasure")

    refused = await office.http.get(f"{request}/review", headers=office.headers)

    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "privacy-request-closed")


def test_whatever_may_stand_in_a_copy_has_words() -> None:
    abouts = {f"need.{one}" for one in NeedKind} | {f"request.{one}" for one in PrivacyRequestKind}
    abouts |= {f"consent.{purpose}.{way}" for purpose in ContactPurpose for way in ContactWay}

    assert set(TEXTS["copy-about"]) == abouts
    assert set(TEXTS["copy-letters"]) == set(MessageTemplate)
