"""Lists are taken along in the columns of the templates: what comes back unchanged changes nothing."""

import base64
import csv
import io
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from maintainuk.application import portfolio_exports
from maintainuk.domain.audit import AuditLog
from maintainuk.domain.built_in_roles import BuiltInRole
from maintainuk.domain.contractors import Contractor
from maintainuk.domain.import_kinds import KINDS
from maintainuk.domain.imports import ImportKind
from maintainuk.domain.landlords import Landlord, Portfolio
from maintainuk.domain.organisations import Nation
from maintainuk.domain.people import Person, Tenancy, TenancyMember
from maintainuk.domain.permissions import Permission, Scope
from maintainuk.domain.properties import Property, PropertyKind, Tenure, Unit
from maintainuk.domain.roles import Role
from maintainuk.domain.tenancies import TenancyKind
from maintainuk.infrastructure.repositories.portfolio_exports import PortfolioLists
from tests.importing import Importing, importing_at
from tests.trial import Trial
from tests.world import World

HOSTILE = [
    "=cmd|' /C calc'!A0",
    "+44 7700 900123",
    "@SUM(A1:A9)",
    "-2+3",
    "'leading apostrophe",
    "'=guarded by hand",
    "''=guarded twice",
    '"quoted", with commas; and semicolons',
    "＝full width",  # noqa: RUF001  (spreadsheets read it, too)
    "Zażółć gęślą jaźń",
    "王小明",
    "محمد العلي",
    "🔥 Dragon House 🐉",
    "<b>bold</b>",
    "{{7*7}}",
    "1.00012E+11 Street",
    "007",
    "Flat 3",
    "12",
]
"""Of these at least one looks like whatever a spreadsheet runs, damages, cuts or turns around."""
PATHS = {
    "properties": ("/api/v1/properties/export", {"told": "properties"}),
    "units": ("/api/v1/properties/export", {"told": "units"}),
    "homes": ("/api/v1/properties/export", {"told": "homes"}),
    "tenancies": ("/api/v1/properties/export", {"told": "tenancies"}),
    "people": ("/api/v1/people/export", {}),
    "contractors": ("/api/v1/contractors/export", {}),
}
assert PATHS.keys() == {kind.value for kind in KINDS}


@pytest.fixture
async def importing(trial: Trial, world: World) -> AsyncIterator[Importing]:
    async with importing_at(trial, world) as importing:
        yield importing


async def taken(importing: Importing, called: str, **filters: Any) -> str:
    path, told = PATHS[called]
    answer = await importing.desk.http.get(path, params=told | filters, headers=importing.desk.headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == f'attachment; filename="{called}.csv"'
    return answer.text


def read(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


async def a_portfolio(importing: Importing, world: World, words: list[str]) -> None:
    """Blocks, houses, tenancies, people and firms, each called as somebody might; every other has a reference."""
    org_id = importing.desk.org_id
    owned = {"org_id": org_id}
    owner = Person(**owned, name=words[0], email="owner@example.com", phone="+447700900999")
    landlord = Landlord(**owned, person_id=owner.id, company=words[-1])
    held = Portfolio(**owned, landlord_id=landlord.id, name="Leeds")
    entities: list[Any] = [owner, landlord, held]
    for number, word in enumerate(words):
        named = word if number % 2 else None
        house = number % 3 == 0
        building = Property(
            **owned,
            kind=PropertyKind.HOUSE if house else PropertyKind.BLOCK,
            address_line=word,
            town=word,
            postcode=f"LS6 {number % 10}A{'ABDEFGHJLN'[number % 10]}",
            nation=Nation.ENGLAND,
            uprn=str(10_001_000_000 + number),
            external_reference=named and f"{named} P",
            tenure=Tenure.SOCIAL_RENT if house else None,
            portfolio_id=held.id if number % 2 else None,
        )
        entities.append(building)
        for label in [""] if house else [f"{word[:20]} a", "7", "Flat B"]:
            unit = Unit(
                **owned,
                property_id=building.id,
                label=label,
                external_reference=named and f"{named}/{label}",
                tenure=None if house else Tenure.PRIVATE_RENT,
            )
            entities.append(unit)
            if label in {"", "7"}:
                entities += _let(world, owned, unit, word, number)
        contact = Person(**owned, name=f"Contact {word}", phone=f"0163296{number:04}")
        firm = Contractor(
            **owned,
            name=f"{word} & Sons",
            trades=["plumber", "gas_engineer"][: number % 3],
            areas=["LS6", "BD3"][: number % 3],
            contact_id=contact.id if number % 2 else None,
            external_reference=named and f"{named} C",
        )
        entities += [contact, firm]
    await world.add(org_id, *entities)


def _let(world: World, owned: Any, unit: Unit, word: str, number: int) -> list[Any]:
    today = world.now.date()
    before = Tenancy(
        **owned, unit_id=unit.id, started_on=today - timedelta(days=900), ended_on=today - timedelta(days=500)
    )
    now = Tenancy(
        **owned,
        unit_id=unit.id,
        started_on=today - timedelta(days=400),
        kind=TenancyKind.ASSURED,
        external_reference=f"{word} T" if number % 2 else None,
    )
    entities: list[Any] = [before, now]
    for place in range(5 if number == 1 else 2):
        person = Person(
            **owned,
            name=f"{word} {'Senior' if place == 0 else 'Same Name'}",
            email=f"{number}.{place}@example.com" if place != 1 else None,
            phone=f"+447700900{number:02}{place}",
            language="pt-BR" if place else "en",
            external_reference=f"{word} R{place}" if number % 2 else None,
        )
        entities += [
            person,
            TenancyMember(**owned, tenancy_id=now.id, person_id=person.id, is_lead=place == 0, is_tenant=place < 3),
        ]
        if place == 0:
            entities.append(
                TenancyMember(
                    **owned,
                    tenancy_id=before.id,
                    person_id=person.id,
                    is_lead=True,
                    moved_out_on=before.ended_on,
                )
            )
    return entities


async def test_a_telephone_number_outlives_a_spreadsheet_and_comes_back(importing, world):
    numbers = {"Aisha Khan": "+447700900123", "Camille Roux": "+33142685300"}
    people = [Person(org_id=importing.desk.org_id, name=name, phone=phone) for name, phone in numbers.items()]
    await world.add(importing.desk.org_id, *people)

    text = await taken(importing, "people")
    run = await importing.brought_in(text, "people")

    assert {row["Name"]: row["Phone"] for row in read(text)} == {
        "Aisha Khan": "07700 900123",
        "Camille Roux": "'+33 1 42 68 53 00",
    }
    assert (run["created"], run["updated"], run["alreadyThere"], run["bad"]) == (0, 0, 2, 0)
    assert {one.name: one.phone for one in await importing.all(Person)} == numbers


@pytest.mark.parametrize("kind", PATHS)
async def test_what_comes_back_as_it_went_changes_nothing(importing, world, kind):
    await a_portfolio(importing, world, HOSTILE)

    text = await taken(importing, kind)
    run = await importing.checked(text, kind)

    lines = read(text)
    assert len(lines) >= len(HOSTILE)
    assert await importing.problems(run["id"]) == []
    assert (run["status"], run["created"], run["updated"], run["alreadyThere"], run["bad"]) == (
        "checked",
        0,
        0,
        len(lines),
        0,
    )


async def test_a_home_that_is_known_by_its_reference_or_id_gives_its_building_none(importing, world):
    org_id = importing.desk.org_id
    called, nameless = (
        Property(
            org_id=org_id,
            kind=PropertyKind.HOUSE,
            address_line=line,
            town="Leeds",
            postcode="LS6 3AB",
            nation=Nation.ENGLAND,
        )
        for line in ("1 Elm Row", "2 Elm Row")
    )
    await world.add(
        org_id,
        called,
        nameless,
        Unit(org_id=org_id, property_id=called.id, external_reference="HM-1"),
        Unit(org_id=org_id, property_id=nameless.id),
    )
    file = await importing.sent(await taken(importing, "homes"))
    columns = {name: named for name, named in file["guesses"].items() if name != "property_reference"}

    for told in (file["guesses"], columns):
        run = await importing.checked(await taken(importing, "homes"), columns=told)

        assert (run["created"], run["updated"], run["alreadyThere"], run["bad"]) == (0, 0, 2, 0)


@pytest.mark.parametrize("kind", PATHS)
async def test_no_cell_of_a_list_is_a_formula(importing, world, kind):
    await a_portfolio(importing, world, HOSTILE)

    cells = [cell for line in read(await taken(importing, kind)) for cell in line.values()]

    assert any(cell.startswith(("'=", "'+", "'-", "'@")) for cell in cells)
    assert not [cell for cell in cells if cell.lstrip(" \ufeff\u00a0\u200b")[:1] in set("=+-@＝＋－＠\t\r\n")]  # noqa: RUF001


@pytest.mark.parametrize("kind", PATHS)
async def test_a_list_has_the_columns_of_its_template(importing, kind):
    answer = await importing.desk.http.get(f"/api/v1/portfolio/kinds/{kind}/template", headers=importing.desk.headers)
    template = base64.b64decode(answer.json()["data"]["content"]).decode()

    assert (await taken(importing, kind)).splitlines()[0] == template.splitlines()[0]


async def test_a_list_is_written_portion_by_portion_and_is_whole(importing, world, monkeypatch):
    monkeypatch.setattr(portfolio_exports, "BUILDINGS", 3)
    monkeypatch.setattr(portfolio_exports, "ROWS", 3)
    await a_portfolio(importing, world, HOSTILE)

    for kind in PATHS:
        table = [one.kind for one in await importing.all(Property)] if kind == "properties" else None
        lines = read(await taken(importing, kind))
        assert len({tuple(line.items()) for line in lines}) == len(lines)
        assert table is None or len(lines) == len(table)
    assert len(read(await taken(importing, "people"))) == len(await importing.all(Person))
    assert len(read(await taken(importing, "contractors"))) == len(HOSTILE)
    assert len(read(await taken(importing, "units"))) == len(await importing.all(Unit))
    assert len(read(await taken(importing, "tenancies"))) == len(await importing.all(Tenancy))


async def test_no_portion_has_many_homes_however_large_the_blocks_are(importing, world, monkeypatch):
    monkeypatch.setattr(portfolio_exports, "HOMES", 4)
    portions = []
    of_properties = PortfolioLists.of_properties

    async def counted(self, kind, ids):
        portions.append(lines := await of_properties(self, kind, ids))
        return lines

    monkeypatch.setattr(PortfolioLists, "of_properties", counted)
    await a_portfolio(importing, world, HOSTILE)

    units = read(await taken(importing, "units"))

    assert len(units) == len(await importing.all(Unit))
    assert {len(lines) for lines in portions} <= {1, 2, 3, 4}


async def test_the_filters_of_the_list_hold(importing, world):
    await a_portfolio(importing, world, ["Elm Row", "Ash Grove", "Oak Lane"])

    houses = read(await taken(importing, "properties", kind="house"))
    found = read(await taken(importing, "tenancies", q="Oak Lane"))
    people = read(await taken(importing, "people", q="Ash Grove Senior"))
    firms = read(await taken(importing, "contractors", trade="gas_engineer"))

    assert [line["Address"] for line in houses] == ["Elm Row"]
    assert {line["Tenant 1 name"] for line in found} == {"Oak Lane Senior"}
    assert {line["Name"] for line in people} == {"Ash Grove Senior"}  # and nobody who lives with them
    assert {line["Name"] for line in firms} == {"Oak Lane & Sons"}


async def test_each_taking_stands_in_the_audit_log_without_what_was_sought(importing, world):
    await taken(importing, "people", q="Aisha Khan")

    async with world.owner.session(importing.desk.org_id) as session:
        (told,) = await session.scalars(select(AuditLog).where(AuditLog.action == "ListExported"))
    assert told.data == {"list": "people"}
    assert told.actor_id == importing.desk.staff.id


@pytest.mark.parametrize("role", [BuiltInRole.LANDLORD, BuiltInRole.TENANT, BuiltInRole.CONTRACTOR_ADMIN])
@pytest.mark.parametrize("kind", PATHS)
async def test_whoever_sees_a_part_only_takes_no_list_along(importing, world, kind, role):
    other = await world.staff(importing.desk.org_id, role)
    path, told = PATHS[kind]

    answer = await importing.desk.http.get(path, params=told, headers=await world.headers(other))

    assert answer.status_code == 403


async def test_a_team_takes_along_its_own_homes_and_nobody_elses(importing, world):
    org_id = importing.desk.org_id
    theirs = await world.home(org_id, address="1 Elm Row", tenant="Femi Adebayo")
    await world.looked_after(org_id, theirs, team="South")
    await world.home(org_id, address="2 Oak Lane", tenant="Aisha Khan")
    grants = dict.fromkeys(Permission, Scope.TEAM)
    await world.add(org_id, Role(org_id=org_id, name="Of a team", stored_grants=grants))
    headers = await world.headers(await world.staff(org_id, "Of a team"))

    answer = await importing.desk.http.get("/api/v1/properties/export", params={"told": "homes"}, headers=headers)

    assert [line["Tenant 1 name"] for line in read(answer.text)] == ["Aisha Khan"]


async def test_without_the_right_to_know_people_there_are_no_names(importing, world):
    org_id = importing.desk.org_id
    grants = {Permission.PROPERTIES_READ: Scope.ORG}
    await world.add(org_id, Role(org_id=org_id, name="Surveyor", stored_grants=grants))
    headers = await world.headers(await world.staff(org_id, "Surveyor"))

    for told, status in (("properties", 200), ("units", 200), ("homes", 403), ("tenancies", 403)):
        answer = await importing.desk.http.get("/api/v1/properties/export", params={"told": told}, headers=headers)
        assert answer.status_code == status, told


async def test_whoever_knows_people_of_a_part_only_takes_no_names_of_the_whole_along(importing, world):
    org_id = importing.desk.org_id
    narrow = {Permission.PEOPLE_READ: Scope.TEAM, Permission.TENANCIES_READ: Scope.TEAM}
    wide = dict.fromkeys((Permission.PROPERTIES_READ, Permission.CONTRACTORS_READ), Scope.ORG)
    await world.add(org_id, Role(org_id=org_id, name="Planner", stored_grants=wide | narrow))
    headers = await world.headers(await world.staff(org_id, "Planner"))

    answers = {}
    for kind, (path, told) in PATHS.items():
        answers[kind] = (await importing.desk.http.get(path, params=told, headers=headers)).status_code

    refused = dict.fromkeys(("homes", "tenancies", "contractors"), 403)
    assert answers == dict.fromkeys(("properties", "units", "people"), 200) | refused


@pytest.mark.parametrize("role", [*BuiltInRole, "Planner"])
async def test_everybody_is_told_beforehand_which_lists_they_get(importing, world, role):
    org_id = importing.desk.org_id
    grants = {"properties:read": "org", "people:read": "team", "tenancies:read": "team"}
    await world.add(org_id, Role(org_id=org_id, name="Planner", stored_grants=grants))
    headers = await world.headers(await world.staff(org_id, role))

    me = (await importing.desk.http.get("/api/v1/me", headers=headers)).json()["data"]

    answers = {
        kind: (await importing.desk.http.get(path, params=told, headers=headers)).status_code
        for kind, (path, told) in PATHS.items()
    }
    assert set(me["user"]["lists"]) == {kind for kind, status in answers.items() if status == 200}


async def test_another_organisations_rows_are_in_no_list(importing, world):
    elsewhere = await world.organisation("Elsewhere Homes")
    await world.home(elsewhere, tenant="Somebody Elsewhere")

    for kind in PATHS:
        assert read(await taken(importing, kind)) == []


async def test_an_id_of_another_organisation_in_a_file_is_nobody_here(importing, world):
    elsewhere = await world.organisation("Elsewhere Homes")
    home = await world.home(elsewhere, tenant="Somebody Elsewhere")
    text = f"Person reference,Name,Tenancy reference\n{home.tenant_id},Aisha Khan,{home.tenancy_id}\n"

    run = await importing.checked(text, "people")

    assert (run["created"], run["updated"], run["bad"]) == (0, 0, 1)


async def test_a_row_called_by_its_id_is_changed_and_keeps_no_reference(importing, world):
    home = await world.home(importing.desk.org_id, tenant="Aisha Khan", email="aisha@example.com")

    run = await importing.brought_in(f"Person reference,Name,Email\n{home.tenant_id},Aisha Malik,\n", "people")

    assert (run["created"], run["updated"], run["bad"]) == (0, 1, 0)
    (person,) = await importing.all(Person)
    assert (person.name, person.email, person.external_reference) == ("Aisha Malik", "aisha@example.com", None)


@pytest.mark.parametrize("kind", [kind for kind in ImportKind if kind is not ImportKind.TICKETS])
async def test_every_kind_that_comes_in_goes_out(kind):
    assert kind.value in PATHS
