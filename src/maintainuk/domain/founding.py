"""How an organisation begins: set up with the installation, made by the platform, or signed up for by anybody."""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from maintainuk.domain.invitations import GOOD_FOR
from maintainuk.domain.organisations import Nation, OrganisationKind

WAITS: Final[timedelta] = GOOD_FOR
"""As long as the letter's link is good; then nothing of a sign-up is left."""

MOST_WAITING: Final = 500
"""Organisations that nobody has confirmed, in the whole installation."""

MOST_LETTERS: Final = 3
"""Organisations that wait for one mailbox."""

_LEADS_SOMEWHERE = re.compile(r"://|www\.|[^\s.][.。．｡][^\W\d_]{2,}|[@<>＜＞]", re.IGNORECASE)  # noqa: RUF001  (dots that browsers take for one)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOrganisation:
    """An organisation to be, and where its first administrator reads letters."""

    name: str
    kind: OrganisationKind
    nation: Nation
    email: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Founder:
    """Who sets an installation up, and for which organisation."""

    organisation: NewOrganisation
    name: str


def leads_somewhere(name: str) -> bool:
    """Say whether mail programs would make a link or more of a name: the letter to a stranger repeats it."""
    return _LEADS_SOMEWHERE.search(name) is not None
