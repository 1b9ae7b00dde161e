"""200,000 tickets in 50 organisations of uneven size, written with set-based SQL, but for the people, who are sealed."""

from random import Random
from uuid import UUID

import asyncpg
from sqlalchemy import insert, select

from maintainuk.domain.base import new_id
from maintainuk.domain.people import Person
from maintainuk.domain.roles import Role
from maintainuk.domain.users import User
from maintainuk.infrastructure.database.engine import Database, engine_for
from maintainuk.settings import Settings

TICKETS = 200_000
ORGANISATIONS = 50
LARGEST = 40_000

FAULTS = """Boiler loses pressure|No hot water|Radiator cold at the bottom|Tap drips|Leak under the sink|Toilet will not flush
Blocked drain|Black mould on the wall|Damp patch on the ceiling|Roof tile slipped|Gutter overflows|Front door will not lock
Window does not close|Plaster has come down|Loose floor tile|Cooker hob not working|Extractor fan noisy|Smoke alarm chirps
Sockets have no power|Lights flicker|Mice in the loft|Wasp nest|Lift out of order|Fence panel blown down|Smell of gas"""
ROOMS = "in the kitchen|in the bathroom|in the hall|in the main bedroom|on the landing|in the living room|at the back|upstairs"
SENTENCES = """It started at the weekend and is getting worse.|We have small children and need it looked at soon.
The contractor came last month but it came back.|Water is coming through to the flat below.|It only happens in the evening.
I can be in any weekday after four.|Please ring before you come, I work nights.|There is a strong smell when it rains.
The pressure gauge shows zero after an hour.|The light switch sparks when touched.|My neighbour has the same problem.
We have put a bucket under it for now.|The wall feels wet and the paper is peeling.|It has been like this since the storm.
The heating engineer said a part was on order.|The noise keeps us awake.|I have turned the stopcock off.
The door sticks and my mother cannot open it.|A photograph is attached.|Nobody has been in touch since my last report."""
FORENAMES = (
    "Aisha|Olivia|Mohammed|Gethin|Zofia|Chidi|Morag|Priya|Liam|Bronwen|Wei|Yusuf|Niamh|Callum|Ifeoma|Rhys|Elif|Tomasz"
)
SURNAMES = "Khan|Smith|Okafor|Pugh|Nowak|Sinclair|Patel|Murphy|Davies|Chen|Hussain|Campbell|Osei|Jones|Yilmaz|Begum|Wilson|Baptiste"
STREETS = "Ash Grove|Mill Lane|Quarry Bank|Station Road|Chapel Street|Park View|Victoria Terrace|Canal Walk|Hope Street|Moor End"
TOWNS = "Leeds|Bradford|Halifax|Bristol|Cardiff|Edinburgh|Huddersfield|Keighley"

SEARCHES = (
    "boiler", "no hot water", "mould bathroom", "leak under sink", "smell of gas", "radiator", "lights flicker", "boil",
    "kitchen", "T-10482", "10999", "ash grove", "quarry bank leeds", "LS6", "Khan", "Zofia Nowak", "contractor came back",
    '"stopcock off"', "window", "roof storm", "smoke alarm", "mice", "children heating", "fence panel", "plaster ceiling damp",
    "wasp", "lift out of order", "gutter", "the", "water",
)  # fmt: skip


def sizes() -> list[int]:
    """How many tickets each organisation has, the largest first."""
    weights = [1 / (place + 3) for place in range(ORGANISATIONS - 1)]
    rest = [int((TICKETS - LARGEST) * weight / sum(weights)) for weight in weights]
    rest[0] += TICKETS - LARGEST - sum(rest)
    return [LARGEST, *rest]


async def build(connection: asyncpg.Connection, settings: Settings) -> None:
    """Fill an empty, migrated database; once."""
    if await connection.fetchval("SELECT count(*) FROM app.organisations WHERE name LIKE 'Estate %'") == ORGANISATIONS:
        return
    database = Database(engine_for(settings.owner_dsn, settings, application="bench"))
    for number, tickets in enumerate(sizes()):
        await add_organisation(connection, database, f"Estate {number:02}", tickets, max(tickets // 16, 5))
    await database.close()
    await connection.execute("VACUUM ANALYZE")


async def add_organisation(
    connection: asyncpg.Connection, database: Database, name: str, tickets: int, homes: int
) -> UUID:
    """Add an organisation with staff, so many repairs, and so many homes with somebody in each."""
    org: UUID = await connection.fetchval(
        "INSERT INTO app.organisations (id, name, kind, nation)"
        " VALUES (uuidv7(), $1, 'letting_agent', 'ENG') RETURNING id",
        name,
    )
    words = {
        "faults": FAULTS, "rooms": ROOMS, "sentences": SENTENCES, "forenames": FORENAMES, "surnames": SURNAMES,
        "streets": STREETS, "towns": TOWNS,
    }  # fmt: skip
    pick = {name: any_of(text.replace("\n", "|").split("|")) for name, text in words.items()}
    for statements in (PLACES, REPAIRS):
        async with connection.transaction():
            await connection.fetchval("SELECT set_config('app.org_id', $1, true)", str(org))
            for statement in statements:
                sql = statement.format(org=f"'{org}'::uuid", tickets=tickets, homes=homes, **pick)
                await connection.execute(sql)
        if statements is PLACES:
            await add_staff(database, org)
            await add_people(database, org, homes)
    return org


async def add_staff(database: Database, org_id: UUID) -> None:
    chance = Random(org_id.int)
    async with database.session(org_id) as session, session.begin():
        role_id = (await session.scalars(select(Role.id))).one()
        for number in range(12):
            name = f"{chance.choice(FORENAMES.split('|'))} {chance.choice(SURNAMES.split('|'))}"
            session.add(User(org_id=org_id, name=name, email=f"desk{number}@example.com", role_id=role_id))


async def add_people(database: Database, org_id: UUID, count: int) -> None:
    """Add people with ordinary names; they are sealed, which the database can't do by itself."""
    chance = Random(count)
    forenames, surnames = FORENAMES.split("|"), SURNAMES.split("|")
    for start in range(0, count, PORTION):
        rows = [
            {
                "org_id": org_id,
                "id": new_id(),
                "name": f"{chance.choice(forenames)} {chance.choice(surnames)}",
                "email": f"person{number}@example.com",
                "phone": f"07700 900{number % 1000:03d}",
                "language": "en",
            }
            for number in range(start, min(start + PORTION, count))
        ]
        async with database.session(org_id) as session, session.begin():
            await session.execute(insert(Person), rows)


def any_of(choices: list[str]) -> str:
    quoted = ",".join("'" + choice.replace("'", "''") + "'" for choice in choices)
    return f"(ARRAY[{quoted}])[1 + floor(random() * {len(choices)})::int]"


PORTION = 5_000
PLACES = (
    """INSERT INTO app.roles (org_id, id, name, client, grants, version)
       VALUES ({org}, uuidv7(), 'Coordinator', 'staff', '{{"tickets:read": "team", "tickets:update": "team",
       "tickets:create": "team", "tickets:assign": "team", "properties:read": "team", "people:read": "team",
       "messages:read": "team", "internal_notes:read": "team"}}', 1)""",
    """INSERT INTO app.properties (org_id, id, kind, address_line, town, postcode, nation)
       SELECT {org}, uuidv7(), 'house', n || ' ' || {streets}, {towns},
       'LS' || 1 + n % 28 || ' ' || 1 + n % 9 || chr(65 + n % 26) || chr(65 + n % 24), 'ENG'
       FROM generate_series(1, {homes}) n""",
    """INSERT INTO app.units (org_id, id, property_id, label)
       SELECT org_id, uuidv7(), id, '' FROM app.properties WHERE org_id = {org}""",
)
REPAIRS = (
    """INSERT INTO app.tenancies (org_id, id, unit_id, started_on)
       SELECT org_id, uuidv7(), id, current_date - 400 FROM app.units WHERE org_id = {org}""",
    """INSERT INTO app.tenancy_members (org_id, id, tenancy_id, person_id, is_lead)
       SELECT {org}, uuidv7(), t.id, p.id, true
       FROM (SELECT id, row_number() OVER (ORDER BY id) n FROM app.tenancies WHERE org_id = {org}) t
       JOIN (SELECT id, row_number() OVER (ORDER BY id) n FROM app.people WHERE org_id = {org}) p USING (n)""",
    # Four in five are finished, as in an organisation that has used the product for three years.
    """INSERT INTO app.maintenance_tickets (org_id, id, number, property_id, unit_id, tenancy_id, reporter_id, owner_id,
           title, description, category, priority, status, channel, reported_at, aware_at, created_at, status_since, updated_at,
           version)
       WITH homes AS (
           SELECT u.property_id, u.id unit_id, t.id tenancy_id, m.person_id,
                  row_number() OVER (ORDER BY u.id) - 1 n
           FROM app.units u
           JOIN app.tenancies t ON t.org_id = u.org_id AND t.unit_id = u.id
           JOIN app.tenancy_members m ON m.org_id = t.org_id AND m.tenancy_id = t.id
           WHERE u.org_id = {org}
       ), staff AS (
           SELECT id, row_number() OVER (ORDER BY id) - 1 n FROM app.users WHERE org_id = {org}
       ), drawn AS (
           SELECT 10000 + n number, now() - interval '1000 days' * (1 - n::float / {tickets}) AS came,
                  floor(random() * {homes})::int home, floor(random() * 14)::int owner, random() state
           FROM generate_series(1, {tickets}) n
       )
       SELECT {org}, uuidv7(came - now()), number, property_id, unit_id, tenancy_id, person_id, staff.id,
           {faults} || ' ' || {rooms}, {sentences} || ' ' || {sentences} || ' ' || {sentences},
           (ARRAY['heating_hot_water','plumbing_leaks','electrical','damp_mould','other'])[1 + floor(random() * 5)::int],
           (ARRAY['P1','P2','P2','P3','P3','P3','P4'])[1 + floor(random() * 7)::int],
           CASE WHEN state < 0.75 THEN 'closed' WHEN state < 0.78 THEN 'cancelled' WHEN state < 0.8 THEN 'resolved'
                WHEN state < 0.84 THEN 'new' WHEN state < 0.88 THEN 'triage' WHEN state < 0.96 THEN 'in_progress'
                ELSE 'on_hold' END,
           'phone', came, came, came, came, least(now(), came + random() * interval '30 days'),
           1 + floor(random() * 6)::int
       FROM drawn JOIN homes ON homes.n = home LEFT JOIN staff ON staff.n = owner
       ORDER BY number""",
)
