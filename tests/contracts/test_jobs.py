"""Every job has exactly one handler."""

import inspect
from pathlib import Path

import pytest

from maintainuk.application.jobs import JOBS, NoOperation
from maintainuk.domain.outbox import OutboxMessage
from maintainuk.infrastructure.queue import postgres
from maintainuk.infrastructure.repositories import outbox
from maintainuk.worker.handlers import HANDLERS, handles
from maintainuk.worker.main import FEATURES


def test_every_job_has_a_handler_and_every_handler_a_job():
    ours = {feature.__name__ for feature in FEATURES}

    handled = {name for name, handling in HANDLERS.items() if handling.handler.__module__ in ours}
    assert handled == JOBS.keys()


def test_a_row_of_the_outbox_carries_nothing_that_no_worker_looks_at():
    sources = [Path(inspect.getfile(module)).read_text() for module in (postgres, outbox)]

    columns = {column.name for column in OutboxMessage.__table__.columns}
    unread = {name for name in columns if not any(name in source for source in sources)}
    assert unread == set()


def test_a_second_handler_for_a_job_is_refused():
    with pytest.raises(TypeError, match="no-operation has two handlers"):
        handles(NoOperation)(object)


@pytest.mark.parametrize("name", sorted(JOBS))
def test_a_handler_takes_either_three_steps_or_one(name):
    handler = HANDLERS[name].handler

    steps = {step for step in ("prepare", "send", "complete", "gave_up", "run") if hasattr(handler, step)}
    assert steps in ({"prepare", "send", "complete", "gave_up"}, {"run"})
