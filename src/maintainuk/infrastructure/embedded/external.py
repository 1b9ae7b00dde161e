"""The parts that the environment names instead of the embedded ones: asked for an answer before anything starts."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from urllib.parse import SplitResult, parse_qs, urlsplit

from maintainuk.infrastructure.embedded.configuration import PREFIX, is_given
from maintainuk.infrastructure.problems import CannotStart
from maintainuk.settings import Settings

DEADLINE = 4.0


async def ask_external(settings: Settings) -> list[str]:
    """Ask the database, Redis and the storage that the environment names; return what can be done without.

    Raises:
        CannotStart: a sentence for each variable whose part can't be read or reached, and what to do.

    """
    questions: dict[str, Callable[[Settings], Awaitable[str | None]]] = {
        "database_url": database_answers,
        "app_database_url": lambda settings: role_is_reached(settings.app_dsn, "APP_DATABASE_URL"),
        "worker_database_url": lambda settings: role_is_reached(settings.worker_dsn, "WORKER_DATABASE_URL"),
        "redis_url": redis_answers,
        "storage_url": storage_answers,
    }
    answers = await asyncio.gather(
        *(ask(settings) for name, ask in questions.items() if is_given(name)), return_exceptions=True
    )
    for failure in answers:
        if isinstance(failure, BaseException) and not isinstance(failure, CannotStart):
            raise failure
    problems = [str(answer) for answer in answers if isinstance(answer, CannotStart)]
    if problems:
        raise CannotStart("\n".join(problems))
    return [answer for answer in answers if isinstance(answer, str)]


async def database_answers(settings: Settings) -> None:
    """Connect as the owner of the schema.

    Raises:
        CannotStart: the address can't be read, nobody answers there, or the server refuses.

    """
    instead = "without the variable, the embedded PostgreSQL is used"
    if refusal := await _connect(settings.owner_dsn, "DATABASE_URL", instead):
        raise CannotStart(refusal)


async def role_is_reached(dsn: str, name: str) -> None:
    """Connect as a role of its own. One that is refused may be made by the migration that comes next.

    Raises:
        CannotStart: the address can't be read, or nobody answers there.

    """
    await _connect(dsn, name, "without the variable, it is derived from MAINTAINUK_DATABASE_URL")


async def _connect(dsn: str, name: str, instead: str) -> str | None:
    """Connect and hang up; return what to say when the server refuses us."""
    import asyncpg  # noqa: PLC0415 - this process stays small as long as everything is embedded

    variable, form = f"{PREFIX}{name}", "postgresql://USER:PASSWORD@HOST:PORT/DATABASE"
    unreadable = f"{variable} can't be read. Write {form}; {instead}."
    parts = _parts(dsn)
    if parts is None or parts.scheme.partition("+")[0] not in {"postgresql", "postgres"}:
        raise CannotStart(unreadable)
    try:
        async with asyncio.timeout(DEADLINE):
            connection = await asyncpg.connect(parts._replace(scheme="postgresql").geturl(), timeout=DEADLINE)
            await connection.close()
    except (asyncpg.PostgresError, asyncpg.InterfaceError) as refusal:
        reason = str(refusal).partition("\n")[0]
        return (
            f"{variable}: PostgreSQL at {_place(parts)} refuses us ({reason}). Correct the address or what it refuses."
        )
    except ValueError:
        raise CannotStart(unreadable) from None
    except OSError as failure:
        raise CannotStart(
            f"{variable}: PostgreSQL at {_place(parts)} can't be reached ({_reason(failure)}). "
            f"Start it or correct the address; {instead}."
        ) from None
    return None


async def redis_answers(settings: Settings) -> str | None:
    """Ask Redis; return what to say when it is silent.

    Raises:
        CannotStart: the address can't be read, or Redis is required and silent.

    """
    import redis.asyncio as redis  # noqa: PLC0415 - as above
    from redis.exceptions import RedisError  # noqa: PLC0415 - as above

    variable = f"{PREFIX}REDIS_URL"
    url = settings.redis_url.get_secret_value() if settings.redis_url else ""
    parts = _parts(url)
    try:
        client = redis.Redis.from_url(url, socket_connect_timeout=DEADLINE, socket_timeout=DEADLINE)
    except ValueError:
        parts = None
    if parts is None:
        raise CannotStart(_unreadable(variable, "redis://:PASSWORD@HOST:PORT/0", "Valkey"))
    try:
        async with asyncio.timeout(DEADLINE):
            await client.ping()
    except (RedisError, OSError) as failure:
        reason = _reason(failure.__cause__ if isinstance(failure.__cause__, OSError) else failure)
        words = f"{variable}: Redis at {_place(parts)} does not answer ({reason})"
        if settings.redis_required:
            raise CannotStart(
                f"{words}, and {PREFIX}REDIS_REQUIRED wants it. Start it or correct the address."
            ) from None
        return f"{words}; going on without: everything works, only slower. It is used as soon as it answers."
    finally:
        await client.aclose()
    return None


async def storage_answers(settings: Settings) -> None:
    """Write and remove a file.

    Raises:
        CannotStart: the storage can't be read or used, in one line.

    """
    from obstore.exceptions import BaseError  # noqa: PLC0415 - as above

    from maintainuk.domain.ports import StorageUnavailable  # noqa: PLC0415 - as above
    from maintainuk.infrastructure.storage.files import Files  # noqa: PLC0415 - as above

    variable = f"{PREFIX}STORAGE_URL"
    parts = _parts(settings.storage_url)
    try:
        files = Files(settings.storage_url, deadline=DEADLINE)
        await files.prove()
    except OSError as failure:
        folder = parts.path if parts else settings.storage_url
        raise CannotStart(
            f"{variable}: {folder} can't be used ({_reason(failure)}). Name a folder that this user can write."
        ) from None
    except (ValueError, BaseError):
        raise CannotStart(_unreadable(variable, "file:///path, s3://bucket or memory:///", "storage")) from None
    except StorageUnavailable as failure:
        raise CannotStart(f"{variable}: {failure}") from None


def _unreadable(variable: str, form: str, embedded: str) -> str:
    return f"{variable} can't be read. Write {form}; without the variable, the embedded {embedded} is used."


def _parts(url: str) -> SplitResult | None:
    """Read an address; nothing when it isn't one."""
    with suppress(ValueError):
        parts = urlsplit(url)
        return parts if parts.scheme and parts.port != 0 else None
    return None


def _place(parts: SplitResult) -> str:
    """Name where an address leads, without the password in it."""
    host = parts.hostname or parse_qs(parts.query).get("host", [parts.path or "localhost"])[0]
    return f"{host}:{parts.port}" if parts.port else host


def _reason(failure: BaseException) -> str:
    match failure:
        case TimeoutError():
            return f"no answer in {DEADLINE:.0f} s"
        case socket.gaierror():
            return "nobody knows a machine of this name"
        case ConnectionRefusedError():
            return "nothing listens there"
        case OSError() if failure.strerror and failure.errno:
            return failure.strerror.lower()
        case _:
            return str(failure).partition("\n")[0].partition(" (os error")[0].rstrip(".")
