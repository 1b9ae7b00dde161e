"""Once an hour, one of the workers removes what has served its time."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from datetime import datetime, timedelta
from uuid import UUID

import structlog
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from maintainuk.bootstrap import WorkerServices
from maintainuk.domain.documents import pages_of, quarantine_of
from maintainuk.domain.exports import exports_of
from maintainuk.domain.import_files import files_of
from maintainuk.domain.imports import UNDO_WITHIN
from maintainuk.domain.mailbox import letters_of
from maintainuk.domain.photos import originals_of
from maintainuk.infrastructure.database.leftovers import (
    PORTION,
    homeless_identities,
    remove_ended_links,
    remove_ended_sessions,
    remove_idempotent_answers,
    remove_identity,
    remove_old_sign_in_events,
    remove_unconfirmed,
    the_only_sweeper,
)
from maintainuk.infrastructure.repositories.documents import EVERYTHING, Documents
from maintainuk.infrastructure.repositories.exports import Exports
from maintainuk.infrastructure.repositories.imports import PortfolioImports
from maintainuk.infrastructure.repositories.live import LiveEvents
from maintainuk.infrastructure.repositories.organisations import Organisations
from maintainuk.infrastructure.repositories.photos import Photos
from maintainuk.worker.rounds import again_and_again

EVERY = 3600.0
LIVE_EVENTS_KEPT = timedelta(hours=24)
IDEMPOTENT_ANSWERS_KEPT = timedelta(days=7)
ENDED_SESSIONS_KEPT = timedelta(days=30)
ENDED_LINKS_KEPT = timedelta(days=30)
"""Whoever comes late is told that theirs has ended; after that it is unknown."""

SIGN_IN_EVENTS_KEPT = timedelta(days=90)
ORIGINALS_KEPT = timedelta(hours=24)
FILES_KEPT = timedelta(hours=24)
DOCUMENTS_KEPT = timedelta(hours=24)
"""Withdrawn ones may be brought back so long, and announced ones may still get their file."""

FETCHED_LATE = timedelta(hours=1)
"""Whoever began to fetch an export in its last minute has it to the end."""

EXPORTS_BROKEN_OFF = timedelta(hours=1)
"""Whoever writes an export adds to it all the time."""

CONFIRMED_LATE = timedelta(hours=1)
"""Whoever confirms in the last second of a sign-up still gets in."""

Opening = Callable[[], AbstractAsyncContextManager[AsyncSession]]
Removal = Callable[[AsyncSession], Awaitable[int]]

log = structlog.get_logger("maintainuk.worker")


async def keep_house(services: WorkerServices) -> None:
    """Sweep every hour, for ever."""

    async def tidy() -> None:
        for part, count in (await sweep(services)).items():
            log.info("Housekeeping removed what was old", part=part, count=count)

    await again_and_again(tidy, name="housekeeping", every=EVERY)


async def sweep(services: WorkerServices) -> Counter[str]:
    """Remove what is too old and return how many rows of each kind; none while another worker is at it."""
    removed: Counter[str] = Counter()
    now = services.clock()
    async with the_only_sweeper(services.database) as may:
        if not may:
            return removed
        installation = services.database.installation
        async with installation() as session:
            organisations = await Organisations(session).confirmed()
            unconfirmed = await Organisations(session).over(now - CONFIRMED_LATE)
        for org_id in unconfirmed:
            removed["unconfirmed"] += await _forget_sign_up(services, org_id, now)
        removed["sessions"] = await _all(
            installation, lambda session: remove_ended_sessions(session, before=now - ENDED_SESSIONS_KEPT)
        )
        removed["links"] = await _all(
            installation, lambda session: remove_ended_links(session, before=now - ENDED_LINKS_KEPT)
        )
        removed["sign_in_events"] = await _all(
            installation, lambda session: remove_old_sign_in_events(session, before=now - SIGN_IN_EVENTS_KEPT)
        )
        removed["identities"] = await _forget_homeless(installation)
        for org_id in organisations:
            try:
                await _sweep_organisation(_of(services, org_id), now, removed)
                async with _of(services, org_id)() as session:
                    await PortfolioImports(session).lose_keys(now - FILES_KEPT)
                    removed["import_records"] += await PortfolioImports(session).forget_before(
                        org_id, now - UNDO_WITHIN
                    )
                removed["imported_files"] += await _discard_files(services, org_id, now)
                removed["originals"] += await _discard_orphans(services, org_id, now)
                removed["documents"] += await _remove_documents(services, org_id, now)
                removed["quarantined"] += await _discard_quarantined(services, org_id, now)
                removed["exports"] += await _discard_exports(services, org_id, now)
                for folder, kept in (
                    (originals_of(org_id), ORIGINALS_KEPT),
                    (files_of(org_id), FILES_KEPT),
                    (quarantine_of(org_id), DOCUMENTS_KEPT),
                    (exports_of(org_id), EXPORTS_BROKEN_OFF),
                ):
                    removed["unfinished"] += await services.files.discard_unfinished(folder, before=now - kept)
            except Exception:  # its rows may be locked; the other organisations' go all the same
                log.exception("Housekeeping left an organisation out", org_id=str(org_id))
    return +removed


async def _forget_sign_up(services: WorkerServices, org_id: UUID, now: datetime) -> int:
    """Remove an organisation that nobody has confirmed, and its letter where the demo keeps one."""
    try:
        async with _of(services, org_id)() as session:
            is_gone = await remove_unconfirmed(session, org_id, before=now - CONFIRMED_LATE)
        if is_gone:
            letters = [file.path async for file in services.files.below(letters_of(org_id))]
            for path in letters:
                await services.files.delete(path)
    except Exception:  # somebody may be confirming it at this very moment
        log.exception("Housekeeping left a sign-up", org_id=str(org_id))
        return 0
    return int(is_gone)


async def _sweep_organisation(opening: Opening, now: datetime, removed: Counter[str]) -> None:
    removed["live_events"] += await _all(opening, lambda session: LiveEvents(session).prune(now - LIVE_EVENTS_KEPT))
    removed["idempotent_answers"] += await _all(
        opening, lambda session: remove_idempotent_answers(session, before=now - IDEMPOTENT_ANSWERS_KEPT)
    )


async def _discard_orphans(services: WorkerServices, org_id: UUID, now: datetime) -> int:
    """Remove files that were sent as photos and that no photo waits for: their upload broke off at the very end."""
    old = {
        UUID(file.path.rpartition("/")[2]): file.path
        async for file in services.files.below(originals_of(org_id))
        if file.kept_since < now - ORIGINALS_KEPT
    }
    async with _of(services, org_id)() as session:
        waiting = await Photos(session).waiting(old)
    orphans = old.keys() - waiting
    for orphan in orphans:
        await services.files.delete(old[orphan])
    return len(orphans)


async def _remove_documents(services: WorkerServices, org_id: UUID, now: datetime) -> int:
    """Remove documents that were withdrawn, or never came: their pages first, so that nothing is left without a row."""
    async with _of(services, org_id)() as session:
        over = await Documents(session, EVERYTHING).over(before=now - DOCUMENTS_KEPT)
    for document_id in over:
        pages = [file.path async for file in services.files.below(pages_of(org_id, document_id))]
        for path in pages:
            await services.files.delete(path)
    async with _of(services, org_id)() as session:
        await Documents(session, EVERYTHING).remove(over)
    return len(over)


async def _discard_quarantined(services: WorkerServices, org_id: UUID, now: datetime) -> int:
    """Remove files that were sent as documents and belong to none: their upload broke off, or they were removed."""
    old = {
        UUID(file.path.rpartition("/")[2]): file.path
        async for file in services.files.below(quarantine_of(org_id))
        if file.kept_since < now - DOCUMENTS_KEPT
    }
    async with _of(services, org_id)() as session:
        kept = await Documents(session, EVERYTHING).holding(old)
    orphans = old.keys() - kept
    for orphan in orphans:
        await services.files.delete(old[orphan])
    return len(orphans)


async def _discard_files(services: WorkerServices, org_id: UUID, now: datetime) -> int:
    """Remove files of tickets a day after they came: they are in by then, or nobody wanted them to be."""
    old = [file.path async for file in services.files.below(files_of(org_id)) if file.kept_since < now - FILES_KEPT]
    for path in old:
        await services.files.delete(path)
    return len(old)


async def _discard_exports(services: WorkerServices, org_id: UUID, now: datetime) -> int:
    """Remove what was taken along long enough ago, and what attempts left that came to nothing."""
    files = {UUID(file.path.rpartition("/")[2]): file.path async for file in services.files.below(exports_of(org_id))}
    async with _of(services, org_id)() as session:
        exports = Exports(session)
        for export in await exports.over(now - FETCHED_LATE):
            export.gone()
        await session.flush()
        kept = await exports.wanted(files)
    for file_id in files.keys() - kept:
        await services.files.delete(files[file_id])
    return len(files.keys() - kept)


def _of(services: WorkerServices, org_id: UUID) -> Opening:
    @asynccontextmanager
    async def opening() -> AsyncIterator[AsyncSession]:
        async with services.database.session(org_id) as session, session.begin():
            yield session

    return opening


async def _forget_homeless(opening: Opening) -> int:
    """Remove the ways in that lead nowhere any more, but those that something still needs."""
    gone = 0
    async with opening() as session:
        homeless = await homeless_identities(session)
    for identity_id in homeless:
        with suppress(IntegrityError):
            async with asyncio.timeout(30), opening() as session:
                await remove_identity(session, identity_id)
            gone += 1
    return gone


async def _all(opening: Opening, remove: Removal) -> int:
    """Remove portion by portion, each in a transaction of its own."""
    total = 0
    while True:
        async with asyncio.timeout(30), opening() as session:
            gone = await remove(session)
        total += gone
        if gone < PORTION:
            return total
