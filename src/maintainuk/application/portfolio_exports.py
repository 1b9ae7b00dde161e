"""Lists of the portfolio as files: portion by portion, in the columns by which they come in again."""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Any, Final
from uuid import UUID

from maintainuk.application.contractors import ContractorService
from maintainuk.application.people import PersonService
from maintainuk.application.properties import PropertyService
from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.domain.imports import ImportKind
from maintainuk.domain.permissions import FURTHER, Grants, Permission, Scope
from maintainuk.infrastructure.repositories.buildings import PropertyFilter
from maintainuk.infrastructure.repositories.contractors import ContractorFilter
from maintainuk.infrastructure.repositories.portfolio_exports import Line, PortfolioLists

BUILDINGS: Final = 100
HOMES: Final = 1_000
"""Of a portion, unless one building has more: a hundred blocks of five hundred would fill the memory."""
ROWS: Final = 500
"""People or firms of a portion."""

# The first is that of the list; the others have to reach as far, because what stands in its rows is asked by their ids.
NEEDS: Final[Mapping[ImportKind, tuple[Permission, ...]]] = {
    ImportKind.PROPERTIES: (Permission.PROPERTIES_READ,),
    ImportKind.UNITS: (Permission.PROPERTIES_READ,),
    ImportKind.HOMES: (Permission.PROPERTIES_READ, Permission.TENANCIES_READ, Permission.PEOPLE_READ),
    ImportKind.TENANCIES: (Permission.PROPERTIES_READ, Permission.TENANCIES_READ, Permission.PEOPLE_READ),
    ImportKind.PEOPLE: (Permission.PEOPLE_READ, Permission.TENANCIES_READ),
    ImportKind.CONTRACTORS: (Permission.CONTRACTORS_READ, Permission.PEOPLE_READ),
}


def lists_within(grants: Grants) -> list[ImportKind]:
    """Return the lists that somebody with these grants may take along."""

    def reaches(permission: Permission, scope: Scope) -> bool:
        return grants.get(permission) in FURTHER[scope]

    return [
        kind
        for kind, (of_list, *of_what_stands_in_it) in NEEDS.items()
        if reaches(of_list, Scope.TEAM) and all(reaches(one, grants[of_list]) for one in of_what_stands_in_it)
    ]


@dataclass(frozen=True, slots=True)
class Portion:
    """Some lines of a file, and behind what the next portion begins; nothing when there is none."""

    lines: list[Line]
    after: Any


class PortfolioExportService:
    """What somebody at the desk takes along of a list: what they may see of it, and no more."""

    def __init__(self, work: UnitOfWork, kind: ImportKind) -> None:
        of_list, *of_what_stands_in_it = NEEDS[kind]
        rows = work.actor.require(of_list, at_least=Scope.TEAM)
        for permission in of_what_stands_in_it:
            work.actor.require(permission, at_least=rows.scope)
        self.work = work
        self.kind = kind
        self.lists = PortfolioLists(work.session)

    def began(self) -> None:
        """Note that somebody takes a list along."""
        self.work.audit("ListExported", data={"list": self.kind.value})

    async def properties(self, wanted: PropertyFilter, after: tuple[str, UUID] | None) -> Portion:
        """Return lines about the next properties of a list, as people walk."""
        found = await PropertyService(self.work).page(wanted, after=after, limit=BUILDINGS)
        few = found[: max(1, bisect_right(list(accumulate(one["homes"] for one in found)), HOMES))]
        lines = await self.lists.of_properties(self.kind, [one["id"] for one in few])
        goes_on = len(few) < len(found) or len(found) == BUILDINGS
        return Portion(lines, (few[-1]["walk"], few[-1]["id"]) if goes_on else None)

    async def people(self, words: str, after: UUID | None) -> Portion:
        """Return lines about the next people of a list."""
        found = await PersonService(self.work).page(words, after=after, limit=ROWS)
        return Portion(await self.lists.of_people(found), found[-1]["id"] if len(found) == ROWS else None)

    async def contractors(self, wanted: ContractorFilter, after: tuple[str, UUID] | None) -> Portion:
        """Return lines about the next firms of a list, by name."""
        found = await ContractorService(self.work).page(wanted, after=after, limit=ROWS)
        last = (found[-1]["name"], found[-1]["id"]) if len(found) == ROWS else None
        return Portion(await self.lists.of_contractors(found), last)
