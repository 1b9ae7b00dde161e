"""A worker process to measure and to hurt: it notes when each `Tick` starts, and its mailer can take its time.

python -m bench._worker [--log FILE] [--slow SECONDS]
"""

import asyncio
import time
from argparse import ArgumentParser
from dataclasses import replace
from pathlib import Path

import uvloop

from maintainuk.application.jobs import Job
from maintainuk.bootstrap import Providers, WorkerServices
from maintainuk.domain.ports import Email, Mailer, Receipt
from maintainuk.infrastructure.telemetry.logs import write_json
from maintainuk.settings import Settings
from maintainuk.worker.handlers import handles
from maintainuk.worker.main import work


class Tick(Job):
    """A job that is known by its number."""

    name = "bench-tick"
    number: int


@handles(Tick)
class TickHandler:
    """Notes the moment."""

    log = Path("/dev/null")

    def __init__(self, providers: Providers) -> None:
        self._log = self.log.open("a", buffering=1)

    async def run(self, job: Tick) -> None:
        self._log.write(f"{job.number} {time.time():.6f}\n")


class SlowMailer:
    """The mailer of the product on a slow day: it takes the message at once and answers late."""

    def __init__(self, mailer: Mailer, seconds: float) -> None:
        self.name, self.is_idempotent, self.look_up = mailer.name, mailer.is_idempotent, mailer.look_up
        self.is_there = mailer.is_there
        self._mailer, self._seconds = mailer, seconds

    async def send(self, email: Email, *, idempotency_key: str) -> Receipt:
        receipt = await self._mailer.send(email, idempotency_key=idempotency_key)
        await asyncio.sleep(self._seconds)
        return receipt


def main() -> None:
    arguments = ArgumentParser()
    arguments.add_argument("--log", type=Path)
    arguments.add_argument("--slow", type=float, default=0.0)
    chosen = arguments.parse_args()
    TickHandler.log = chosen.log or TickHandler.log
    settings = Settings()
    write_json(settings.log_level)
    services = WorkerServices(settings)
    if chosen.slow:
        slow = SlowMailer(services.providers.mailer, chosen.slow)
        services.providers = replace(services.providers, mailer=slow)
    uvloop.run(work(settings, services))  # as the product's own command does


if __name__ == "__main__":
    main()
