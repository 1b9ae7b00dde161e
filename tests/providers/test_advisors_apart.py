"""The process in which embedded advisors live: it may break down, and it outlives nobody."""

import os
import signal
import sys
from asyncio.subprocess import PIPE, create_subprocess_exec
from uuid import uuid4

import psutil
import pytest

from maintainuk.domain.ai import ReportInWords
from maintainuk.domain.taxonomy import Category, HazardClass, Priority
from maintainuk.infrastructure.providers.embedded_advisor.advisor import Confirmed
from maintainuk.infrastructure.providers.embedded_advisor.apart import Apart

WOTSIT = ReportInWords(title="Quirky wotsit", description="The wotsit went bing.", answers={})
PESTS = Confirmed(report=WOTSIT, category=Category.PESTS, priority=Priority.P4, hazard_class=HazardClass.NONE)


@pytest.fixture
async def apart():
    apart = Apart()
    yield apart
    await apart.close()


def children() -> list[psutil.Process]:
    return [one for one in psutil.Process().children() if "multiprocessing.spawn" in " ".join(one.cmdline())]


async def test_an_organisation_is_answered_by_what_it_taught_and_no_other_is(apart: Apart):
    ours, theirs = uuid4(), uuid4()
    await apart.teach(ours, [PESTS] * 12)

    advice = [await apart.advise(org_id, WOTSIT) for org_id in (ours, theirs)]

    assert [one.output["category"]["value"] == "pests" for one in advice] == [True, False]


async def test_after_a_breakdown_the_next_question_is_answered_and_the_breakdown_is_known(apart: Apart):
    await apart.advise(uuid4(), WOTSIT)
    (process,) = children()

    process.send_signal(signal.SIGKILL)
    process.wait(10)
    with pytest.raises(Exception, match="terminated abruptly"):
        await apart.advise(uuid4(), WOTSIT)

    assert apart.deaths == 1
    assert (await apart.advise(uuid4(), WOTSIT)).output["category"]


async def test_no_process_is_left_behind(apart: Apart):
    await apart.advise(uuid4(), WOTSIT)
    (process,) = children()

    await apart.close()

    process.wait(10)
    assert not psutil.pid_exists(process.pid)


async def test_ctrl_c_for_the_whole_group_is_left_to_whoever_started_it(apart: Apart):
    await apart.advise(uuid4(), WOTSIT)
    (process,) = children()

    os.kill(process.pid, signal.SIGINT)

    assert (await apart.advise(uuid4(), WOTSIT)).output["category"]


KILLED_MEANWHILE = """
from maintainuk.infrastructure.providers.embedded_advisor import apart

class Worker:
    pid = 0

apart.parent_process = lambda: Worker
apart._begin()
print("lives on")
"""


async def test_it_does_not_outlive_a_worker_that_was_killed_while_it_began():
    begun = await create_subprocess_exec(sys.executable, "-c", KILLED_MEANWHILE, stdout=PIPE)

    told, _ = await begun.communicate()

    assert (begun.returncode, told) == (1, b"")
