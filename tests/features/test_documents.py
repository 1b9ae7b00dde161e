"""Documents of a home or a firm: announced, sent, looked at page by page by those who may, and withdrawn."""

import asyncio
from datetime import timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import select, update

from maintainuk.domain.assets import Asset, AssetKind
from maintainuk.domain.audit import AuditLog
from maintainuk.domain.built_in_roles import BuiltInRole
from maintainuk.domain.contractors import Contractor
from maintainuk.domain.documents import (
    LARGEST_DOCUMENT,
    MOST_DOCUMENTS,
    Audience,
    Document,
    DocumentKind,
    DocumentStatus,
    original_of,
    page_of,
)
from maintainuk.domain.landlords import Landlord, Portfolio
from maintainuk.domain.people import Person, Tenancy, TenancyMember
from maintainuk.domain.permissions import Permission, Scope
from maintainuk.domain.properties import Property
from maintainuk.domain.roles import Role
from maintainuk.infrastructure.demo.papers import paper
from tests.desk import Desk
from tests.uploads import in_parts

DOCUMENTS = "/api/v1/documents"
RECORD = paper(("Gas safety record", "Result: pass"))


async def announce(desk: Desk, **changes: Any) -> httpx.Response:
    body = {"kind": "gas_record", "title": "Gas record 2026", "propertyId": str(desk.home.property_id)}
    return await desk.http.post(DOCUMENTS, json=body | changes, headers=desk.headers)


async def announced(desk: Desk, **changes: Any) -> dict[str, Any]:
    answer = await announce(desk, **changes)
    assert answer.status_code == 201, answer.text
    return answer.json()["data"]


async def send(desk: Desk, document_id: Any, content: Any = RECORD, **headers: str) -> httpx.Response:
    told = desk.headers | {"Content-Type": "application/octet-stream"} | headers
    return await desk.http.post(f"{DOCUMENTS}/{document_id}/file", content=content, headers=told)


async def listed(desk: Desk, **asked: Any) -> list[dict[str, Any]]:
    answer = await desk.http.get(DOCUMENTS, params=asked or {"property": desk.home.property_id}, headers=desk.headers)
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]["items"]


async def opened(desk: Desk, document_id: Any) -> httpx.Response:
    return await desk.http.get(f"{DOCUMENTS}/{document_id}", headers=desk.headers)


async def ready(desk: Desk, **changes: Any) -> Document:
    """A document as the worker leaves it, of two pages."""
    place = {} if "contractor_id" in changes else {"property_id": desk.home.property_id}
    document = Document(
        **{"org_id": desk.org_id, "kind": DocumentKind.EPC, "title": "EPC", "added_at": desk.world.now, **place}
        | changes,
        status=DocumentStatus.READY,
        page_count=2,
        pages=[[1_414, 2_000], [2_000, 1_414]],
    )
    await desk.world.add(desk.org_id, document)
    for number in (1, 2):
        page = b"\xff\xd8\xff page %d" % number
        await desk.trial.services.files.put(page_of(desk.org_id, document.id, number), page)
    return document


async def quarantined(desk: Desk) -> list[str]:
    return [file.path async for file in desk.trial.services.files.below(f"quarantine/{desk.org_id}")]


async def actions(desk: Desk) -> list[str]:
    async with desk.world.owner.session(desk.org_id) as session:
        query = select(AuditLog.action).where(AuditLog.action.startswith("Document")).order_by(AuditLog.id)
        return list(await session.scalars(query))


async def as_part(desk: Desk, scope: Scope, **whose: UUID) -> Desk:
    """A desk of somebody whose permissions end at their own part."""
    name = f"{scope} {uuid4()}"
    role = Role(org_id=desk.org_id, name=name, stored_grants=dict.fromkeys(map(str, Permission), str(scope)))
    await desk.world.add(desk.org_id, role)
    staff = await desk.world.staff(desk.org_id, name, name="Aisha Khan", **whose)
    return Desk(desk.trial, desk.world, staff, desk.home, await desk.world.headers(staff))


async def test_a_document_is_announced_sent_and_promised_to_be_drawn(desk: Desk):
    one = await announced(desk, datedOn="2026-03-02", expiresOn="2027-03-02", audiences=["tenant", "landlord"])
    assert (one["state"], one["pagesDrawn"], one["pageCount"]) == ("expected", 0, None)

    answer = await send(desk, one["id"])

    assert answer.status_code == 202
    assert answer.json()["data"]["state"] == "received"
    (shown,) = await listed(desk)
    assert shown == answer.json()["data"]
    assert (shown["title"], shown["expiresOn"], shown["audiences"]) == (
        "Gas record 2026",
        "2027-03-02",
        ["landlord", "tenant"],
    )
    assert await desk.world.promised(desk.org_id) == ["draw-document"]
    async with desk.world.owner.session(desk.org_id) as session:
        document = (await session.scalars(select(Document))).one()
    assert document.sha256 == sha256(RECORD).digest()
    assert document.bytes_received == len(RECORD)
    assert await desk.trial.services.files.get(original_of(desk.org_id, document.file_id)) == RECORD
    assert await actions(desk) == ["DocumentAnnounced", "DocumentReceived"]


async def test_its_pages_are_shown_by_addresses_that_run_out_and_each_opening_is_written_down(desk: Desk):
    document = await ready(desk)

    answer = await opened(desk, document.id)

    shown = answer.json()["data"]
    assert [(page["number"], page["width"], page["height"]) for page in shown["pages"]] == [
        (1, 1_414, 2_000),
        (2, 2_000, 1_414),
    ]
    page = await desk.http.get(shown["pages"][1]["url"])
    assert (page.status_code, page.content) == (200, b"\xff\xd8\xff page 2")
    assert page.headers["content-type"] == "image/jpeg"
    assert page.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in page.headers["content-security-policy"]
    assert await actions(desk) == ["DocumentOpened"]
    later = desk.trial.services.clock() + timedelta(minutes=31)
    desk.trial.services.clock = lambda: later
    assert (await desk.http.get(shown["pages"][1]["url"])).status_code == 410


async def test_an_address_of_a_page_opens_no_other_page_and_no_photo(desk: Desk):
    shown = (await opened(desk, (await ready(desk)).id)).json()["data"]["pages"][0]["url"]

    assert (await desk.http.get(shown.replace("/1?", "/2?"))).status_code == 403
    assert (await desk.http.get(shown[:-4] + "AAAA")).status_code == 403
    assert (await desk.http.get(shown.replace("/1?", "/51?"))).status_code == 422


async def test_nobody_is_ever_given_the_file(desk: Desk):
    one = await announced(desk)
    await send(desk, one["id"])

    for path in ("file", "original", "pages/1"):
        answer = await desk.http.get(f"{DOCUMENTS}/{one['id']}/{path}", headers=desk.headers)
        assert answer.status_code in {404, 405, 422}
        assert b"%PDF" not in answer.content


async def test_of_two_files_sent_at_once_one_is_taken(desk: Desk):
    one = await announced(desk)

    answers = await asyncio.gather(
        *(send(desk, one["id"], in_parts(RECORD + bytes([number]), part=500, pause=0.002)) for number in range(4))
    )

    assert sorted(answer.status_code for answer in answers) == [202, 409, 409, 409]
    (path,) = await quarantined(desk)
    async with desk.world.owner.session(desk.org_id) as session:
        document = (await session.scalars(select(Document))).one()
    assert sha256(await desk.trial.services.files.get(path)).digest() == document.sha256


async def test_a_file_that_is_too_large_is_refused_while_it_arrives(desk: Desk):
    one = await announced(desk)

    answer = await send(desk, one["id"], in_parts(bytes(LARGEST_DOCUMENT + 1), part=1_048_576))

    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too-large")
    assert "at most 20 MB" in answer.json()["error"]["message"]
    assert await quarantined(desk) == []
    assert (await listed(desk))[0]["state"] == "expected"


async def test_it_can_be_put_right_and_two_people_do_not_overwrite_each_other(desk: Desk):
    one = await announced(desk)
    body = {"kind": "eicr", "title": "EICR 2026", "expiresOn": "2031-01-01", "audiences": ["contractor"]}

    first, second = [
        await desk.http.put(f"{DOCUMENTS}/{one['id']}", json=body, headers=desk.headers | {"If-Match": '"v1"'})
        for _ in range(2)
    ]

    assert (first.status_code, second.status_code) == (200, 412)
    assert second.json()["error"]["current"]["version"] == 2
    assert first.json()["data"] == one | {
        "kind": "eicr",
        "title": "EICR 2026",
        "expiresOn": "2031-01-01",
        "audiences": ["contractor"],
        "version": 2,
    }


async def test_withdrawn_it_is_nowhere_and_brought_back_it_is_as_before(desk: Desk):
    document = await ready(desk)
    (before,) = await listed(desk)

    withdrawn = await desk.http.put(f"{DOCUMENTS}/{document.id}/withdrawal", headers=desk.headers)

    assert withdrawn.json()["data"]["isWithdrawn"]
    assert await listed(desk) == []
    assert (await opened(desk, document.id)).status_code == 404
    back = await desk.http.delete(f"{DOCUMENTS}/{document.id}/withdrawal", headers=desk.headers)
    assert not back.json()["data"]["isWithdrawn"]
    assert await listed(desk) == [before | {"version": 3}]
    assert await actions(desk) == ["DocumentWithdrawn", "DocumentBroughtBack"]


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"title": " "}, "title", "Give a name."),
        ({"datedOn": "2026-03-02", "expiresOn": "2026-03-01"}, "expiresOn", "That is before it begins."),
        ({"propertyId": None}, "propertyId", "Name one property or one contractor."),
        ({"propertyId": str(uuid4())}, "propertyId", "Choose a property of your organisation."),
        ({"kind": "holiday_photos"}, "kind", None),
        ({"audiences": ["everybody"]}, "audiences.0", None),
        ({"status": "ready"}, "status", None),
        ({"sha256": "00"}, "sha256", None),
    ],
)
async def test_what_makes_no_sense_is_refused_in_words(desk: Desk, changes, field, words):
    answer = await announce(desk, **changes)

    assert answer.status_code == 422
    assert field in answer.json()["error"]["fields"], answer.text
    assert words is None or answer.json()["error"]["fields"][field] == [words]


async def test_it_may_be_about_a_home_a_tenancy_or_an_asset_of_that_building_and_of_no_other(desk: Desk):
    other = await desk.world.home(desk.org_id, address="3 Mill Lane")
    boiler = Asset(org_id=desk.org_id, property_id=desk.home.property_id, kind=AssetKind.BOILER)
    await desk.world.add(desk.org_id, boiler)

    agreement = await announced(desk, kind="tenancy_agreement", tenancyId=str(desk.home.tenancy_id))
    warranty = await announced(desk, kind="warranty", assetId=str(boiler.id))
    elsewhere = await announce(desk, tenancyId=str(other.tenancy_id))

    assert (agreement["unitId"], agreement["tenancyId"]) == (str(desk.home.unit_id), str(desk.home.tenancy_id))
    assert (warranty["unitId"], warranty["assetId"]) == (None, str(boiler.id))
    assert elsewhere.json()["error"]["fields"] == {"tenancyId": ["That belongs to another property or home."]}
    assert (await announce(desk, tenancyId=str(uuid4()))).status_code == 404


async def test_a_building_has_so_many_documents_and_no_more(desk: Desk):
    owned = {"org_id": desk.org_id, "property_id": desk.home.property_id, "added_at": desk.world.now}
    many = [Document(**owned, kind=DocumentKind.OTHER, title="Note") for _ in range(MOST_DOCUMENTS)]
    await desk.world.add(desk.org_id, *many)

    answer = await announce(desk)

    assert (answer.status_code, answer.json()["error"]["message"][:13]) == (422, "500 documents")


async def test_a_firms_certificates_are_the_firms_and_need_the_permission_for_firms(desk: Desk):
    firm = Contractor(org_id=desk.org_id, name="Aire Valley Heating")
    await desk.world.add(desk.org_id, firm)
    about = {"propertyId": None, "contractorId": str(firm.id)}

    certificate = await announced(desk, kind="insurance", title="Public liability", **about)
    both = await announce(desk, **about | {"propertyId": str(desk.home.property_id)})

    assert [one["id"] for one in await listed(desk, contractor=str(firm.id))] == [certificate["id"]]
    assert await listed(desk) == []
    assert both.json()["error"]["fields"] == {"contractorId": ["Name one property or one contractor."]}
    finance = await desk.beside(BuiltInRole.FINANCE)
    assert (await announce(finance, **about)).status_code == 403
    grants = {"properties:read": "org", "properties:write": "org"}
    await desk.world.add(desk.org_id, Role(org_id=desk.org_id, name="Lettings", stored_grants=grants))
    lettings = await desk.beside("Lettings")
    assert (await opened(lettings, certificate["id"])).status_code == 404
    assert (await announce(lettings, **about)).status_code == 403
    listing = await desk.http.get(DOCUMENTS, params={"contractor": str(firm.id)}, headers=lettings.headers)
    assert listing.status_code == 403


async def test_a_list_asks_for_one_building_or_one_firm(desk: Desk):
    for asked in ({}, {"property": str(desk.home.property_id), "contractor": str(uuid4())}):
        answer = await desk.http.get(DOCUMENTS, params=asked, headers=desk.headers)
        assert answer.status_code == 422
    answer = await desk.http.get(DOCUMENTS, params={"property": str(uuid4())}, headers=desk.headers)
    assert answer.status_code == 404


async def test_a_landlord_sees_what_is_meant_for_landlords_of_their_own_homes(desk: Desk):
    owner = Landlord(org_id=desk.org_id, person_id=desk.home.tenant_id)
    portfolio = Portfolio(org_id=desk.org_id, landlord_id=owner.id, name="Headingley")
    await desk.world.add(desk.org_id, owner, portfolio)
    await owned_by(desk, portfolio.id)
    other = await desk.world.home(desk.org_id, address="3 Mill Lane")
    meant = await ready(desk, audiences=[Audience.LANDLORD])
    not_meant = await ready(desk, audiences=[Audience.TENANT])
    not_theirs = await ready(desk, property_id=other.property_id, audiences=[Audience.LANDLORD])
    landlord = await as_part(desk, Scope.PORTFOLIO, landlord_id=owner.id)

    assert [one["id"] for one in await listed(landlord)] == [str(meant.id)]
    assert (await opened(landlord, meant.id)).status_code == 200
    for hidden in (not_meant, not_theirs):
        assert (await opened(landlord, hidden.id)).status_code == 404
    assert (await announce(landlord)).status_code == 403


async def owned_by(desk: Desk, portfolio_id: UUID) -> None:
    async with desk.world.owner.session(desk.org_id) as session, session.begin():
        chosen = update(Property).where(Property.id == desk.home.property_id)
        await session.execute(chosen.values(portfolio_id=portfolio_id))


async def test_a_tenant_sees_what_is_meant_for_tenants_of_their_home_and_tenancy(desk: Desk):
    today = desk.world.now.date()
    before = Tenancy(
        org_id=desk.org_id,
        unit_id=desk.home.unit_id,
        started_on=today - timedelta(days=4_000),
        ended_on=today - timedelta(days=3_900),
    )
    neighbour = await desk.world.home(desk.org_id, address="14 Ash Grove", label="Flat 2")
    await desk.world.add(desk.org_id, before)
    for_tenants = {"audiences": [Audience.TENANT]}
    meant = [
        await ready(desk, **for_tenants),
        await ready(desk, **for_tenants, unit_id=desk.home.unit_id),
        await ready(desk, **for_tenants, unit_id=desk.home.unit_id, tenancy_id=desk.home.tenancy_id),
    ]
    hidden = [
        await ready(desk, audiences=[Audience.LANDLORD]),
        await ready(desk, **for_tenants, unit_id=desk.home.unit_id, tenancy_id=before.id),
        await ready(desk, **for_tenants, property_id=neighbour.property_id, unit_id=neighbour.unit_id),
    ]
    tenant = await as_part(desk, Scope.OWN, person_id=desk.home.tenant_id)

    assert {one["id"] for one in await listed(tenant)} == {str(one.id) for one in meant}
    for one in hidden:
        assert (await opened(tenant, one.id)).status_code == 404


async def test_a_tenancy_that_is_yet_to_begin_opens_nothing(desk: Desk):
    vacant = await desk.world.home(desk.org_id, address="3 Mill Lane", email=None)
    newcomer = Person(org_id=desk.org_id, name="Rose Adeyemi-Clarke")
    later = Tenancy(org_id=desk.org_id, unit_id=vacant.unit_id, started_on=desk.world.now.date() + timedelta(days=30))
    async with desk.world.owner.session(desk.org_id) as session, session.begin():
        ended = update(Tenancy).where(Tenancy.id == vacant.tenancy_id)
        await session.execute(ended.values(ended_on=desk.world.now.date()))
    await desk.world.add(
        desk.org_id, newcomer, later, TenancyMember(org_id=desk.org_id, tenancy_id=later.id, person_id=newcomer.id)
    )
    document = await ready(desk, property_id=vacant.property_id, audiences=[Audience.TENANT])
    tenant = await as_part(desk, Scope.OWN, person_id=newcomer.id)

    assert (await opened(tenant, document.id)).status_code == 404


async def test_another_organisation_sees_nothing(desk: Desk):
    document = await ready(desk)
    moorside = await desk.world.organisation("Moorside Homes")
    staff = await desk.world.staff(moorside)
    stranger = Desk(desk.trial, desk.world, staff, desk.home, await desk.world.headers(staff))

    assert (await opened(stranger, document.id)).status_code == 404
    assert (await send(stranger, document.id)).status_code == 404
    answer = await desk.http.get(DOCUMENTS, params={"property": desk.home.property_id}, headers=stranger.headers)
    assert answer.status_code == 404


async def test_a_title_is_sealed(desk: Desk):
    await announced(desk, title="Agreement with Aisha Khan")

    async with desk.world.owner.session(desk.org_id) as session:
        raw = await (await session.connection()).exec_driver_sql("SELECT title FROM app.documents")
        assert b"Aisha" not in bytes(raw.scalar_one())
