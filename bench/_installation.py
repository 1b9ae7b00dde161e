"""An installation of nobody's, for one benchmark: its own database, cache and folder, gone when it ends."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import SecretStr

from maintainuk.infrastructure.database.migrate import migrate
from maintainuk.infrastructure.embedded.scratch import scratch_services
from maintainuk.settings import Settings


@contextmanager
def installation() -> Iterator[tuple[Settings, Path]]:
    """Yield the settings of a migrated, empty installation whose limits nobody reaches, and its folder."""
    with tempfile.TemporaryDirectory(prefix="maintainuk-bench-") as kept, scratch_services() as given:
        folder = Path(kept)
        settings = Settings(
            secret_key=SecretStr(given["secret_key"]),
            database_url=SecretStr(given["database_url"]),
            redis_url=SecretStr(given["redis_url"]),
            storage_url=f"file://{folder}/files",
            requests_per_minute=1_000_000,
            organisation_requests_per_minute=1_000_000,
            log_level="ERROR",
        )
        migrate(settings)
        yield settings, folder
