"""The API's description of itself (OpenAPI 3.1), from which clients are generated."""

from typing import Any

from pydantic import SecretStr

from maintainuk.api.app import create_app
from maintainuk.settings import Settings


def document() -> dict[str, Any]:
    """Return the description; no service need be there."""
    nowhere = Settings(
        secret_key=SecretStr("only for describing the API, never for keys"),
        database_url=SecretStr("postgresql://nobody@localhost/nowhere"),
    )
    return create_app(nowhere).openapi()
