"""The worker process: keeps the outbox's promises until it is asked to stop."""

import asyncio
import signal
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta

import structlog
import uvloop
from sqlalchemy.exc import SQLAlchemyError

from maintainuk.application.jobs import AskAdvisor
from maintainuk.bootstrap import WorkerServices
from maintainuk.infrastructure.queue.backlog import backlog
from maintainuk.infrastructure.queue.postgres import PostgresQueue
from maintainuk.infrastructure.telemetry.logs import write_json
from maintainuk.settings import Settings
from maintainuk.worker import ai, documents, exports, imports, messaging, operations, photos
from maintainuk.worker.audit import seal_for_ever
from maintainuk.worker.delivery import Deliveries
from maintainuk.worker.dispatcher import Dispatcher
from maintainuk.worker.handlers import HANDLERS, Handling
from maintainuk.worker.housekeeping import keep_house
from maintainuk.worker.metrics import JobMetrics
from maintainuk.worker.privacy import keep_ledgers_for_ever
from maintainuk.worker.retention import forget_for_ever
from maintainuk.worker.runner import Runner
from maintainuk.worker.sealing import renew_for_ever

FEATURES = (messaging, photos, documents, ai, imports, exports, operations)
"""The modules whose handlers this worker knows."""

COUNT_EVERY = 5.0
READY_AFTER = 10.0
"""Seconds from its start until the worker readies its advisors: whoever has just started it wants a page first."""

log = structlog.get_logger("maintainuk.worker")


def run(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT: then claim nothing more, finish what runs, and give the rest back."""
    write_json(settings.log_level)
    uvloop.run(work(settings))


async def work(
    settings: Settings, services: WorkerServices | None = None, handlings: Mapping[str, Handling] = HANDLERS
) -> None:
    """Work in this event loop until a signal says stop."""
    services, metrics = services or WorkerServices(settings), JobMetrics()
    queue = PostgresQueue(
        settings.worker_dsn,
        list(handlings),
        lease=timedelta(seconds=settings.worker_lease),
        deadline=settings.database_deadline,
    )
    runner = Runner(queue, Deliveries(services), handlings, services, metrics)
    dispatcher = Dispatcher(queue, runner.run, metrics, concurrency=settings.worker_concurrency)
    loop = asyncio.get_running_loop()
    for wanted in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(wanted, dispatcher.stop)
    await services.open()
    log.info("Worker started")
    try:
        async with asyncio.TaskGroup() as beside:
            beside_jobs = (keep_house, seal_for_ever, renew_for_ever, keep_ledgers_for_ever, forget_for_ever)
            tasks = [beside.create_task(work(services)) for work in beside_jobs]
            if AskAdvisor.name in handlings:
                tasks.append(beside.create_task(_get_ready(services)))
            if settings.worker_metrics_port is not None:
                metrics.serve(
                    settings.worker_metrics_port,
                    host=settings.host,
                    token=settings.metrics_token,
                    is_demo=settings.is_demo,
                )
                tasks.append(beside.create_task(_count(services, metrics)))
            await dispatcher.work()
            for task in tasks:
                task.cancel()
    finally:
        await services.close()
    log.info("Worker stopped")


async def _get_ready(services: WorkerServices) -> None:
    await asyncio.sleep(READY_AFTER)
    try:
        await services.providers.advisors.get_ready()
    except Exception:
        log.exception("The advisors are not ready")  # whoever asks is told; everybody else's work goes on


async def _count(services: WorkerServices, metrics: JobMetrics) -> None:
    while True:
        with suppress(SQLAlchemyError, OSError, TimeoutError):
            async with services.database.connection() as connection:
                metrics.show(await backlog(connection))
        await asyncio.sleep(COUNT_EVERY)
