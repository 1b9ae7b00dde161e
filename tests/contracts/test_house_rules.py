"""The rules of the house that a machine can hold (ARCHITECTURE.md names each with its reason)."""

import ast
import importlib
import pkgutil
from pathlib import Path

import pytest

import maintainuk
from maintainuk.application.jobs import JOBS, Job
from maintainuk.application.reactions import REACTIONS
from maintainuk.cli.documents import stale
from maintainuk.domain.base import Event
from maintainuk.infrastructure.migrations import versions

SOURCE = Path(maintainuk.__file__).parent
FORBIDDEN_NAMES = {"utils", "helpers", "common", "core", "lib", "shared", "manager", "misc"}
ABSTRACT_EVENTS = {"TicketEvent", "TicketNews", "MessageEvent", "PhotoEvent", "DocumentEvent", "AiEvent"}
SILENT_EVENTS: dict[str, str] = {}
"""Events that nothing follows from, each with its reason."""

# Words of one layer alone, each for a reason; every other file name is a feature's and means the same everywhere.
ONLY_IN = {
    "application": {
        *("jobs", "reactions", "recording", "unit_of_work", "front_door"),
        "search",  # finds things of every feature
        "administrators",  # what is written to them whatever the feature
        *("switching", "ended_elsewhere"),  # what a sign-in does across organisations, apart from what it does in one
        *("joining", "firms", "sign_up"),  # taking one's place, and what begins with it
        *("portfolio_imports", "portfolio_known"),  # files of the portfolio, apart from those of tickets
        "portfolio_exports",  # the same on their way out
        "triage",  # what a coordinator decides about tickets, apart from what everybody does with them
    },
    "repositories": {
        *("ticket_filters", "ticket_rows"),  # what lists of tickets are asked for and show, apart from finding them
        "reach",  # how far permissions reach, in the words of SQL
        "firms",  # which firm of the installation a contractor is, apart from contractors: no view shows it
        "present",  # who lives where on a day, asked by every statement that speaks of the present
        "portfolio_exports",  # what lists say in the columns of the templates
        "buildings",  # properties as a list and as a page, apart from finding one home among all
        "taken",  # what the database refuses because somebody else has it
        "searching",  # what every search asks with, whatever it looks for
        "search",  # finds any of the others
    },
    "worker": {
        *("main", "dispatcher", "rounds", "runner", "delivery", "retries", "handlers", "metrics"),  # the machinery
        *("operations", "housekeeping", "schedules"),  # what it does for the product itself
        "letters",  # how messages are worded
    },
}


def modules(layer: str) -> set[str]:
    package = importlib.import_module(f"maintainuk.{layer}")
    return {module.name for module in pkgutil.iter_modules(package.__path__) if not module.name.startswith("_")}


def subclasses(kind: type) -> set[type]:
    return {one for direct in kind.__subclasses__() for one in (direct, *subclasses(direct))}


def test_every_event_has_a_reaction_or_is_listed_as_silent():
    events = {event for event in subclasses(Event) if event.__name__ not in ABSTRACT_EVENTS}

    assert {event.__name__ for event in events} == {event.__name__ for event in REACTIONS} | SILENT_EVENTS.keys()


def test_every_job_is_listed_by_its_name():
    assert {job.name: job for job in subclasses(Job) if job.__module__.startswith("maintainuk.")} == JOBS


def test_a_feature_has_one_word_in_every_layer():
    nouns = modules("domain")
    for layer in ("application", "worker"):
        assert modules(layer) - ONLY_IN[layer] <= nouns, layer
    repositories = {module.name for module in pkgutil.iter_modules([str(SOURCE / "infrastructure" / "repositories")])}
    assert repositories - ONLY_IN["repositories"] <= nouns


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.py")), ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_file_is_small_and_named_after_what_it_holds(path):
    assert path.stem not in FORBIDDEN_NAMES
    assert path.parent.name not in FORBIDDEN_NAMES
    if Path(versions.__file__).parent not in path.parents:
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


COMMITS = {"commit", "begin", "begin_nested", "transaction"}
OWN_TRANSACTIONS = {
    "application/unit_of_work.py": "the edge of every use case",
    "infrastructure/database/engine.py": "`installation()` reads tables that belong to no organisation",
    "infrastructure/database/migrate.py": "migrations run before there is any use case",
    "infrastructure/migrations/env.py": "the same",
    "infrastructure/demo/load.py": "loads rows as the owner, before anybody can sign in",
    "infrastructure/embedded/doctor.py": "only asks",
    "infrastructure/embedded/external.py": "only asks whether somebody answers",
    "infrastructure/exports/packer.py": "says how far it has come while it reads as of one moment, which must not end",
    "infrastructure/hints.py": "listens for hints and gives them, after the commit",
    "infrastructure/providers/embedded.py": "stands in for somebody outside, who keeps what he took whatever we do",
    "infrastructure/repositories/taken.py": "a savepoint: what the database refuses is told, and the use case goes on",
    "infrastructure/queue/postgres.py": "the transport: a claim must stand before the job starts",
    "worker/housekeeping.py": "deletes portion by portion what has served its time; no entity has a say in it",
}
"""Files that may end a transaction of their own, each with its reason. A bare connection commits each statement."""


def ends_a_transaction(path: Path) -> bool:
    return any(
        isinstance(node, ast.Attribute) and (node.attr in COMMITS or ast.unparse(node) == "asyncpg.connect")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    )


def test_only_the_unit_of_work_commits():
    found = {str(path.relative_to(SOURCE)) for path in SOURCE.rglob("*.py") if ends_a_transaction(path)}

    assert found == OWN_TRANSACTIONS.keys()


def test_the_tests_may_use_the_benchmarks_and_never_the_other_way_round():
    imported = {
        (path.name, name)
        for path in (SOURCE.parents[1] / "bench").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in [getattr(node, "module", None) or "", *(each.name for each in node.names)]
    }

    assert not [(path, name) for path, name in imported if name.partition(".")[0] == "tests"]


def test_the_written_pages_say_what_the_code_says():
    assert stale() == []
