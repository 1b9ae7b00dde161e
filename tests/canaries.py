"""Made-up people whose every name, address and note is a word that stands nowhere else, and where to look for them."""

import base64
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import text

from maintainuk.infrastructure.database.engine import Database
from tests.desk import Desk
from tests.portal import phone_at


class Flock:
    """Puts canaries through the inputs of the API, and remembers every one."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.sung: list[str] = []

    def name(self) -> str:
        return self._new("".join(chr(ord("a") + int(digit, 16)) for digit in uuid4().hex[:14]).capitalize())

    def email(self) -> str:
        return f"{self._new(f'c{uuid4().hex[:14]}')}@example.com"

    def phone(self) -> str:
        number = f"0740{uuid4().int % 10**7:07d}"  # of other beginnings a few in a thousand are nobody's
        self.sung.append(number[1:])
        return number

    def note(self) -> str:
        return f"The key is with {self._new(f'zq{uuid4().hex[:14]}')}."

    async def person(self) -> str:
        """Write somebody down with a need and an answer: five canaries, and return their id."""
        person = {"name": f"{self.name()} {self.name()}", "email": self.email(), "phone": self.phone()}
        person_id = (await self._post("/people", person))["id"]
        need = {"kind": "hearing", "consentedOn": "2026-01-05", "consentChannel": "phone", "consentWording": "May we?"}
        await self._post(f"/people/{person_id}/needs", need | {"note": self.note(), "instruction": self.note()})
        said = {"way": "sms", "purpose": "news", "isGiven": False, "toldBy": "phone", "toldOn": "2026-01-05"}
        await self._post(f"/people/{person_id}/consents", said | {"note": self.note()})
        return str(person_id)

    async def everything_else(self, person_id: str) -> None:
        """Whatever else takes something personal: refusals and repetitions as well as what succeeds."""
        asked = {"personId": person_id, "kind": "access", "receivedOn": "2026-01-05"}
        (request,) = (await self._post("/privacy/requests", asked))["items"]
        url = f"/privacy/requests/{request['id']}"
        await self._put(f"{url}/extension", {"because": self.note()}, request["version"])
        await self._put(f"{url}/review", {"words": [self.note()], "leftOut": []}, request["version"] + 1)
        await self._post("/privacy/holds", {"kind": "person", "subjectId": person_id, "reason": self.note()})
        await self._put("/privacy/retention/needs", {"months": 6, "because": self.note()}, 0)
        place = {"propertyId": str(self.desk.home.property_id), "startsOn": "2026-01-05"}
        await self._post("/hints", place | {"kind": "key_safe", "text": self.note()})
        firm = {"name": "Aire Valley Heating", "trades": ["gas_engineer"], "areas": ["LS"]}
        contact = {"name": self.name(), "email": self.email(), "phone": self.phone()}
        firm_id = (await self._post("/contractors", firm | {"contact": contact}))["id"]
        worker = {"name": self.name(), "phone": self.phone()}
        await self._post(f"/contractors/{firm_id}/operatives", {"person": worker, "card": self.note()[:60]})
        await self._post("/landlords", {"person": {"name": self.name(), "email": self.email()}})
        await self._asks("POST", "/people", {"name": self.name(), "email": "no address", "phone": self.phone()})
        await self._asks("POST", "/people", {"name": self.name(), "emial": self.email()})
        await self._asks("GET", f"/people?q={self.name()}")
        await self._asks("GET", f"/search?q={self.email()}")
        for path in ("login", "password-reset"):
            stranger = {"email": self.email(), "password": self.note()}
            await self.desk.http.post(f"/auth/{path}", json=stranger)
        phone = await phone_at(self.desk)
        ways = {"name": self.name(), "email": self.email(), "phone": self.phone()}
        sent = await phone.report(description="The tap drips.", contact=ways, access={"notes": self.note()})
        assert sent.status_code == 201, sent.text
        page = phone.with_token(sent.json()["data"]["statusToken"])
        await page.post("/contact", {"phone": self.phone(), "email": self.email()})

    def _new(self, word: str) -> str:
        self.sung.append(word)
        return word

    async def _asks(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        sent = {"json": body} if body is not None else {}
        return await self.desk.http.request(method, f"/api/v1{path}", headers=self.desk.headers | headers, **sent)

    async def _post(self, path: str, body: Any) -> Any:
        answer = await self._asks("POST", path, body, **{"Idempotency-Key": str(uuid4())})
        assert answer.status_code == 201, (path, answer.text)
        return answer.json()["data"]

    async def _put(self, path: str, body: Any, version: int) -> Any:
        answer = await self._asks("PUT", path, body, **{"If-Match": f'"v{version}"'})
        assert answer.status_code == 200, (path, answer.text)
        return answer.json()["data"]


async def in_database(owner: Database, org_id: UUID) -> str:
    """Everything the database holds, the rows of the organisation and those of the installation, as a dump would."""
    told: list[str] = []
    async with owner.session(org_id) as session:
        tables = await session.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'app' ORDER BY 1"))
        for table in tables.all():
            told += (await session.scalars(text(f"SELECT '{table} ' || to_jsonb(t)::text FROM app.{table} t"))).all()
    return "\n".join(told)


def heard(sung: Iterable[str], place: str) -> Iterator[str]:
    """The canaries that stand in a text, in clear or in a form that anybody reads: hex, Base64."""
    lower = place.lower()
    for canary in sung:
        hexed = canary.encode().hex()
        coded = base64.b64encode(canary.encode()).decode()[:-4]
        if canary.lower() in lower or hexed in lower or coded in place:
            yield canary
