"""Formulas that are typed through the API come out of each table that leaves over HTTP as words (ASVS 1.2.10)."""

import base64
import csv
import io
import json
import zipfile
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from tests.exporting import Exporting, exporting_at
from tests.importing import IMPORTS
from tests.trial import Trial
from tests.world import World

HOSTILE = [
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("https://evil.example","click")',
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "+44 7700 900123 ring",
    "＝1+1",  # noqa: RUF001  (spreadsheets read it, too)
    "\t=1+1",
    "\r\n=1+1",
    " =1+1",
    "'=1+1",
    "\ufeff=1+1",
]
STARTS = set("=+-@\t\r\n\0＝＋－＠")  # noqa: RUF001
DOCUMENT = json.loads((Path(__file__).parents[2] / "docs" / "openapi.json").read_text(encoding="utf-8"))


class Typing(Exporting):
    """An administrator who types formulas wherever words are asked for."""

    async def post(self, path: str, body: Any, method: str = "POST", **headers: str) -> Any:
        answer = await self.http.request(method, f"/api/v1{path}", json=body, headers=self.headers | headers)
        assert answer.status_code < 300, answer.text
        return answer.json()["data"]

    async def get(self, path: str, **params: Any) -> Any:
        answer = await self.http.get(f"/api/v1{path}", params=params, headers=self.headers)
        assert answer.status_code == 200, answer.text
        return answer.text if answer.headers["content-type"].startswith("text/csv") else answer.json()["data"]

    async def types(self) -> None:
        """A home, its tenant, a firm and a repair for each."""
        for number, words in enumerate(HOSTILE):
            address = {
                "addressLine": words,
                "town": words,
                "postcode": "LS6 1AA",
                "externalReference": f"{words} {number}",
            }
            home = await self.post("/properties", {"kind": "block", "homes": [words], "isAnother": True, **address})
            unit = home["units"][0]
            person = {"name": words, "email": f"{number}@example.com"}
            member = {"role": "lead", "person": person}
            await self.post("/tenancies", {"unitId": unit["id"], "startedOn": "2026-01-05", "members": [member]})
            firm = {"name": words, "trades": [], "areas": [], "contact": person | {"email": f"f{number}@example.com"}}
            await self.post("/contractors", firm)
            report = {"title": words, "description": words, "propertyId": home["id"], "unitId": unit["id"]}
            await self.post("/tickets", report)
            await self.post("/teams", {"name": f"{words} {number}", "leadId": None, "memberIds": []})

    async def tenant(self) -> str:
        found = (await self.get("/people", q="0@example.com"))["items"]
        return str(found[0]["id"])


@pytest.fixture
async def typing(trial: Trial, world: World) -> AsyncIterator[Typing]:
    async with exporting_at(trial, world) as exporting:
        exporting.__class__ = Typing
        yield exporting  # type: ignore[misc]


def cells(text: str) -> list[str]:
    rows = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    return [cell for row in rows for cell in row]


async def of_list(typing: Typing, path: str, **asked: str) -> list[str]:
    return cells(await typing.get(path, **asked))


async def of_properties(typing: Typing) -> list[str]:
    kinds = ("properties", "units", "homes", "tenancies")
    return [cell for kind in kinds for cell in await of_list(typing, "/properties/export", told=kind)]


async def of_people(typing: Typing) -> list[str]:
    return await of_list(typing, "/people/export")


async def of_contractors(typing: Typing) -> list[str]:
    return await of_list(typing, "/contractors/export")


async def of_the_log(typing: Typing) -> list[str]:
    return cells((await typing.get("/audit/export"))["content"])


async def of_problems(typing: Typing) -> list[str]:
    """No row has a postcode, so every row is given back."""
    file = io.StringIO(newline="")
    names = {"reference": "Home reference", "address_line": "Address", "town": "Town", "postcode": "Postcode"}
    csv.writer(file).writerows([[*names.values()], *([words] * len(names) for words in HOSTILE)])
    told = typing.headers | {"X-File-Name": "homes.csv"}
    answer = await typing.http.post(IMPORTS, params={"kind": "homes"}, content=file.getvalue().encode(), headers=told)
    sent = answer.json()["data"]
    columns = {field: [name] for field, name in names.items()}
    await typing.post(f"/portfolio/imports/{sent['id']}/mapping", {"columns": columns}, "PUT")
    await typing.work()
    return cells((await typing.get(f"/portfolio/imports/{sent['id']}/problems/export"))["content"])


async def of_a_copy(typing: Typing) -> list[str]:
    person_id = await typing.tenant()
    asked = {"personId": person_id, "kind": "access", "receivedOn": "2026-11-02"}
    for words in HOSTILE:
        await typing.post(
            f"/people/{person_id}/needs",
            {
                "kind": "hearing",
                "note": words,
                "consentedOn": "2026-01-05",
                "consentChannel": "phone",
                "consentWording": words,
            },
        )
    request = (await typing.post("/privacy/requests", asked))["items"][0]["id"]
    version = (await typing.get(f"/privacy/requests/{request}/review"))["version"]
    await typing.post(f"/privacy/requests/{request}/release", None, "PUT", **{"If-Match": f'"v{version}"'})
    content = base64.b64decode((await typing.get(f"/privacy/requests/{request}/archive"))["content"])
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return cells(packed.read("personal-data.csv").decode())


async def of_templates(typing: Typing) -> list[str]:
    kinds = [kind["kind"] for kind in (await typing.get("/portfolio/kinds"))["items"]]
    files = [await typing.get(f"/portfolio/kinds/{kind}/template") for kind in kinds]
    return [cell for file in files for cell in cells(base64.b64decode(file["content"]).decode())]


async def of_everything(typing: Typing) -> list[str]:
    made = await typing.made()
    with zipfile.ZipFile(io.BytesIO(await typing.fetched(made["id"]))) as packed:
        tables = [name for name in packed.namelist() if name.endswith(".csv")]
        return [cell for name in tables for cell in cells(packed.read(name).decode())]


TAKEN: dict[str, Callable[[Typing], Awaitable[list[str]]]] = {
    "exportProperties": of_properties,
    "exportPeople": of_people,
    "exportContractors": of_contractors,
    "exportAudit": of_the_log,
    "exportImportProblems": of_problems,
    "takeCopy": of_a_copy,
    "readImportTemplate": of_templates,
    "handOutExport": of_everything,
}
OUR_OWN_WORDS = {"readImportTemplate", "exportAudit"}
"""Nothing that somebody typed stands in them as a cell of its own."""


@pytest.mark.parametrize("operation", TAKEN)
async def test_what_was_typed_runs_in_no_table(typing, operation):
    await typing.types()

    found = await TAKEN[operation](typing)

    assert [cell for cell in found if cell.lstrip(" \u00a0\u200b\ufeff")[:1] in STARTS] == []
    guarded = {cell for cell in found if cell.startswith("'=")}
    assert guarded or operation in OUR_OWN_WORDS


def resolved(schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        schema = DOCUMENT["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def hands_out_a_file(operation: dict[str, Any]) -> bool:
    """Say whether an answer is a table, or names a file whose content or address it brings."""
    for answer in operation["responses"].values():
        for kind, content in answer.get("content", {}).items():
            if kind in {"text/csv", "application/zip"}:
                return True
            data = resolved(content.get("schema", {})).get("properties", {}).get("data", {})
            for shape in map(resolved, data.get("anyOf", [data])):
                fields = shape.get("properties", {}).keys()
                if "fileName" in fields and fields & {"content", "address"}:
                    return True
    return False


def operations() -> dict[str, dict[str, Any]]:
    return {
        one["operationId"]: one
        for methods in DOCUMENT["paths"].values()
        for one in methods.values()
        if isinstance(one, dict) and "operationId" in one
    }


def test_every_operation_that_hands_out_a_table_is_tried():
    assert {name for name, one in operations().items() if hands_out_a_file(one)} == TAKEN.keys()


def test_an_operation_that_speaks_of_csv_and_hands_none_out_takes_one_in():
    speaking = {name for name, one in operations().items() if "CSV" in json.dumps(one.get("description", ""))}

    assert speaking - TAKEN.keys() == set()


def test_a_table_that_nobody_tried_would_be_seen():
    csv_answer = {"responses": {"200": {"content": {"text/csv": {"schema": {"type": "string"}}}}}}

    assert hands_out_a_file(csv_answer)
    assert not hands_out_a_file({"responses": {"200": {"content": {"application/json": {"schema": {}}}}}})
