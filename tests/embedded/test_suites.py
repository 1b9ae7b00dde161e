"""The second command leaves nothing out silently."""

from pathlib import Path

import pytest

from maintainuk.cli import suites

CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def machine_without_a_browser(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("MAINTAINUK_CHROMIUM", raising=False)


def test_without_a_browser_it_says_what_it_left_out_and_how_to_get_it(monkeypatch):
    monkeypatch.delenv("CI", raising=False)

    outcome = suites.browser(CHECKOUT, [])

    assert outcome.is_good
    assert "LEFT OUT" in outcome.words
    assert "apt-get install -y chromium" in outcome.words


def test_in_ci_a_missing_browser_fails(monkeypatch):
    monkeypatch.setenv("CI", "true")

    assert not suites.browser(CHECKOUT, []).is_good
