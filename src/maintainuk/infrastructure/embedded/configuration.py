"""The settings of an embedded installation: what the environment names is real, the rest is brought along."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import SecretStr, ValidationError

from maintainuk.infrastructure.embedded.postgres import Postgres
from maintainuk.infrastructure.embedded.state import State
from maintainuk.infrastructure.embedded.valkey import Valkey
from maintainuk.infrastructure.problems import CannotStart
from maintainuk.settings import Settings

PREFIX = "MAINTAINUK_"


def is_given(name: str) -> bool:
    """Say whether the environment sets this setting itself."""
    return bool(os.environ.get(PREFIX + name.upper()))


def settings_of(state: State, chosen: Mapping[str, Any], *, with_valkey: bool) -> Settings:
    """Return the settings for a state; the command line comes before the environment, the embedded parts come last.

    Raises:
        CannotStart: naming each setting that is wrong.

    """
    embedded: dict[str, Any] = {
        "secret_key": state.secrets.secret_key,
        "database_url": Postgres(state).url,
        "storage_url": (state.path / "files").as_uri(),
    }
    if with_valkey:
        embedded["redis_url"] = Valkey(state).url
    return checked({**{name: value for name, value in embedded.items() if not is_given(name)}, **chosen})


def checked(values: Mapping[str, Any]) -> Settings:
    """Return settings from these values and the environment, or say in words what is wrong with them."""
    try:
        return Settings(**values)
    except ValidationError as invalid:
        wrong = [f"{PREFIX}{'.'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in invalid.errors() if e["loc"]]
        rules = [str(e["msg"]).removeprefix("Value error, ") for e in invalid.errors() if not e["loc"]]
        raise CannotStart("\n".join([*wrong, *rules])) from None


def environment_of(settings: Settings) -> dict[str, str]:
    """Return the environment in which a child process reads the same settings."""
    given = {PREFIX + name.upper(): _text(getattr(settings, name)) for name in settings.model_fields_set}
    return {**os.environ, **{name: value for name, value in given.items() if value is not None}}


def _text(value: object) -> str | None:
    match value:
        case None:
            return None
        case SecretStr():
            return value.get_secret_value()
        case tuple():
            return "[" + ",".join(f'"{item}"' for item in value) + "]"
        case Path() | str() | int() | float():
            return str(value)
        case _:
            raise TypeError(type(value))
