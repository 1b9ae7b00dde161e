"""The composition root: settings in, services out. Nothing else knows which provider stands behind a port."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

from sqlalchemy.pool import QueuePool

from maintainuk.application.founding import Foundations, Founding
from maintainuk.application.front_door import refuse_demo
from maintainuk.application.joining import Joining
from maintainuk.application.links import Entry
from maintainuk.application.passwords import PasswordReset
from maintainuk.application.sign_in import SignIn
from maintainuk.application.sign_up import SignUp
from maintainuk.application.single_sign_on import SingleSignOn
from maintainuk.domain.exports import Packer as ExportPacker
from maintainuk.domain.ports import (
    AddressBook,
    Advisor,
    Advisors,
    DangerListener,
    FileStore,
    Mailer,
    PageCopyist,
    PhotoStudio,
    TableReader,
)
from maintainuk.infrastructure.cache.answers import Answers
from maintainuk.infrastructure.cache.redis import Circuit, redis_of
from maintainuk.infrastructure.cache.shares import Shares
from maintainuk.infrastructure.database.engine import Database, end_long_transactions, engine_for
from maintainuk.infrastructure.database.migrate import newest_revision
from maintainuk.infrastructure.exports.packer import Packer
from maintainuk.infrastructure.hints import CommitHints
from maintainuk.infrastructure.images.bounded import BoundedRedraw
from maintainuk.infrastructure.images.copyist import Copyist
from maintainuk.infrastructure.images.studio import Studio
from maintainuk.infrastructure.import_files import ImportFiles
from maintainuk.infrastructure.live.hub import LiveHub
from maintainuk.infrastructure.providers.absent import NoMailer
from maintainuk.infrastructure.providers.advisors import advisors, behind_an_account
from maintainuk.infrastructure.providers.embedded import EmbeddedMailbox
from maintainuk.infrastructure.providers.embedded_advisor.advisor import EmbeddedAdvisor
from maintainuk.infrastructure.providers.embedded_advisor.listener import RuleListener
from maintainuk.infrastructure.providers.known_addresses import KnownHomes
from maintainuk.infrastructure.providers.openid import OpenId
from maintainuk.infrastructure.providers.os_places import OsPlaces
from maintainuk.infrastructure.providers.real_people import ToRealPeopleAlone
from maintainuk.infrastructure.security.api_keys import ApiKeySecrets
from maintainuk.infrastructure.security.audit_chain import AuditChain
from maintainuk.infrastructure.security.authenticators import Authenticators
from maintainuk.infrastructure.security.export_links import ExportLinks
from maintainuk.infrastructure.security.guesses import Guesses
from maintainuk.infrastructure.security.link_secrets import LinkSecrets
from maintainuk.infrastructure.security.photo_links import PageLinks, PhotoLinks
from maintainuk.infrastructure.security.tokens import Tokens
from maintainuk.infrastructure.storage.files import Files
from maintainuk.infrastructure.telemetry.metrics import Metrics
from maintainuk.infrastructure.telemetry.spans import Spans
from maintainuk.settings import AdvisorSettings, Settings


def now() -> datetime:
    """Return this instant, in UTC."""
    return datetime.now(UTC)


class Services:
    """What the API is made of. Making them does no input or output; `open` and `close` do.

    A new service is one line in `__init__`, and one in `open` and `close` each when it holds something open.
    """

    def __init__(self, settings: Settings, *, clock: Callable[[], datetime] = now) -> None:
        self.settings = settings
        self.clock = clock

        self.database = Database(engine_for(settings.app_dsn, settings, application="maintainuk-api"))
        end_long_transactions(self.database.engine, after=settings.longest_transaction)
        self.circuit = Circuit(redis_of(settings))
        self.hints = CommitHints(settings, self.circuit)
        self.shares = Shares(self.circuit)
        self.answers = Answers(
            self.circuit,
            key=settings.derived_key("remembered-answers"),
            seconds=settings.response_cache_seconds,
            is_behind=self.hints.is_behind,
        )
        self.live = LiveHub(self.database, self.circuit.redis, longest_transaction=settings.longest_transaction)
        self.tokens = Tokens(settings)
        self.fingerprint_key = settings.lasting_key("request-fingerprint")
        self.metrics = Metrics("api")
        self.guesses = Guesses(self.circuit)
        self.link_secrets = LinkSecrets(settings)
        self.api_keys = ApiKeySecrets(settings)
        self.entry = Entry(self.database, self.link_secrets, self.hints)
        self.spans = Spans(settings, "maintainuk-api")
        self.sign_in = SignIn(
            settings, self.database, self.tokens, self.guesses, hints=self.hints, registry=self.metrics.registry
        )
        self.authenticators = Authenticators(settings)
        self.password_reset = PasswordReset(self.sign_in)
        self.foundations = Foundations(settings, self.link_secrets, self.sign_in.index)
        self.founding = Founding(settings, self.sign_in, self.foundations)
        self.sign_up = SignUp(settings, self.sign_in, self.foundations)
        self.single_sign_on = SingleSignOn(settings, self.sign_in, OpenId(settings, clock))
        self.joining = Joining(self.database, self.link_secrets, self.sign_in)
        self.files: FileStore = Files(settings.storage_url)
        self.photo_links = PhotoLinks(settings)
        self.drawing = BoundedRedraw()
        self.page_links = PageLinks(settings)
        self.export_links = ExportLinks(settings)
        self.listener: DangerListener = RuleListener()
        self.import_files = ImportFiles(self.files, clock)
        self.address_books = address_books(settings, self.database)
        self._count_connections()

    @cached_property
    def newest_revision(self) -> str | None:
        """The migration this release needs."""
        return newest_revision()

    async def open(self) -> None:
        """Start what works in the background. Raises `DemoInLiveMode`."""
        if not self.settings.is_demo:
            await refuse_demo(self.database)
        await self.hints.open()
        await self.shares.open()
        await self.live.open()

    async def close(self) -> None:
        """Stop it again, in the opposite order, and give all connections back."""
        await self.live.close()
        for book in self.address_books:
            await book.close()
        await self.sign_in.close()
        await self.entry.close()
        await self.shares.close()
        await self.hints.close()
        if self.circuit.redis is not None:
            await self.circuit.redis.aclose()
        await self.database.close()
        await asyncio.to_thread(self.spans.close)

    def _count_connections(self) -> None:
        pool = self.database.engine.sync_engine.pool
        assert isinstance(pool, QueuePool)
        self.metrics.reading("maintainuk_database_connections_in_use", "Taken from the pool.", pool.checkedout)
        self.metrics.reading("maintainuk_database_connections_allowed", "Size of the pool.", pool.size)
        self.metrics.reading("maintainuk_redis_up", "1 while Redis answers.", lambda: float(self.circuit.is_up))


def address_books(settings: Settings, database: Database) -> tuple[AddressBook, ...]:
    """Return who is asked for addresses: what is known here first, and an account's service if there is one."""
    known = KnownHomes(database.session)
    if settings.os_places_key is None:
        return (known,)
    return known, OsPlaces(key=settings.os_places_key.get_secret_value(), url=settings.os_places_url)


@dataclass(frozen=True, slots=True)
class Site:
    """Where letters lead people."""

    address: str
    link_secrets: LinkSecrets


def advisor_to_measure(settings: AdvisorSettings, *, with_account: bool) -> Advisor | None:
    """Return an advisor for somebody who only measures it; nobody when the account's key is missing."""
    return behind_an_account(settings) if with_account else EmbeddedAdvisor()


@dataclass(frozen=True, slots=True)
class Providers:
    """The outside world, as handlers of jobs see it. In demo mode embedded twins stand in, in live mode nobody."""

    mailer: Mailer
    mail_sender: str
    site: Site
    studio: PhotoStudio
    copyist: PageCopyist
    tables: TableReader
    packer: ExportPacker
    advisors: Advisors
    listener: DangerListener


class WorkerServices:
    """What the worker is made of."""

    def __init__(self, settings: Settings, *, clock: Callable[[], datetime] = now) -> None:
        self.settings = settings
        self.clock = clock

        self.database = Database(engine_for(settings.worker_dsn, settings, application="maintainuk-worker"))
        end_long_transactions(self.database.engine, after=2 * settings.database_deadline)
        self.circuit = Circuit(redis_of(settings))
        self.hints = CommitHints(settings, self.circuit)
        self.files: FileStore = Files(settings.storage_url)
        self.audit_chain = AuditChain(settings)
        self.spans = Spans(settings, "maintainuk-worker")
        drawing = BoundedRedraw()  # one child process for both: the bound on one file is the bound on all
        self.providers = Providers(
            mailer=(
                EmbeddedMailbox(self.database.session, self.files, clock)
                if settings.is_demo
                else ToRealPeopleAlone(NoMailer())
            ),
            mail_sender=settings.mail_sender,
            site=Site(settings.address, LinkSecrets(settings)),
            studio=Studio(self.files, drawing),
            copyist=Copyist(self.files, drawing),
            tables=ImportFiles(self.files, clock),
            packer=Packer(self.database.session, self.files, clock),
            advisors=advisors(settings, self.database.session),
            listener=RuleListener(),
        )

    async def open(self) -> None:
        """Start what works in the background."""
        await self.hints.open()

    async def close(self) -> None:
        """Stop it again, and give all connections back."""
        await self.providers.advisors.close()
        await self.hints.close()
        if self.circuit.redis is not None:
            await self.circuit.redis.aclose()
        await self.database.close()
        await asyncio.to_thread(self.spans.close)
