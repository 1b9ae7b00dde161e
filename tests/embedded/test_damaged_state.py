"""A state that was damaged, or can't be one: a sentence says what it is and what to do, and nothing is touched."""

import json
from pathlib import Path

import pytest

from tests.embedded.copies import copy

pytestmark = pytest.mark.timeout(120)


@pytest.fixture
def state(folder) -> Path:
    """A state that somebody has used and stopped."""
    with copy("services", "--state", folder / "state") as started:
        started.until("MAINTAINUK_REDIS_URL")
    return folder / "state"


def refused(state: Path) -> str:
    """What a start on this state says and ends with."""
    with copy("services", "--state", state) as started:
        assert started.ended() == 1

    assert "Traceback" not in started.said
    assert "./maintainuk up --state DIR" in started.said
    return started.said


@pytest.mark.parametrize("content", ["{}", "[]", "not json", '{"superuser": 1}'])
def test_secrets_that_cannot_be_read_are_told(state, content):
    (state / "secrets.json").write_text(content)

    assert f"{state / 'secrets.json'} is damaged" in refused(state)
    assert (state / "secrets.json").read_text() == content


def test_lost_secrets_are_not_made_anew_beside_the_database_they_opened(state):
    (state / "secrets.json").unlink()

    assert f"{state / 'secrets.json'} is missing" in refused(state)
    assert not (state / "secrets.json").exists()


@pytest.mark.parametrize("content", ["{}", "[]", "not json", '{"format": 1}'])
def test_a_version_that_cannot_be_read_is_told(state, content):
    (state / "version.json").write_text(content)

    assert f"{state / 'version.json'} is damaged" in refused(state)


def test_data_of_another_postgresql_is_told(state):
    (state / "postgres/18/PG_VERSION").write_text("17\n")

    assert "holds data of PostgreSQL 17; this release brings PostgreSQL 18" in refused(state)


def test_data_of_an_earlier_release_is_not_passed_over(state):
    (state / "postgres/18/PG_VERSION").write_text("17\n")
    (state / "postgres/18").rename(state / "postgres/17")

    assert "holds data of PostgreSQL 17" in refused(state)
    assert not (state / "postgres/18").exists()


@pytest.mark.parametrize("place", ["/proc/x", "/dev/null/x", "/tmp/" + "x" * 300])
def test_a_place_where_no_folder_can_be_is_told(place):
    assert place in refused(Path(place))


def test_a_first_start_that_was_killed_before_its_version_was_written_is_no_obstacle(folder):
    (folder / "state").mkdir()
    (folder / "state/secrets.json").write_text(json.dumps({"half": "made"}))

    with copy("services", "--state", folder / "state") as started:
        started.until("MAINTAINUK_REDIS_URL")
