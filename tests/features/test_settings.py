"""What an installation refuses to start with."""

import pytest
from pydantic import SecretStr, ValidationError

from maintainuk.settings import Mode, Settings

GOOD_KEY = "q7RkzT0mVh2Wc9LxYb4NfJ8uGd1PaE6s"


def live(**given: str) -> Settings:
    chosen = {"secret_key": GOOD_KEY, "database_url": "postgresql://", **given}
    return Settings.model_validate({**chosen, "mode": Mode.LIVE})


@pytest.mark.parametrize(
    "key",
    [
        "change-this-secret-key-before-production",
        "0123456789-My-Password-0123456789-xyz",
        "an-EXAMPLE-key-of-more-than-32-letters",
        "abababababababababababababababababab",
    ],
)
def test_live_mode_refuses_a_key_out_of_a_guide(key):
    with pytest.raises(ValidationError, match=r"looks like a default.*openssl rand"):
        live(secret_key=key)


@pytest.mark.parametrize("address", ["", "http://repairs.example.com"])
def test_live_mode_beyond_this_machine_needs_https(address):
    with pytest.raises(ValidationError, match="needs an https:// address in MAINTAINUK_PUBLIC_URL"):
        live(host="0.0.0.0", public_url=address)


@pytest.mark.parametrize(
    "given", [{}, {"host": "0.0.0.0", "public_url": "https://repairs.example.com"}, {"public_url": "http://localhost"}]
)
def test_live_mode_starts_behind_https_or_on_this_machine_alone(given):
    assert live(**given).secret_key == SecretStr(GOOD_KEY)
