"""When jobs are tried again, and when a provider is left alone."""

from datetime import timedelta

import pytest

from maintainuk.domain.ports import Busy
from maintainuk.worker.retries import EIGHT_OVER_A_DAY, FIVE_FROM_FIVE_SECONDS, Breaker


def test_a_job_is_tried_five_times_from_five_seconds():
    assert FIVE_FROM_FIVE_SECONDS.attempts == 5
    assert 4 <= FIVE_FROM_FIVE_SECONDS.after(1).total_seconds() <= 6
    assert FIVE_FROM_FIVE_SECONDS.after(5) is None


def test_an_email_is_tried_eight_times_over_a_day():
    assert EIGHT_OVER_A_DAY.attempts == 8
    assert timedelta(hours=22) < sum(EIGHT_OVER_A_DAY.waits, timedelta()) < timedelta(hours=24)


def test_jobs_that_failed_together_do_not_come_back_together():
    assert len({EIGHT_OVER_A_DAY.after(3) for _ in range(50)}) > 40


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def breaker(clock):
    return Breaker(clock)


def fail(breaker: Breaker, times: int) -> None:
    for _ in range(times):
        breaker.failed()


def test_a_few_failures_stop_nobody(breaker):
    fail(breaker, Breaker.FAILURES - 1)

    breaker.admit()


def test_after_failures_in_a_row_the_provider_is_left_alone(breaker):
    fail(breaker, Breaker.FAILURES)

    with pytest.raises(Busy) as busy:
        breaker.admit()
    assert busy.value.retry_after == timedelta(seconds=Breaker.SHORTEST)


def test_then_one_call_tries_and_the_others_wait_for_it(breaker, clock):
    fail(breaker, Breaker.FAILURES)
    clock.now += Breaker.SHORTEST

    breaker.admit()
    with pytest.raises(Busy):
        breaker.admit()


def test_one_that_works_lets_all_through_again(breaker, clock):
    fail(breaker, Breaker.FAILURES)
    clock.now += Breaker.SHORTEST
    breaker.admit()
    breaker.worked()

    breaker.admit()
    breaker.admit()


def test_the_pause_grows_and_ends_growing(breaker):
    fail(breaker, Breaker.FAILURES + 20)

    with pytest.raises(Busy) as busy:
        breaker.admit()
    assert busy.value.retry_after == timedelta(seconds=Breaker.LONGEST)


def test_a_wait_the_provider_asked_for_holds_for_everybody(breaker, clock):
    breaker.asked_to_wait(timedelta(seconds=30))
    clock.now += 29
    with pytest.raises(Busy):
        breaker.admit()

    clock.now += 1
    breaker.admit()
