"""What every test may ask for. Tests commit for real; each makes its own organisation, so none sees another's rows."""

import asyncio
from collections.abc import AsyncIterator, Callable
from uuid import uuid4

import pytest
from fastapi import FastAPI

from maintainuk.api.app import create_app
from maintainuk.infrastructure.cache import redis
from maintainuk.infrastructure.database.engine import Database, engine_for
from maintainuk.settings import Settings
from tests.database import TestServices, clone, drop, settings_for
from tests.desk import Desk, desk_of
from tests.trial import Trial, trial_of
from tests.visitor import Visitor, visitors_of
from tests.world import World

FEW_REQUESTS = {"requests_per_minute": 3, "organisation_requests_per_minute": 5}


@pytest.fixture(autouse=True, scope="session")
def redis_that_is_slow_is_not_away():
    """On a busy machine an answer may take longer than the product would wait for it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(redis, "PATIENCE", 30.0)
        yield


def in_a_minute_of_its_own(trial: Trial) -> Trial:
    """No other test counts in it, and it does not end during the test."""
    minute = uuid4().int % 1_000_000_000 * 60.0
    trial.services.shares._clock = lambda: minute
    return trial


def pytest_addoption(parser: pytest.Parser) -> None:
    """For tests/security/test_made_up_requests.py: how much is asked."""
    parser.addoption("--examples", type=int, default=25, help="Requests made up for each operation.")
    parser.addoption("--each-role", action="store_true", help="So many as each role, instead of in turn.")


SERVICES = pytest.StashKey[TestServices]()


def services_of(config: pytest.Config) -> dict[str, str]:
    if SERVICES not in config.stash:
        config.stash[SERVICES] = TestServices()
    return config.stash[SERVICES].environment


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node) -> None:
    """With several workers (pytest -n), the process that commands them starts the services once for all."""
    node.workerinput["services"] = services_of(node.config)


def pytest_unconfigure(config: pytest.Config) -> None:
    if SERVICES in config.stash:
        config.stash[SERVICES].stop()


@pytest.fixture(scope="session")
async def services(request: pytest.FixtureRequest) -> dict[str, str]:
    """The addresses of the run's PostgreSQL and Valkey."""
    given = getattr(request.config, "workerinput", {}).get("services")
    return given or await asyncio.to_thread(services_of, request.config)


@pytest.fixture(scope="session")
async def settings(services: dict[str, str], worker_id: str) -> Settings:
    """Settings of this worker's own migrated database."""
    number = int(worker_id.removeprefix("gw")) + 1 if worker_id.startswith("gw") else 0
    await clone(services, f"test_{worker_id}")
    return settings_for(services, database=f"test_{worker_id}", cache=number)


@pytest.fixture(scope="session")
async def database(settings: Settings) -> AsyncIterator[Database]:
    """The database as the API's role sees it."""
    database = Database(engine_for(settings.app_dsn, settings, application="tests"))
    yield database
    await database.close()


@pytest.fixture
async def pristine_settings(services: dict[str, str], settings: Settings) -> AsyncIterator[Settings]:
    """Settings of a migrated database that nobody else ever wrote to; it is dropped afterwards."""
    name = f"test_{uuid4().hex}"
    await clone(services, name)
    yield settings_for(services, database=name, cache=15)
    await drop(services, name)


@pytest.fixture
async def pristine_database(pristine_settings: Settings) -> AsyncIterator[Database]:
    """A database that nobody else ever wrote to, as the API's role sees it."""
    database = Database(engine_for(pristine_settings.app_dsn, pristine_settings, application="tests"))
    yield database
    await database.close()


@pytest.fixture
async def world(settings: Settings) -> AsyncIterator[World]:
    """Builds organisations, people and homes for a test, as the owner of the database."""
    world = World(settings)
    yield world
    await world.close()


@pytest.fixture
async def trial(settings: Settings) -> AsyncIterator[Trial]:
    """The API with a few routes to try its layers on."""
    async with trial_of(settings) as trial:
        yield trial


@pytest.fixture
async def slow_trial(settings: Settings) -> AsyncIterator[Trial]:
    """The same with hardly any time for a request."""
    async with trial_of(settings.model_copy(update={"request_deadline": 0.3})) as trial:
        yield trial


@pytest.fixture
async def strict_trial(settings: Settings) -> AsyncIterator[Trial]:
    """The same with few requests for anybody."""
    async with trial_of(settings.model_copy(update=FEW_REQUESTS)) as trial:
        yield in_a_minute_of_its_own(trial)


@pytest.fixture
async def proxied_trial(settings: Settings) -> AsyncIterator[Trial]:
    """The strict one behind a proxy that is believed."""
    async with trial_of(settings.model_copy(update=FEW_REQUESTS | {"trusted_proxies": 1})) as trial:
        yield in_a_minute_of_its_own(trial)


@pytest.fixture
async def desk(trial: Trial, world: World) -> Desk:
    """A coordinator's desk in an organisation of its own."""
    return await desk_of(trial, world)


@pytest.fixture
async def foreign_desk(trial: Trial, world: World) -> Desk:
    """A coordinator's desk in another organisation."""
    return await desk_of(trial, world)


@pytest.fixture
async def visitor(settings: Settings) -> AsyncIterator[Callable[..., Visitor]]:
    """Makes browsers, each at an address of its own: `visitor()`."""
    async with visitors_of(settings) as visitor:
        yield visitor


@pytest.fixture
async def app(settings: Settings) -> AsyncIterator[FastAPI]:
    """The API as it is served, with its services open."""
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        yield app
