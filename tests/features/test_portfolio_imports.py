"""Bringing a portfolio in from a file: sent, read as somebody says, looked at row by row, written, and undone."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from maintainuk.domain.built_in_roles import BuiltInRole
from maintainuk.domain.landlords import Landlord, Portfolio
from maintainuk.domain.people import Person, Tenancy, TenancyMember
from maintainuk.domain.properties import Property, Unit
from tests.desk import Desk
from tests.importing import FLATS, HEADER, HOMES_ALONE, HOUSE, IMPORTS, TENANCIES_ALONE, Importing, importing_at
from tests.trial import Trial
from tests.world import World


@pytest.fixture
async def importing(trial: Trial, world: World) -> AsyncIterator[Importing]:
    async with importing_at(trial, world) as importing:
        yield importing


def counts(run: dict[str, Any]) -> tuple[str, int, int, int, int]:
    return run["status"], run["created"], run["updated"], run["alreadyThere"], run["bad"]


async def test_a_file_of_homes_is_looked_at_and_then_becomes_homes_tenancies_people_and_landlords(importing):
    run = await importing.checked(HEADER + HOUSE + FLATS)
    before = await importing.all(Property)

    await importing.call("POST", f"/{run['id']}/run", {"skipBad": False})
    await importing.work()

    assert counts(run) == ("checked", 3, 0, 0, 0)
    assert before == []
    done = await importing.call("GET", f"/{run['id']}")
    assert counts(done) == ("finished", 3, 0, 0, 0)
    properties = await importing.all(Property)
    assert [(one.kind, one.address_line, one.postcode, one.nation) for one in properties] == [
        ("house", "14 Kestrel Way", "LS6 3AB", "ENG"),
        ("block", "Kestrel Court", "LS6 3AD", "ENG"),
    ]
    units = await importing.all(Unit)
    assert [(one.label, one.external_reference, one.uprn) for one in units] == [
        ("", "HM-1", "10001234567"),
        ("Flat 1", "HM-2", None),
        ("Flat 2", "HM-3", None),
    ]
    people = {one.name: (one.email, one.phone) for one in await importing.all(Person)}
    assert people == {
        "Aisha Khan": ("aisha.khan@example.com", "+447700900123"),
        "Omar Khan": (None, None),
        "Tomasz Nowak": (None, "+447700900456"),
        "Grace Adeyemi": ("grace@example.com", None),
    }
    assert [str(one.started_on) for one in await importing.all(Tenancy)] == ["2024-09-01", "2024-10-01"]
    assert [one.is_lead for one in await importing.all(TenancyMember)] == [True, False, True]
    (landlord,) = await importing.all(Landlord)
    (portfolio,) = await importing.all(Portfolio)
    assert {one.portfolio_id for one in properties} == {portfolio.id}
    assert portfolio.landlord_id == landlord.id


async def test_the_same_file_again_changes_nothing_and_a_changed_row_says_so(importing):
    await importing.brought_in(HEADER + HOUSE + FLATS)

    again = await importing.brought_in(HEADER + HOUSE + FLATS)
    changed = await importing.brought_in(HEADER + HOUSE.replace("7700900123", "+44 7700 900999") + FLATS)

    assert counts(again) == ("finished", 0, 0, 3, 0)
    assert counts(changed) == ("finished", 0, 1, 2, 0)
    assert len(await importing.all(Person)) == 4
    assert "+447700900999" in {one.phone for one in await importing.all(Person)}


@pytest.mark.parametrize(
    ("started", "ended", "words"),
    [
        ("01/09/1800", "", "before 1900"),
        ("01/09/9998", "", "more than two years ahead"),
        ("01/09/2024", "01/09/2027", "has not come yet"),
    ],
)
async def test_a_file_lets_homes_on_days_that_somebody_may_mean(importing, started: str, ended: str, words: str):
    await importing.brought_in(HOMES_ALONE, kind="homes")
    header = "Reference,Home reference,Start date,End date,Tenant 1 name\n"

    ((_, _, reason),) = await importing.wrong(f"{header}T-9,HM-9,{started},{ended},Priya Patel\n", "tenancies")

    assert words in reason


async def test_a_tenancy_of_the_thirties_comes_in(importing):
    await importing.brought_in(HOMES_ALONE, kind="homes")

    await importing.brought_in(TENANCIES_ALONE.replace("2024", "1938"), kind="tenancies")

    assert [str(one.started_on) for one in await importing.all(Tenancy)] == ["1938-09-01"]


async def test_every_problem_of_every_row_is_told_in_words(importing):
    rows = (
        "HM-1,14 Kestrel Way,,,LS6 3XX9,1.00012E+11,T-1,31/02/2024,Aisha Khan,aisha at home,12,,,,\n"
        "HM-2,2 Elm Row,,Chester,CH1 4AB,,,,,,,,,,\n"
        "HM-3,3 Elm Row,,Leeds,LS6 1AB,,T-3,,Jo Bell,,,,,,\n"
        "HM-4,4 Elm Row,,Leeds,LS6 1AB,100012345678,,,,,,,,,\n"
        "HM-5,5 Elm Row,,Leeds,LS6 1AB,0100012345678,,,,,,,,,\n"
        "HM-4,6 Elm Row,,Leeds,LS6 1AB,,,,,,,,,,\n"
        "=A2,7 Elm Row,,Leeds,LS6 1AB,,,,,,,,,,\n"
    )

    run = await importing.checked(HEADER + rows)
    told = await importing.problems(run["id"])

    assert [(row, column) for row, column, _ in told] == [
        (2, "Town"),
        (2, "Postcode"),
        (2, "UPRN"),
        (2, "Tenancy start"),
        (2, "Tenant 1 email"),
        (2, "Tenant 1 phone"),
        (3, "Postcode"),
        (4, "Tenancy start"),
        (6, "UPRN"),
        (7, "Home reference"),
        (8, "Home reference"),
    ]
    reasons = [reason for _, _, reason in told]
    assert reasons[2].startswith("The spreadsheet has shortened this number")
    assert reasons[6].startswith("This postcode lies near a border.")
    assert reasons[8] == "Row 5 has the same UPRN."
    assert reasons[9] == "Row 5 has the same reference and says something else. Give each its own."
    assert (run["bad"], run["created"]) == (6, 1)


async def test_northern_ireland_is_called_by_its_name(importing):
    told = await importing.wrong(
        "Home reference,Address,Town,Postcode,Nation,Tenancy start,Tenancy type,Tenant 1 name\n"
        "HM-1,14 Kestrel Way,Belfast,BT7 1AA,Ulster,01/09/2024,Handshake,Aisha Khan\n"
    )

    reasons = {column: reason for _, column, reason in told}
    assert "Northern Ireland" in reasons["Nation"]
    assert "Private NI" in reasons["Tenancy type"]


async def test_problems_are_taken_along_beside_their_rows_and_run_nothing(importing):
    run = await importing.checked(HEADER + "HM-1,=cmd|' /C calc'!A0,,Leeds,nowhere,,,,,,,,,,\n")

    exported = await importing.call("GET", f"/{run['id']}/problems/export")

    lines = exported["content"].splitlines()
    assert exported["fileName"] == "homes-problems.csv"
    assert lines[0].startswith("\ufeffRow,Column,What is wrong,Home reference")
    assert len(lines) == 2
    assert ",'=cmd|" in lines[1]


async def test_a_tenancy_that_is_in_the_way_is_named(importing):
    await importing.brought_in(HEADER + HOUSE)

    told = await importing.wrong(HEADER + HOUSE.replace("T-1", "T-9").replace("01/09/2024", "13/05/2025"))

    assert told == [
        (
            2,
            "Tenancy start",
            "Tenancy T-1 of this home began on 1 September 2024 and has not ended. Note its end first.",
        )
    ]


async def test_a_uprn_that_something_elsewhere_has_is_told_with_its_address(importing):
    block = Property(
        org_id=importing.desk.org_id,
        kind="block",
        address_line="Wharf House",
        town="Leeds",
        postcode="LS9 8BB",
        nation="ENG",
        uprn="72300",
    )
    unit = Unit(org_id=block.org_id, property_id=block.id, label="1", uprn="72301")
    await importing.desk.world.add(block.org_id, block, unit)
    homes = "Home reference,Address,Town,Postcode,UPRN\nHM-1,1 Elm Row,Leeds,LS6 1AB,{}\n"
    houses = homes.replace("Home", "Property")

    told = [
        await importing.wrong(file.format(uprn), kind)
        for file, kind in ((homes, "homes"), (houses, "properties"))
        for uprn in ("72300", "72301")
    ]

    assert told == 2 * [
        [(2, "UPRN", "Wharf House has this UPRN already.")],
        [(2, "UPRN", "1, Wharf House has this UPRN already.")],
    ]


async def test_bad_rows_keep_all_out_until_somebody_says_to_leave_them(importing):
    run = await importing.checked(HEADER + HOUSE + HOUSE.replace("HM-1", "HM-2").replace("ls63ab", "??"))

    refused = await importing.desk.http.post(
        f"{IMPORTS}/{run['id']}/run", json={"skipBad": False}, headers=importing.desk.headers
    )
    await importing.call("POST", f"/{run['id']}/run", {"skipBad": True})
    await importing.work()

    assert refused.status_code == 409
    assert counts(await importing.call("GET", f"/{run['id']}")) == ("finished", 1, 0, 0, 1)


async def test_each_kind_comes_in_after_what_it_refers_to(importing):
    await importing.brought_in(
        "Property reference,House or block,Address,Town,Postcode\nB-1,Block,Kestrel Court,Leeds,LS6 3AD\n", "properties"
    )
    await importing.brought_in("Home reference,Property reference,Flat\nHM-1,B-1,1\n", "units")
    await importing.brought_in(
        "Tenancy reference,Home reference,Tenancy start,Tenant 1 name\nT-1,HM-1,01/09/2024,Aisha Khan\n", "tenancies"
    )
    await importing.brought_in(
        "Person reference,Name,Mobile,Tenancy reference,Role\nP-1,Zara Khan,07700 900111,T-1,Child\n", "people"
    )
    last = await importing.brought_in(
        "Contractor reference,Name,Trades,Areas,Contact name\nC-1,Pennine Heating,gas; plumbing,LS;bd3,Marek\n",
        "contractors",
    )

    assert counts(last) == ("finished", 1, 0, 0, 0)
    members = await importing.all(TenancyMember)
    assert [(one.is_lead, one.is_tenant) for one in members] == [(True, True), (False, False)]
    assert await importing.wrong("Home reference,Property reference,Flat\nHM-2,B-7,1\n", "units") == [
        (2, "Property reference", "No property has this reference. Bring in the properties first.")
    ]


async def test_what_columns_told_is_remembered_for_the_next_file_like_it(importing):
    odd = HEADER.replace("Home reference", "Our code")
    file = await importing.sent(odd + HOUSE)
    columns = file["guesses"] | {"reference": ["Our code"]}
    await importing.call("PUT", f"/{file['id']}/mapping", {"columns": columns})

    again = await importing.sent(odd + FLATS)

    assert "reference" not in file["guesses"]
    assert again["isRemembered"]
    assert again["guesses"]["reference"] == ["Our code"]


async def test_a_column_that_was_left_out_on_purpose_is_not_guessed_the_next_time(importing):
    file = await importing.sent(HEADER + HOUSE)
    told = {name: columns for name, columns in file["guesses"].items() if name != "uprn"}
    await importing.call("PUT", f"/{file['id']}/mapping", {"columns": told})

    again = await importing.sent(HEADER + FLATS)

    assert "uprn" in file["guesses"]
    assert (again["isRemembered"], again["guesses"]) == (True, told)


async def test_the_first_good_rows_are_shown_as_they_will_be_written(importing):
    header = "Ref,Address,Town,Postcode,Tenure,Tenancy start,Tenant 1 name,Tenant 1 phone\n"
    bad = "HM-0,1 Elm Row,Leeds,LS99 9ZZZ,,,,\n"
    good = "".join(f"HM-{n},{n} Elm Row,leeds,ls63ab,private,01/09/2024,Aisha Khan,7700900123\n" for n in range(1, 6))

    run = await importing.checked(header + bad + good)

    assert (await importing.sent(header + good))["understood"] == []
    shown = (await importing.call("GET", f"/{run['id']}/file"))["understood"]
    assert [one["row"] for one in shown] == [3, 4, 5]
    assert {told["field"]: told["written"] for told in shown[0]["told"]} == {
        "reference": "HM-1",
        "address_line": "1 Elm Row",
        "town": "leeds",
        "postcode": "LS6 3AB",
        "nation": "England",
        "tenure": "Private rent",
        "started_on": "1 September 2024",
        "tenant_1_name": "Aisha Khan",
        "tenant_1_phone": "07700 900123",
    }


async def test_a_problem_says_what_stands_in_the_cell_as_long_as_the_file_is_kept(importing):
    row = "HM-2,2 Elm Row,Leeds,LS6 3AB,,31/02/2024,Aisha Khan,soon\n"
    header = "Ref,Address,Town,Postcode,Tenure,Tenancy start,Tenant 1 name,Tenant 1 phone\n"
    run = await importing.checked(header + "HM-1,1 Elm Row,Leeds,LS6 3AB,,,,\n" + row)

    before = (await importing.call("GET", f"/{run['id']}/problems"))["items"]
    await importing.call("POST", f"/{run['id']}/cancel")
    after = (await importing.call("GET", f"/{run['id']}/problems"))["items"]

    assert [(one["row"], one["column"], one["written"]) for one in before] == [
        (3, "Tenancy start", "31/02/2024"),
        (3, "Tenant 1 phone", "soon"),
    ]
    assert {one["written"] for one in after} == {None}


async def test_columns_that_the_remembered_file_did_not_have_are_guessed(importing):
    odd = "Our code,Address,Town,Postcode,Tenancy reference,Tenancy start,Tenant 1 name\n"
    row = "HM-1,14 Kestrel Way,Leeds,LS6 3AB,T-1,01/09/2024,Aisha Khan"
    file = await importing.sent(f"{odd}{row}\n")
    said = file["guesses"] | {"reference": ["Our code"]}
    await importing.call("PUT", f"/{file['id']}/mapping", {"columns": said})

    more = odd.replace("\n", ",Home reference,UPRN,Tenancy end,Tenant 1 phone\n")
    again = await importing.sent(f"{more}{row},H/1,10001234567,31/08/2025,07700 900123\n")

    assert again["isRemembered"]
    assert again["guesses"] == said | {
        "uprn": ["UPRN"],
        "ended_on": ["Tenancy end"],
        "tenant_1_phone": ["Tenant 1 phone"],
    }


async def test_a_file_waits_sealed_and_nobody_reads_it_once_the_import_has_ended(importing):
    run = await importing.checked(HEADER + HOUSE)
    files = importing.desk.trial.services.files
    kept = [await files.get(one.path) async for one in files.below("imports")]

    await importing.call("POST", f"/{run['id']}/run", {"skipBad": False})
    await importing.work()

    assert len(kept) == 2
    assert not any(b"Khan" in content or b"Kestrel" in content for content in kept)
    gone = await importing.desk.http.get(f"{IMPORTS}/{run['id']}/file", headers=importing.desk.headers)
    assert gone.status_code == 422
    assert "no longer kept" in gone.json()["error"]["message"]


async def test_an_import_is_stopped_where_it_stands(importing):
    run = await importing.checked(HEADER + HOUSE)
    await importing.call("POST", f"/{run['id']}/run", {"skipBad": False})

    stopped = await importing.call("POST", f"/{run['id']}/cancel")
    await importing.work()

    assert stopped["status"] == "cancelled"
    assert await importing.all(Unit) == []


async def test_another_organisation_finds_no_such_import(importing, foreign_desk: Desk):
    run = await importing.checked(HEADER + HOUSE)

    answer = await foreign_desk.http.get(f"{IMPORTS}/{run['id']}", headers=foreign_desk.headers)

    assert answer.status_code == 404


async def test_whoever_may_not_write_the_whole_portfolio_brings_none_in(importing):
    finance = await importing.desk.beside(BuiltInRole.FINANCE)

    answer = await finance.http.get(IMPORTS, headers=finance.headers)

    assert answer.status_code == 403


async def test_rows_that_leave_unlike_cells_empty_are_written_together(importing):
    emails = ["aisha@example.com", ""] * 10
    homes = [
        f"HM-{n},{n} Kestrel Way,,Leeds,LS6 3AB,,T-{n},2024-10-01,Aisha Khan {n},{email},,,,,\n"
        for n, email in enumerate(emails)
    ]
    run = await importing.checked(HEADER + "".join(homes))
    await importing.call("POST", f"/{run['id']}/run", {"skipBad": False})
    asked: list[str] = []

    def note(*said: Any) -> None:
        asked.append(said[2])

    event.listen(Engine, "before_cursor_execute", note)
    try:
        await importing.work()
    finally:
        event.remove(Engine, "before_cursor_execute", note)

    portions = len(homes) // 2
    assert len([one for one in asked if one.startswith("INSERT INTO app.tenancies ")]) == portions
    assert len([one for one in asked if one.startswith("INSERT INTO app.people ")]) == portions
