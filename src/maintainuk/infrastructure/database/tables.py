"""The whole schema in one place: importing this module knows every entity of the domain."""

import importlib
import pkgutil

from sqlalchemy import MetaData

from maintainuk import domain
from maintainuk.domain.base import Entity

for _module in pkgutil.iter_modules(domain.__path__):
    importlib.import_module(f"{domain.__name__}.{_module.name}")

METADATA: MetaData = Entity.metadata

INSTALLATION_WIDE = {
    "organisations": "names the organisations themselves; asked before one is known",
    "identities": "answers 'which organisation?' at sign-in; blind index and hash only",
    "memberships": "answers 'which organisations?' of an identity; ids only",
    "contractor_firms": "answers 'which organisations?' of a firm that works for several; ids only",
    "link_tokens": "answers 'which organisation?' of a link; keyed hashes and ids only",
    "second_factors": "an identity's, whatever the organisation; public keys and sealed seeds only",
    "recovery_codes": "an identity's, whatever the organisation; keyed hashes only",
    "sign_in_events": "an identity's, whatever the organisation; kinds of browser and parts of addresses only",
    "platform_administrators": "says which identities look after organisations; ids only",
    "sessions": "answers 'which organisation?' of a refresh token; hashes and ids only",
}
"""Tables without row-level security, each with its reason. The catalogue guard refuses any other."""

SEARCH_FUNCTIONS = ("search_tickets", "search_homes", "search_units", "search_people", "organisation_counts")
"""The only functions that run with rights beyond their caller's; the guard and the escape tests know them by name."""
