"""Everything an organisation owns goes along, or one page says why not."""

import re

import pytest
from sqlalchemy import LargeBinary

from maintainuk.domain.sealing import Sealed
from maintainuk.infrastructure.database.tables import INSTALLATION_WIDE, METADATA
from maintainuk.infrastructure.exports.contents import COLUMNS_LEFT_OUT, TABLES, TABLES_LEFT_OUT, tables

OF_ORGANISATIONS = {table.name: table for table in METADATA.sorted_tables if "org_id" in table.c}
SOUNDS_SECRET = re.compile(r"secret|password|hash|token|seed|(^|_)key$|_index$|wrapped|mac$")
NO_SECRETS = {
    *("documents.sha256", "exports.sha256"),
    "provider_calls.key",  # the number of a promise
    *("ai_jobs.tokens_in", "ai_jobs.tokens_out"),  # pieces of words, counted
}
"""What sounds or is stored like a secret and is none."""


def gone_along() -> dict[str, list[str]]:
    return {table.name: [column.name for column in columns] for table, columns in tables()}


def test_every_table_of_an_organisation_goes_along_or_has_a_reason():
    assert TABLES.keys() & TABLES_LEFT_OUT.keys() == set()
    assert TABLES.keys() | TABLES_LEFT_OUT.keys() == OF_ORGANISATIONS.keys()
    assert TABLES.keys() & INSTALLATION_WIDE.keys() == set()


def test_every_column_goes_along_or_has_a_reason():
    known = {f"{name}.{column.name}" for name, table in OF_ORGANISATIONS.items() for column in table.c}

    assert COLUMNS_LEFT_OUT.keys() <= known
    along = gone_along()
    for name in TABLES:
        columns = {column.name for column in OF_ORGANISATIONS[name].c}
        left_out = {column for column in columns if f"{name}.{column}" in COLUMNS_LEFT_OUT}
        assert set(along[name]) | left_out | {"org_id"} == columns, name


@pytest.mark.parametrize("name", sorted(TABLES))
def test_no_secret_goes_along(name):
    table = OF_ORGANISATIONS[name]
    for column in gone_along()[name]:
        is_sealed = isinstance(table.c[column].type, Sealed)
        is_secret = SOUNDS_SECRET.search(column) or (isinstance(table.c[column].type, LargeBinary) and not is_sealed)
        assert not is_secret or f"{name}.{column}" in NO_SECRETS, column


def test_a_secret_that_nobody_listed_would_be_seen():
    for name in ("secret_hash", "password", "client_secret", "email_index", "name_tokens", "file_key", "sealed_seed"):
        assert SOUNDS_SECRET.search(name), name


@pytest.mark.parametrize("told", [TABLES, TABLES_LEFT_OUT, COLUMNS_LEFT_OUT], ids=["tables", "left out", "columns"])
def test_each_is_said_in_a_sentence(told):
    assert all(words.endswith(".") and len(words.split()) >= 3 for words in told.values())
