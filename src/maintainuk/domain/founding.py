"""The first organisation of a live installation, and who looks after it."""

from dataclasses import dataclass, field

from maintainuk.domain.organisations import Nation, OrganisationKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Founder:
    """Who sets an installation up, and for which organisation."""

    organisation: str
    kind: OrganisationKind
    nation: Nation
    name: str
    email: str = field(repr=False)
