"""Bringing tickets in from a file: sent, read as somebody says, checked row by row, and only then written."""

from typing import Any
from uuid import UUID

import httpx
import pytest

from maintainuk.domain.import_files import file_of
from maintainuk.domain.imports import ImportRun, Plan
from maintainuk.domain.tickets import MaintenanceTicket
from tests.desk import Desk

IMPORTS = "/api/v1/imports"
HEADER = "Ref,Description,Address,Postcode,Flat,Priority,Status,Reported,Tenant,Email,Mobile\n"
GOOD = "R-1,Tap drips.,14 Ash Grove,LS6 1AA,,urgent,open,03/02/2025,Aisha Khan,aisha.khan@example.com,7700900123\n"
UNKNOWN = 'R-2,"Window cracked,\nin two places",9 Nowhere Street,BS1 4QA,2,low,done,2025-02-04,Jo Bell,,\n'
BAD = "R-3,Door sticks.,2 Elm Row,LS6 1AB,,urgent,open,31/02/2025,,,\n"


async def send(desk: Desk, content: str | bytes) -> httpx.Response:
    told = desk.headers | {"Content-Type": "text/csv", "X-File-Name": "repairs%20%C3%A9.csv"}
    body = content.encode() if isinstance(content, str) else content
    return await desk.http.post(IMPORTS, content=body, headers=told)


async def uploaded(desk: Desk, content: str | bytes) -> dict[str, Any]:
    answer = await send(desk, content)
    assert answer.status_code == 201, answer.text
    return answer.json()["data"]


async def check(desk: Desk, file: dict[str, Any], **changes: Any) -> httpx.Response:
    plan = {"columns": file["guesses"]} | changes
    return await desk.http.put(f"{IMPORTS}/{file['id']}/mapping", json=plan, headers=desk.headers)


async def previewed(desk: Desk, content: str | bytes, **changes: Any) -> dict[str, Any]:
    answer = await check(desk, await uploaded(desk, content), **changes)
    assert answer.status_code == 200, answer.text
    return answer.json()["data"]


async def start(desk: Desk, import_id: str, *, skip_bad: bool = False) -> httpx.Response:
    return await desk.http.post(f"{IMPORTS}/{import_id}/run", json={"skipBad": skip_bad}, headers=desk.headers)


async def refused(desk: Desk, content: str | bytes) -> str:
    answer = await send(desk, content)
    assert answer.status_code == 422, answer.text
    assert await desk.world.count(desk.org_id, ImportRun) == 0
    assert [file async for file in desk.trial.services.files.below("imports")] == []
    return answer.json()["error"]["message"]


async def test_a_file_is_shown_with_what_its_columns_most_probably_tell(desk: Desk):
    file = await uploaded(desk, HEADER + GOOD)

    assert file["fileName"] == "repairs é.csv"
    assert file["guesses"] == {
        "external_reference": ["Ref"],
        "description": ["Description"],
        "address": ["Address"],
        "postcode": ["Postcode"],
        "flat": ["Flat"],
        "priority": ["Priority"],
        "status": ["Status"],
        "reported_at": ["Reported"],
        "reporter_name": ["Tenant"],
        "reporter_email": ["Email"],
        "reporter_phone": ["Mobile"],
    }
    assert file["sample"][0][:2] == ["R-1", "Tap drips."]


async def test_a_file_and_how_it_was_checked_are_there_again_after_a_reload(desk: Desk, foreign_desk: Desk):
    file = await uploaded(desk, HEADER + GOOD)
    path = f"{IMPORTS}/{file['id']}/file"

    at_first = (await desk.http.get(path, headers=desk.headers)).json()["data"]
    columns = {"title": ["Description"], "address": ["Address", "Postcode"]}
    await check(desk, file, columns=columns, words={"status": {"open": "closed"}}, order="month_first")
    later = (await desk.http.get(path, headers=desk.headers)).json()["data"]

    assert at_first == file
    assert file["plan"] is None
    assert later == file | {
        "plan": {"columns": columns, "words": {"status": {"open": "closed"}}, "order": "month_first"}
    }
    assert (await desk.http.get(path, headers=foreign_desk.headers)).status_code == 404


@pytest.mark.parametrize(
    ("above", "row"),
    [
        ("Repairs export 2026-11-01\n\n", 3),
        ("Repairs export 2026-11-01,,,,,,,,,,\n,,,,,,,,,,\n", 3),
        ("Brightwell Lettings\nExported by,Priya Raman\nOn,01/11/2026\n\n", 5),
        ('"Repairs\nall of them"\n', 2),
        ("", 1),
    ],
)
async def test_titles_above_the_names_of_the_columns_are_left_out_and_told(desk: Desk, above: str, row: int):
    file = await uploaded(desk, above + HEADER + GOOD + UNKNOWN)
    preview = (await check(desk, file)).json()["data"]

    assert (file["headerRow"], file["columns"][:2]) == (row, ["Ref", "Description"])
    assert [ticket["row"] for ticket in preview["sample"]] == [row + 1, row + 2]


async def test_names_nobody_knows_are_found_below_a_title_too(desk: Desk):
    file = await uploaded(desk, "Export\n\nWat,Waar\nTap drips,1 Elm Row\n")

    assert (file["headerRow"], file["columns"]) == (3, ["Wat", "Waar"])


async def test_a_row_of_words_that_are_also_names_is_no_header(desk: Desk):
    file = await uploaded(desk, "Melding,Soort,Wie\nTap drips,flat,tenant\nDoor sticks,property,contact\n")

    assert (file["headerRow"], file["columns"]) == (1, ["Melding", "Soort", "Wie"])


async def test_a_preview_says_what_a_file_would_become_and_writes_nothing(desk: Desk):
    preview = await previewed(desk, HEADER + GOOD + "\n" + UNKNOWN + BAD)

    assert {name: preview[name] for name in ("rows", "good", "bad", "new", "homeUnknown")} == {
        "rows": 3,
        "good": 2,
        "bad": 1,
        "new": 2,
        "homeUnknown": 1,
    }
    assert preview["badRows"] == [
        {
            "row": 5,
            "column": "Reported",
            "code": "date-unreadable",
            "reason": "No date that can be read. Write 31/12/2025 or 2025-12-31.",
        }
    ]
    assert {(word["word"], word["meaning"]) for word in preview["words"]} == {
        ("urgent", "P2"),
        ("low", "P4"),
        ("open", "new"),
        ("done", "closed"),
    }
    assert await desk.world.count(desk.org_id, MaintenanceTicket) == 0
    assert await desk.world.promised(desk.org_id) == []


async def test_one_bad_row_keeps_all_out_unless_bad_rows_are_left_out(desk: Desk):
    preview = await previewed(desk, HEADER + GOOD + BAD)

    all_or_nothing = await start(desk, preview["id"])
    assert all_or_nothing.status_code == 409
    assert all_or_nothing.json()["error"]["code"] == "import-has-bad-rows"
    assert await desk.world.promised(desk.org_id) == []

    skipping = await start(desk, preview["id"], skip_bad=True)
    again = await start(desk, preview["id"], skip_bad=True)
    assert (skipping.status_code, again.status_code) == (202, 202)
    assert await desk.world.promised(desk.org_id) == ["import-tickets"]


async def test_american_names_and_classes_are_understood_as_suggestions(desk: Desk):
    american = (
        "ViolationID,Borough,HouseNumber,StreetName,Apartment,Zip,Class,InspectionDate,NOVDescription\n"
        "77,BRONX,12,Example Avenue,3L,10451,C,10/15/2013,ABATE THE NUISANCE\n"
        "78,BRONX,12,Example Avenue,,10451,A,10/08/2013,PAINT THE WALL\n"
    )

    preview = await previewed(desk, american)

    assert preview["order"] == "month_first"
    first, second = preview["sample"]
    assert first["address"] == "Flat 3L, 12 Example Avenue, BRONX, 10451"
    assert (first["priority"], second["priority"]) == ("P1", "P3")
    assert second["reportedAt"] == "2013-10-07T23:00:00Z"
    assert ("C", "P1") in {(word["word"], word["meaning"]) for word in preview["words"]}


async def test_a_person_says_what_an_unknown_word_means(desk: Desk):
    content = "Description,Address,Priority\nTap drips.,1 Elm Row,Whenever\n"

    unknown = await previewed(desk, content)
    known = await previewed(desk, content, words={"priority": {"Whenever": "P4"}})

    assert [(row["column"], row["code"]) for row in unknown["badRows"]] == [("Priority", "word-unknown")]
    assert unknown["words"] == [{"field": "priority", "word": "Whenever", "meaning": None, "rows": 1}]
    assert known["sample"][0]["priority"] == "P4"


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        ("1.23E+11,Tap,1 Elm Row,,", "Ref", "number-shortened"),
        ("1.23e+11,Tap,1 Elm Row,,", "Ref", "number-shortened"),
        ('"1,23E+11",Tap,1 Elm Row,,', "Ref", "number-shortened"),
        ("R,Tap,1 Elm Row,,,7.7009E+09", "Mobile", "number-shortened"),
        ("R,Tap,03-Apr,,", "Address", "number-made-a-date"),
        ("Dec-14,Tap,1 Elm Row,,", "Ref", "number-made-a-date"),
        ("R,=A2,1 Elm Row,,", "Description", "formula"),
        ('R,Tap,"=CONCAT(A2,B2)",,', "Address", "formula"),
        ("R,#NAME?,1 Elm Row,,", "Description", "excel-error"),
        ("R,Tap,1 Elm Row,,########", "Reported", "excel-error"),
        ("R,Tap,1 Elm Row,,01/01/2199", "Reported", "date-in-the-future"),
        ("R,Tap,1 Elm Row,,soon", "Reported", "date-unreadable"),
        ("R,Tap,1 Elm Row,nobody,", "Email", "e-mail-unreadable"),
        ("R,,1 Elm Row,,", "Description", "words-missing"),
        ("R,Tap,,,", "Address", "address-missing"),
        ("R,Tap,1 Elm Row,,,,,stray", None, "too-many-cells"),
        (f"R,{'x' * 20_001},1 Elm Row,,", "Description", "cell-too-long"),
        (f"R,{'x' * 200_000},1 Elm Row,,", "Description", "cell-too-long"),
        (f'R,"{"x y" * 100_000}",1 Elm Row,,', "Description", "cell-too-long"),
    ],
)
async def test_a_bad_row_says_where_and_why(desk: Desk, row: str, column: str | None, code: str):
    preview = await previewed(desk, f"Ref,Description,Address,Email,Reported,Mobile\n{row}\n")

    assert [(bad["row"], bad["column"], bad["code"]) for bad in preview["badRows"]] == [(2, column, code)]


async def test_half_a_file_is_told_by_the_row_where_its_quotation_began(desk: Desk):
    rows = "".join(f"Tap,{number} Elm Row\n" for number in range(2, 32))
    half = await check(desk, await uploaded(desk, f'Description,Address\n{rows}"Window,2 Elm Row\nDoor,'))

    assert half.status_code == 422
    assert "row 32" in half.json()["error"]["message"]


async def test_dates_that_may_mean_two_days_are_bad_when_a_file_mixes_both_ways(desk: Desk):
    header = "Description,Address,Reported\n"
    rows = [f"Tap,{number} Elm Row,{date}\n" for number, date in enumerate(("13/02/2025", "02/13/2025", "03/04/2025"))]

    mixed = await previewed(desk, header + "".join(rows))
    decided = await previewed(desk, header + "".join(rows), order="day_first")

    assert [(bad["row"], bad["code"]) for bad in mixed["badRows"]] == [(4, "date-ambiguous")]
    assert decided["bad"] == 0


async def test_a_reference_used_again_for_something_else_is_a_bad_row_and_a_row_said_twice_is_told(desk: Desk):
    content = (
        "Ref,Description,Address\nR-1,Tap,1 Elm Row\nR-2,Door,2 Elm Row\nR-1,Boiler,1 Elm Row\nR-2,Door,2 Elm Row\n"
    )

    preview = await previewed(desk, content)

    counted = {name: preview[name] for name in ("rows", "new", "alreadyThere", "repeated", "bad")}
    assert counted == {"rows": 4, "new": 2, "alreadyThere": 0, "repeated": 1, "bad": 1}
    (bad,) = preview["badRows"]
    assert (bad["row"], bad["column"], bad["code"]) == (4, "Ref", "reference-again")
    assert "row 2" in bad["reason"]


async def test_a_row_without_a_reference_that_says_the_same_with_other_details_is_bad(desk: Desk):
    content = "Description,Address,Status\nTap,1 Elm Row,open\nTap,1 Elm Row,closed\nTap,1 Elm Row,open\n"

    preview = await previewed(desk, content)

    assert (preview["new"], preview["repeated"]) == (1, 1)
    assert [(bad["row"], bad["column"], bad["code"]) for bad in preview["badRows"]] == [(3, None, "words-again")]


@pytest.mark.parametrize(
    ("dates", "order", "undecided"),
    [
        (("10/07/2013", "10/09/2013"), "day_first", ["10/07/2013", "2013-07-10", "2013-10-07"]),
        (("10/07/2013", "10/15/2013"), "month_first", None),
        (("10/07/2013", "15/10/2013"), "day_first", None),
        (("10/10/2013", "2013-07-10"), "day_first", None),
    ],
)
async def test_dates_of_which_no_row_shows_the_order_are_told(desk: Desk, dates, order, undecided):
    rows = "".join(f"Tap,{number} Elm Row,{date}\n" for number, date in enumerate(dates))

    preview = await previewed(desk, "Description,Address,Reported\n" + rows)

    assert preview["order"] == order
    assert (preview["undecidedDate"] and list(preview["undecidedDate"].values())) == undecided


async def test_a_person_says_which_number_of_a_date_is_the_day_and_sees_the_date(desk: Desk):
    content = "Description,Address,Reported\nTap,1 Elm Row,10/07/2013\n"

    preview = await previewed(desk, content, order="month_first")

    assert preview["sample"][0]["reportedAt"] == "2013-10-06T23:00:00Z"
    assert preview["undecidedDate"]["written"] == "10/07/2013"


async def test_columns_of_the_same_name_stay_apart(desk: Desk):
    file = await uploaded(desk, "Description,Notes,Notes,\nTap,a,b,c\n")

    assert file["columns"] == ["Description", "Notes", "Notes (2)"]


async def test_a_plan_that_makes_no_tickets_is_refused(desk: Desk):
    file = await uploaded(desk, HEADER + GOOD)

    for columns, field in (
        ({"address": ["Address"]}, "columns"),
        ({"description": ["Description"]}, "columns"),
        ({"description": ["Elsewhere"], "address": ["Address"]}, "columns"),
        ({"description": ["Ref", "Description"], "address": ["Address"]}, "columns"),
    ):
        answer = await check(desk, file, columns=columns)
        assert answer.status_code == 422
        assert field in answer.json()["error"]["fields"]


async def test_a_file_that_is_too_large_or_too_long_is_refused(desk: Desk):
    too_large = await send(desk, b"a" * (20 * 1024 * 1024 + 1))
    file = await uploaded(desk, "Description,Address\n" + "Tap,1 Elm Row\n" * 50_001)
    too_long = await check(desk, file)

    assert too_large.status_code == 413
    assert "50,000 rows" in too_long.json()["error"]["message"]


async def test_a_file_that_is_no_longer_kept_is_asked_for_again(desk: Desk):
    file = await uploaded(desk, HEADER + GOOD)
    await desk.trial.services.files.delete(file_of(desk.org_id, UUID(file["id"])))

    answer = await check(desk, file)

    assert answer.status_code == 422
    assert "Upload it again" in answer.json()["error"]["message"]


def test_a_plan_survives_being_kept():
    plan = Plan.of({"columns": {"title": ["A"]}, "words": {}, "order": None})

    assert Plan.of(plan.kept()) == plan
