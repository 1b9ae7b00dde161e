"""Migrations and demo data, left out when this very code has already prepared this very state."""

import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from maintainuk.infrastructure.embedded.configuration import is_given
from maintainuk.infrastructure.embedded.fingerprints import fingerprint
from maintainuk.infrastructure.embedded.product import done
from maintainuk.infrastructure.embedded.progress import say
from maintainuk.infrastructure.embedded.state import State
from maintainuk.settings import Settings

PACKAGE = Path(__file__).parents[2]


async def prepare_database(state: State, settings: Settings, environment: Mapping[str, str]) -> str:
    """Bring the database to the newest version and, in demo mode, load the demo; return who may sign in."""
    code = fingerprint(PACKAGE, leaving_out={"__pycache__"})
    wanted = sha256(f"{code} {settings.owner_dsn} {settings.secret_key.get_secret_value()}".encode()).hexdigest()
    words = ["--demo"] if settings.is_demo else []
    if not is_given("database_url"):
        words.append("--set-role-passwords")  # nobody else is on a server that we brought along
        try:
            prepared = json.loads(state.prepared.read_text())
        except (FileNotFoundError, ValueError):
            prepared = {}
        if prepared.get("by") == wanted:
            say("The database is up to date")
            return str(prepared["sign_ins"])
    say("Migrating the database" + (" and loading the demo" if settings.is_demo else ""))
    sign_ins = await done("migrate", *words, environment=environment)
    state.prepared.write_text(json.dumps({"by": wanted, "sign_ins": sign_ins}))
    say("The database is up to date")
    return sign_ins
