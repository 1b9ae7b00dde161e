"""`./maintainuk import tickets` on files of our own."""

import asyncio

import pytest
from typer.testing import CliRunner

from maintainuk.cli import app
from maintainuk.domain.tickets import MaintenanceTicket
from maintainuk.infrastructure.embedded.configuration import environment_of

GOOD = "Ref,Description,Street,Town\nR-1,Tap drips,1 Elm Row,Leeds\nR-2,Door sticks,2 Elm Row,Leeds\n"
BAD = "R-3,,3 Elm Row,Leeds\n"


@pytest.fixture
async def typed(settings, world, tmp_path):
    """Types the command for a new organisation."""
    org_id = await world.organisation()

    async def type_in(content: str, *options: str):
        file = tmp_path / "repairs.csv"
        file.write_text(content, encoding="utf-8")
        words = ["import", "tickets", str(file), "--organisation", str(org_id), *options]
        result = await asyncio.to_thread(CliRunner().invoke, app, words, env=environment_of(settings))
        return result, await world.count(org_id, MaintenanceTicket)

    return type_in


async def test_a_file_comes_in_once_however_often_it_is_given(typed):
    first, after_first = await typed(GOOD)
    again, after_again = await typed(GOOD)

    assert (first.exit_code, after_first) == (0, 2), first.output
    assert "2 new, 0 already there, 0 repeated, 0 left out; 2 wait in “Home not known”." in first.output
    assert (again.exit_code, after_again) == (0, 2)
    assert "0 new, 2 already there" in again.output


async def test_a_dry_run_tells_and_writes_nothing(typed):
    result, tickets = await typed(GOOD, "--dry-run", "--map", "title=Description", "--map", "description=")

    assert (result.exit_code, tickets) == (0, 0), result.output
    assert "2 rows: 2 new (2 at homes not known), 0 already there, 0 repeated, 0 bad." in result.output


async def test_what_a_file_says_twice_or_otherwise_is_told_before_and_after(typed):
    told_again = "R-1,Boiler cold,1 Elm Row,Leeds\nR-2,Door sticks,2 Elm Row,Leeds\n"

    result, tickets = await typed(GOOD + told_again, "--skip-bad")

    assert (result.exit_code, tickets) == (0, 2), result.output
    assert "row 4, Ref: This reference stands in row 2 already" in result.output
    assert "2 new, 0 already there, 1 repeated, 1 left out" in result.output


async def test_dates_that_can_be_read_both_ways_are_told_until_somebody_says_how(typed):
    content = "Description,Street,Reported\nTap drips,1 Elm Row,10/07/2013\n"

    asked, _ = await typed(content, "--dry-run")
    answered, _ = await typed(content, "--dry-run", "--dates", "month-first")

    assert "10/07/2013 is read as 10 July 2013. If it is 7 October 2013, say --dates month-first." in asked.output
    assert "--dates" not in answered.output


async def test_a_bad_row_keeps_all_out_unless_it_is_left_out(typed):
    refused, none = await typed(GOOD + BAD)
    skipped, some = await typed(GOOD + BAD, "--skip-bad")

    assert (refused.exit_code, none) == (1, 0)
    assert "row 4, Description: Neither a title nor a description." in refused.output
    assert (skipped.exit_code, some) == (0, 2)


async def test_what_is_no_table_is_told_in_words(typed):
    result, tickets = await typed("PK\x03\x04")

    assert (result.exit_code, tickets) == (1, 0)
    assert "Excel workbook" in result.output
