"""The worker process: keeps the outbox's promises until it is asked to stop."""

import asyncio
import signal
from datetime import timedelta

import structlog
import uvloop

from maintainuk.bootstrap import WorkerServices
from maintainuk.infrastructure.queue.postgres import PostgresQueue
from maintainuk.settings import Settings
from maintainuk.worker import messaging, metrics, operations
from maintainuk.worker.delivery import Deliveries
from maintainuk.worker.dispatcher import Dispatcher
from maintainuk.worker.handlers import HANDLERS
from maintainuk.worker.runner import Runner

FEATURES = (messaging, operations)
"""The modules whose handlers this worker knows."""

log = structlog.get_logger("maintainuk.worker")


def run(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT: then claim nothing more, finish what runs, and give the rest back."""
    uvloop.run(work(settings))


async def work(settings: Settings) -> None:
    """Work in this event loop."""
    services = WorkerServices(settings)
    queue = PostgresQueue(
        settings.worker_dsn,
        list(HANDLERS),
        lease=timedelta(seconds=settings.worker_lease),
        deadline=settings.database_deadline,
    )
    runner = Runner(queue, Deliveries(services), HANDLERS, services)
    dispatcher = Dispatcher(queue, runner.run, concurrency=settings.worker_concurrency)
    loop = asyncio.get_running_loop()
    for wanted in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(wanted, dispatcher.stop)
    if settings.worker_metrics_port is not None:
        metrics.serve(settings.host, settings.worker_metrics_port)
    log.info("Worker started", concurrency=settings.worker_concurrency)
    await services.open()
    try:
        await dispatcher.work()
    finally:
        await services.close()
    log.info("Worker stopped")
