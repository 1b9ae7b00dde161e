"""How long a search over everything takes, as somebody in a large organisation feels it.

Method: 500,000 people and 500,000 homes in one organisation, each person living in one, with ordinary streets and names
of every background. One client, warm, over HTTP through every layer of the API: 30 questions (names, beginnings of
names, addresses, postcodes, e-mail addresses, phone numbers, references), each asked five times; what counts of each is
the median, and the figure is the 95th percentile of these. `--short` takes a tenth of the people and homes.
"""

import asyncio
import os
import statistics
import sys
import time
from argparse import ArgumentParser

import asyncpg
import httpx

from bench._estate import FORENAMES, PLACES, STREETS, SURNAMES, TOWNS, add_people, add_staff, any_of
from bench._promised import Promised, load
from bench._served import free_port
from bench.tickets import client_of, serving, sign_in
from maintainuk.infrastructure.database.engine import Database, engine_for
from maintainuk.infrastructure.database.migrate import migrate
from maintainuk.infrastructure.embedded.scratch import scratch_services
from maintainuk.settings import Settings

EVERYBODY = 500_000
TIMES = 5
P95 = 100.0

LIVED_IN = (
    """INSERT INTO app.tenancies (org_id, id, unit_id, started_on)
       SELECT org_id, uuidv7(), id, current_date - 400 FROM app.units""",
    """INSERT INTO app.tenancy_members (org_id, id, tenancy_id, person_id, is_lead)
       SELECT t.org_id, uuidv7(), t.id, p.id, true
       FROM (SELECT org_id, id, row_number() OVER (ORDER BY id) n FROM app.tenancies) t
       JOIN (SELECT id, row_number() OVER (ORDER BY id) n FROM app.people) p USING (n)""",
)
QUESTIONS = (
    "khan", "aisha khan", "zofia now", "chidi", "sin", "baptiste elif", "o'brien", "nia", "rhys jones", "yil",
    "ash grove", "7 mill lane", "quarry bank leeds", "LS6", "LS6 1", "LS28 9AB", "12345 park view", "canal halifax",
    "victoria terrace edinburgh", "moor end 77", "station", "cardiff chapel", "hope street 1000", "leeds",
    "person123@example.com", "07700 900123", "T-10482", "10482", "nobody of this name", "999999 nowhere street",
)  # fmt: skip


async def build(connection: asyncpg.Connection, settings: Settings, people: int) -> str:
    org = await connection.fetchval(
        "INSERT INTO app.organisations (id, name, kind, nation)"
        " VALUES (uuidv7(), 'Northern Homes', 'housing_association', 'ENG') RETURNING id"
    )
    pick = {
        name: any_of(words.split("|"))
        for name, words in {"streets": STREETS, "towns": TOWNS, "forenames": FORENAMES, "surnames": SURNAMES}.items()
    }
    await connection.execute("SELECT set_config('app.org_id', $1, false)", str(org))
    for statement in PLACES:
        await connection.execute(statement.format(org=f"'{org}'::uuid", homes=people, **pick))
    database = Database(engine_for(settings.owner_dsn, settings, application="bench"))
    await add_people(database, org, people)
    await add_staff(database, org)
    await database.close()
    for statement in LIVED_IN:
        await connection.execute(statement)
    await connection.execute("VACUUM ANALYZE")
    return str(org)


async def run(settings: Settings, environment: dict[str, str], people: int) -> None:
    connection = await asyncpg.connect(settings.owner_dsn)
    started = time.perf_counter()
    org = await build(connection, settings, people)
    print(f"  {people:,} people and homes in {time.perf_counter() - started:.0f} s\n", flush=True)
    token = await sign_in(connection, settings, org)
    await connection.close()
    port = free_port()
    api = serving([sys.executable, "-P", "-m", "maintainuk", "api"], environment | {"MAINTAINUK_PORT": str(port)})
    with api:
        async with client_of(port, {"Authorization": f"Bearer {token}"}) as http:
            medians = [(await ask(http, words), words) for words in QUESTIONS]
    times = sorted(medians)
    promised = Promised()
    p95 = times[int(len(times) * 0.95)][0]
    print(f"Global search, {len(QUESTIONS)} questions, median of {TIMES} each ({load()}):")
    print(f"  p50 {times[len(times) // 2][0]:.0f} ms, slowest {times[-1][0]:.0f} ms ({times[-1][1]!r})")
    print("  p95 " + promised.at_most(P95, "ms", "global search p95", p95, digits=0))
    promised.settle()


async def ask(http: httpx.AsyncClient, words: str) -> float:
    await http.get("/api/v1/search", params={"q": words})
    took = []
    for _ in range(TIMES):
        started = time.perf_counter()
        (await http.get("/api/v1/search", params={"q": words})).raise_for_status()
        took.append((time.perf_counter() - started) * 1000)
    return statistics.median(took)


def main() -> None:
    parser = ArgumentParser()
    parser.add_argument("--short", action="store_true")
    people = EVERYBODY // 10 if parser.parse_args().short else EVERYBODY
    print(__doc__)
    with scratch_services() as services:
        environment = {f"MAINTAINUK_{name.upper()}": value for name, value in services.items()} | {
            "MAINTAINUK_MODE": "live",
            "MAINTAINUK_RESPONSE_CACHE_SECONDS": "0",
            "MAINTAINUK_REQUESTS_PER_MINUTE": "10000000",
            "MAINTAINUK_ORGANISATION_REQUESTS_PER_MINUTE": "10000000",
        }
        os.environ.update(environment)
        settings = Settings()
        migrate(settings)
        asyncio.run(run(settings, environment, people))


if __name__ == "__main__":
    main()
