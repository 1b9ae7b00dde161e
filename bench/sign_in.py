"""Whether the time of an answer tells who has an account: of a refused sign-in, and of asking for a new password.

Method: one API, in this process and without a network, so that as little as possible hides a difference. A wrong
password is typed for somebody who has an account, for somebody who has none, and for somebody who has left; then a new
password is asked for, for the first two. Their order is drawn by lot: what is noted after an answer warms the processor
for the next one, and none may come more often after the same other. Each attempt comes from an address of its own, so
that no limit on guesses cuts it short. What is compared are the medians. `--rounds` of each (500). Nothing else should
run on the machine.
"""

import asyncio
import random
import time
from argparse import ArgumentParser
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from ipaddress import IPv4Address
from statistics import median

import httpx
from fastapi import FastAPI
from pydantic import SecretStr

from bench._promises import organisation, owner_of
from maintainuk.api.app import create_app
from maintainuk.domain.roles import Role
from maintainuk.domain.sign_in import Client, Identity, Membership
from maintainuk.domain.users import User, UserStatus
from maintainuk.infrastructure.database.migrate import migrate
from maintainuk.infrastructure.embedded.scratch import scratch_services
from maintainuk.infrastructure.security.blind_index import BlindIndex
from maintainuk.infrastructure.security.guesses import GUESSES
from maintainuk.infrastructure.security.passwords import ARGON2ID
from maintainuk.settings import Settings

TARGET = 1.05
KNOWN, UNKNOWN, LEFT = "an account holder", "a stranger", "somebody who left"


async def people(settings: Settings, count: int) -> None:
    """Give an organisation as many members of staff, and as many who have left."""
    org_id, now, index = await organisation(settings), datetime.now(UTC), BlindIndex(settings)
    stored = ARGON2ID.hash("a calm and lengthy phrase")
    role = Role(org_id=org_id, name="Coordinator", stored_grants={})
    async with owner_of(settings) as owner, owner.session(org_id) as session, session.begin():
        session.add(role)
        await session.flush()
        for number in range(count):
            for kind, status in ((KNOWN, UserStatus.ACTIVE), (LEFT, UserStatus.DISABLED)):
                email = address_of(kind, number)
                identity = Identity(email_index=index.of_email(email), password_hash=stored, created_at=now)
                user = User(org_id=org_id, name="Nia Prosser", email=email, role_id=role.id, status=status)
                session.add_all((identity, user))
                await session.flush()
                session.add(Membership(identity_id=identity.id, org_id=org_id, user_id=user.id, client=Client.STAFF))


def address_of(kind: str, number: int) -> str:
    return f"{kind.replace(' ', '.')}.{number}@example.com"


@asynccontextmanager
async def api(settings: Settings) -> AsyncIterator[FastAPI]:
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        yield app


SIGN_IN = ("/auth/login", {"password": "not the password", "client": "staff"}, httpx.codes.UNAUTHORIZED)
RESET: tuple[str, dict[str, str], int] = ("/auth/password-reset", {}, httpx.codes.ACCEPTED)


async def answered(app: FastAPI, email: str, came_from: int, question: tuple[str, dict[str, str], int]) -> float:
    """Return how many milliseconds the answer takes."""
    path, more, status = question
    transport = httpx.ASGITransport(app, client=(str(IPv4Address("10.0.0.0") + came_from), 50_000))
    async with httpx.AsyncClient(transport=transport, base_url=app.state.services.settings.address) as http:
        began = time.perf_counter()
        answer = await http.post(path, json={"email": email, **more})
        took = time.perf_counter() - began
    assert answer.status_code == status, answer.text
    await app.state.services.sign_in.finish()  # what it notes afterwards must not slow the next one down
    return took * 1000


async def measure(settings: Settings, rounds: int) -> dict[str, dict[str, list[float]]]:
    await people(settings, -(-rounds // (GUESSES - 1)))
    took: dict[str, dict[str, list[float]]] = {}
    chance, came_from = random.Random(7), 0
    asked = {"a refused sign-in": (SIGN_IN, (KNOWN, UNKNOWN, LEFT)), "a forgotten password": (RESET, (KNOWN, UNKNOWN))}
    async with api(settings) as app:
        for what, (question, kinds) in asked.items():
            of_each = took[what] = defaultdict(list)
            for warm_up in range(20):
                await answered(app, f"before.{warm_up}@example.com", came_from := came_from + 1, question)
            turns = [(kind, number) for number in range(rounds) for kind in kinds]
            chance.shuffle(turns)
            for kind, number in turns:
                email = address_of(kind, number // (GUESSES - 1))
                of_each[kind].append(await answered(app, email, came_from := came_from + 1, question))
    return took


def main() -> None:
    arguments = ArgumentParser(prog="maintainuk bench sign_in")
    arguments.add_argument("--rounds", type=int, default=500)
    chosen = arguments.parse_args()
    print(__doc__)
    with scratch_services() as given:
        settings = Settings(
            secret_key=SecretStr(given["secret_key"]),
            database_url=SecretStr(given["database_url"]),
            redis_url=SecretStr(given["redis_url"]),
            log_level="ERROR",
        )
        migrate(settings)
        took = asyncio.run(measure(settings, chosen.rounds))
    for what, of_each in took.items():
        print(what)
        for kind, times in of_each.items():
            print(f"  {kind:<18} median of {len(times)}: {median(times):.2f} ms")
        for kind in of_each.keys() - {UNKNOWN}:
            one, other = median(of_each[kind]), median(of_each[UNKNOWN])
            ratio = max(one, other) / min(one, other)
            verdict = "ok" if ratio <= TARGET else "MISSED"
            print(f"  {kind} against {UNKNOWN}: ratio {ratio:.3f} (at most {TARGET}) {verdict}")


if __name__ == "__main__":
    main()
