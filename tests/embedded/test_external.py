"""Parts that the environment names: a wrong one is told in a sentence before anything else starts."""

import pytest

from tests.embedded.copies import copy, free_port

pytestmark = pytest.mark.timeout(120)


def refused(folder, **named: str) -> str:
    """What `up` says and ends with when the environment names a part that isn't there."""
    environment = {f"MAINTAINUK_{name.upper()}": value for name, value in named.items()}
    with copy("up", "--state", folder / "state", "--port", free_port(), environment=environment) as started:
        assert started.ended() == 1

    assert "Traceback" not in started.said
    assert not (folder / "state").exists()
    return started.said


@pytest.mark.parametrize("address", ["nonsense", "mysql://a/b", "postgresql://x:y@h:port/zz"])
def test_an_address_that_is_no_postgresql_is_told_with_the_right_form(folder, address):
    said = refused(folder, database_url=address)

    assert "MAINTAINUK_DATABASE_URL can't be read. Write postgresql://" in said


def test_a_database_that_nobody_serves_is_told_without_its_password(folder):
    said = refused(folder, database_url="postgresql://x:open-sesame@localhost:1/zz")

    assert "MAINTAINUK_DATABASE_URL: PostgreSQL at localhost:1 can't be reached" in said
    assert "Start it or correct the address" in said
    assert "open-sesame" not in said


@pytest.mark.parametrize("role", ["app_database_url", "worker_database_url"])
def test_a_role_s_own_database_that_nobody_serves_is_told_with_its_variable(folder, role):
    said = refused(folder, **{role: "postgresql://x:open-sesame@localhost:1/zz"})

    assert f"MAINTAINUK_{role.upper()}: PostgreSQL at localhost:1 can't be reached" in said
    assert "derived from MAINTAINUK_DATABASE_URL" in said
    assert "open-sesame" not in said


def test_a_database_on_a_machine_that_nobody_knows_is_told(folder):
    said = refused(folder, database_url="postgresql://x:y@nowhere.invalid/zz")

    assert "PostgreSQL at nowhere.invalid can't be reached" in said


@pytest.mark.parametrize("address", ["nonsense", "redis://h:port"])
def test_an_address_that_is_no_redis_is_told_with_the_right_form(folder, address):
    assert "MAINTAINUK_REDIS_URL can't be read. Write redis://" in refused(folder, redis_url=address)


def test_a_redis_that_is_required_and_silent_is_refused(folder):
    said = refused(folder, redis_url=f"redis://localhost:{free_port()}", redis_required="true")

    assert "does not answer" in said
    assert "MAINTAINUK_REDIS_REQUIRED wants it" in said


def test_a_silent_redis_is_a_line_and_the_start_goes_on(folder):
    named = {"MAINTAINUK_REDIS_URL": f"redis://localhost:{free_port()}"}

    with copy("up", "--state", folder / "state", "--port", free_port(), environment=named) as started:
        started.until("PostgreSQL is ready")

    assert "going on without: everything works, only slower" in started.said


@pytest.mark.parametrize("address", ["ftp://x", "nonsense"])
def test_an_address_that_is_no_storage_is_told_with_the_right_form(folder, address):
    assert "MAINTAINUK_STORAGE_URL can't be read. Write file:///path" in refused(folder, storage_url=address)


def test_a_storage_folder_that_cannot_be_made_is_told(folder):
    said = refused(folder, storage_url="file:///proc/nope")

    assert "MAINTAINUK_STORAGE_URL: /proc/nope can't be used" in said


def test_everything_that_is_wrong_is_told_at_once(folder):
    said = refused(folder, database_url="nonsense", storage_url="nonsense")

    assert "MAINTAINUK_DATABASE_URL" in said
    assert "MAINTAINUK_STORAGE_URL" in said


def test_a_part_that_cannot_reach_its_database_says_which_setting_names_it_and_waits():
    named = {
        "MAINTAINUK_SECRET_KEY": "k" * 40,
        "MAINTAINUK_DATABASE_URL": "postgresql://x:y@localhost:1/zz",
        "MAINTAINUK_WORKER_DATABASE_URL": "postgresql://x:open-sesame@localhost:1/zz",
    }

    with copy("worker", environment=named) as started:
        started.until(
            "MAINTAINUK_WORKER_DATABASE_URL: PostgreSQL at localhost:1 can't be reached (nothing listens there)"
        )
        started.until("Worker started")

    assert "open-sesame" not in started.said
