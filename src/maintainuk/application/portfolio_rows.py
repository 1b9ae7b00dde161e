"""What the good rows of a file would make of what is there: found again, changed, new, or in each other's way."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final

from maintainuk.application.portfolio_known import Known, Somebody, place_of, way_of, whom_of
from maintainuk.domain.contractors import Contractor
from maintainuk.domain.errors import Reason
from maintainuk.domain.imports import ImportKind, Problem, Tally
from maintainuk.domain.landlords import Landlord, Portfolio
from maintainuk.domain.organisations import Nation
from maintainuk.domain.people import Person, Tenancy, TenancyMember
from maintainuk.domain.portfolio_rows import Line
from maintainuk.domain.properties import Property, PropertyKind, Tenure, Unit
from maintainuk.domain.tenancies import TenancyKind, TenancyRole
from maintainuk.infrastructure.repositories.portfolio_rows import PortfolioRows, Row, Table, day_of, made

ALL_HOMES: Final = "All homes"
"""What the portfolio of a landlord is called whose homes came in by a file."""
K = ImportKind


class Resolution:
    """Decides what becomes of a portion of good rows. Nothing is written here: `rows` says what would be."""

    def __init__(self, kind: ImportKind, rows: PortfolioRows) -> None:
        self.kind = kind
        self.rows: list[Row] = []
        self.tally = Tally()
        self.problems: list[tuple[int, str, Reason]] = []
        self.known = Known()
        self._rows = rows

    async def decide(self, lines: Sequence[Line]) -> None:
        """Look up what is known, and go through the rows one after the other."""
        await self.known.look_up(self.kind, self._rows, lines)
        for line in lines:
            if wrong := list(self._wrong(line)):
                self.problems += [(line.row, name, reason) for name, reason in wrong]
                continue
            before = len(self.rows)
            is_news = self._apply(line)
            is_new = any(row.table in _MAIN[self.kind] and row.is_new for row in self.rows[before:])
            self.tally += Tally(
                created=int(is_new), updated=int(is_news and not is_new), already_there=int(not is_news)
            )

    def problem(self, found: tuple[int, str, Reason], columns: Any) -> Problem:  # noqa: ANN401
        """Return a problem with the column that it is in."""
        row, name, reason = found
        named = columns.get(name, ())
        return Problem(row, named[0] if named else None, reason)

    def _new(self, table: Table, **facts: Any) -> Row:  # noqa: ANN401
        row = made(table, **self._without_ids(facts))
        self.rows.append(row)
        self.known.know(row)
        return row

    def _say(self, row: Row, **facts: Any) -> bool:  # noqa: ANN401
        was_changed = bool(row.before) or row.is_new
        is_news = row.say(**self._without_ids(facts))
        if is_news and not was_changed:
            self.rows.append(row)
        self.known.refer(row)
        return is_news

    def _without_ids(self, facts: dict[str, Any]) -> dict[str, Any]:
        """Return facts whose reference is not just the id of something here, as in a file that came from here."""
        if facts.get("external_reference") not in self.known.ids:
            return facts
        return {name: value for name, value in facts.items() if name != "external_reference"}

    # What is in the way

    def _wrong(self, line: Line) -> Iterator[tuple[str, Reason]]:
        """Yield why a row can't come in as things are."""
        if self.kind is K.PEOPLE:
            yield from self._wrong_with_person(line)
            return
        if self.kind is K.UNITS and (Property, line.text("property_reference")) not in self.known.referred:
            yield "property_reference", Reason("no-such-property-reference")
            return
        home, building = None, self._building(line)
        if self.kind is K.TENANCIES and (home := self._home(line, None)) is None:
            yield "home_reference", Reason("no-such-home-reference")
            return
        if self.kind is not K.CONTRACTORS:
            home = self._home(line, building)
            yield from self._wrong_with_home(line, building, home)
        if home and line.tenants:
            yield from self._in_the_way(line, home)

    def _wrong_with_home(self, line: Line, building: Row | None, home: Row | None) -> Iterator[tuple[str, Reason]]:
        if home and building and home.facts["property_id"] != building.id:
            yield "reference", Reason("home-elsewhere")
        if known := self._known_otherwise(line, building, home):
            yield "reference", Reason("home-known-as", reference=known)
        if building and self.kind is K.HOMES and building.facts["kind"] is PropertyKind.HOUSE and line.text("flat"):
            yield "flat", Reason("house-is-one-home-here")
        ours = {row.id for row in (home, building) if row}
        for row in self.known.uprns.get(line.text("uprn"), ()):
            is_its_home = self.kind is K.PROPERTIES and row.facts.get("property_id") in ours
            if row.id not in ours and not is_its_home:
                yield "uprn", Reason("uprn-of-another", home=self._in_words(row))

    def _wrong_with_person(self, line: Line) -> Iterator[tuple[str, Reason]]:
        if (tenancy := line.text("tenancy_reference")) and (Tenancy, tenancy) not in self.known.referred:
            yield "tenancy_reference", Reason("no-such-tenancy-reference")
        if (Person, line.text("reference")) in self.known.referred:
            return
        for way in filter(None, (line.text("email"), line.text("phone"))):
            known = self.known.reached.get((line.text("name").casefold(), way_of(way)))
            if known and (reference := known.facts["external_reference"]):
                yield "reference", Reason("person-known-as", reference=reference)
                return

    def _in_the_way(self, line: Line, home: Row) -> Iterator[tuple[str, Reason]]:
        started, ended = line.day("started_on"), line.day("ended_on")
        assert started is not None
        own = self._tenancy(line, home)
        if own and own.facts["unit_id"] != home.id:
            yield "home_reference" if self.kind is K.TENANCIES else "tenancy_reference", Reason("tenancy-elsewhere")
            return
        ended = ended or (day_of(own.facts["ended_on"]) if own else None)
        if ended and ended < started:
            yield "started_on", Reason("ends-before-it-starts")
        for other in self.known.lettings.get(home.id, ()):
            began, over = other.facts["started_on"], other.facts["ended_on"]
            if other is not own and (not over or started < over) and (not ended or began < ended):
                yield "started_on", _told(other.facts["external_reference"], began, over)
                return

    def _in_words(self, row: Row) -> str:
        if row.table is Property:
            return str(row.facts["address_line"])
        building = self.known.all.get((Property, row.facts["property_id"]))
        return ", ".join(filter(None, (row.facts["label"], building.facts["address_line"] if building else "")))

    def _known_otherwise(self, line: Line, building: Row | None, home: Row | None) -> str | None:
        """Return the reference by which the same home is known already, if that is another."""
        if building is None and self.kind in {K.HOMES, K.PROPERTIES}:
            other = self.known.places.get(place_of(line))
        elif building and self.kind in {K.HOMES, K.UNITS}:
            other = self.known.homes.get((building.id, line.text("flat").lower()))
        else:
            other = None
        if other is None or other is home:
            return None
        known: str | None = other.facts["external_reference"]
        return known or None

    # What is found again

    def _building(self, line: Line) -> Row | None:
        if self.kind is K.UNITS:
            return self.known.referred.get((Property, line.text("property_reference")))
        if not line.text("address_line"):
            return None
        home = self.known.referred.get((Unit, line.text("reference"))) if self.kind is K.HOMES else None
        if home and not line.text("property_reference"):
            return self.known.all[Property, home.facts["property_id"]]
        found = (
            self.known.referred.get((Property, reference)) if (reference := self._building_reference(line)) else None
        )
        if found is None:
            here = self.known.places.get(place_of(line))
            found = here if here and (not reference or not here.facts["external_reference"]) else None
        return found

    def _building_reference(self, line: Line) -> str:
        """Return what a line calls its building: a house that comes in new is called what its home is."""
        own = line.text("reference") if self.kind is K.PROPERTIES or not line.text("flat") else ""
        if self.kind is K.HOMES and (Unit, own) in self.known.referred:
            own = ""  # that is what the home is called, and says nothing of its building
        return line.text("property_reference") or own

    def _home(self, line: Line, building: Row | None) -> Row | None:
        if self.kind is K.TENANCIES:
            return self.known.referred.get((Unit, line.text("home_reference")))
        if self.kind not in {K.HOMES, K.UNITS}:
            return None
        if found := self.known.referred.get((Unit, line.text("reference"))):
            return found
        here = self.known.homes.get((building.id, line.text("flat").lower())) if building else None
        return here if here and not here.facts["external_reference"] else None

    def _tenancy(self, line: Line, home: Row) -> Row | None:
        reference = line.text("reference" if self.kind is K.TENANCIES else "tenancy_reference")
        if reference and (found := self.known.referred.get((Tenancy, reference))):
            return found
        started = line.day("started_on")
        return next(
            (
                one
                for one in self.known.lettings.get(home.id, ())
                if one.facts["started_on"] == started and not (reference and one.facts["external_reference"])
            ),
            None,
        )

    # What becomes of a row

    def _apply(self, line: Line) -> bool:
        match self.kind:
            case K.HOMES:
                building, is_news = self._put_building(line)
                home, home_is_news = self._put_home(line, building)
                is_news |= home_is_news | self._put_landlord(line, building)
                return is_news | self._put_tenancy(line, home)
            case K.PROPERTIES:
                building, is_news = self._put_building(line)
                if building.is_new and building.facts["kind"] is PropertyKind.HOUSE:
                    self._new(Unit, property_id=building.id, label="")
                return is_news
            case K.UNITS:
                building = self.known.referred[Property, line.text("property_reference")]
                return self._put_home(line, building)[1]
            case K.TENANCIES:
                return self._put_tenancy(line, self.known.referred[Unit, line.text("home_reference")])
            case K.PEOPLE:
                return self._put_person(line)
            case _:
                return self._put_contractor(line)

    def _put_building(self, line: Line) -> tuple[Row, bool]:
        of_homes = self.kind is K.HOMES
        facts: dict[str, Any] = {
            "external_reference": self._building_reference(line),
            "address_line": line.text("address_line"),
            "town": line.text("town"),
            "postcode": line.text("postcode"),
            "nation": Nation(line.text("nation")),
        }
        if not of_homes:
            facts |= {"uprn": line.text("uprn"), "tenure": _chosen(Tenure, line.text("tenure"))}
        kind = _chosen(PropertyKind, line.text("property_kind"))
        if (found := self._building(line)) is not None:
            return found, self._say(found, **facts)
        if kind is None:
            kind = PropertyKind.BLOCK if line.text("flat") else PropertyKind.HOUSE
        return self._new(Property, kind=kind, **facts), True

    def _put_home(self, line: Line, building: Row) -> tuple[Row, bool]:
        facts: dict[str, Any] = {
            "external_reference": line.text("reference"),
            "label": line.text("flat"),
            "uprn": line.text("uprn"),
            "tenure": _chosen(Tenure, line.text("tenure")),
        }
        if (found := self._home(line, building)) is not None:
            return found, self._say(found, **facts)
        return self._new(
            Unit, property_id=building.id, **(facts | {"label": ""} if not facts["label"] else facts)
        ), True

    def _put_tenancy(self, line: Line, home: Row) -> bool:
        if not line.tenants:
            return False
        facts: dict[str, Any] = {
            "external_reference": line.text("reference" if self.kind is K.TENANCIES else "tenancy_reference"),
            "started_on": line.day("started_on"),
            "ended_on": line.day("ended_on"),
            "kind": _chosen(TenancyKind, line.text("tenancy_kind")),
        }
        if found := self._tenancy(line, home):
            is_news = self._say(found, **facts)
        else:
            found, is_news = self._new(Tenancy, unit_id=home.id, **facts), True
        for somebody in line.tenants:
            is_news |= self._move_in(found, somebody, [name for name, _, _ in line.tenants])
        return is_news

    def _move_in(self, tenancy: Row, somebody: Somebody, others: Sequence[str]) -> bool:
        members = self.known.members.get(tenancy.id, [])
        living = [self.known.all[Person, one.facts["person_id"]] for one in members]
        if known := whom_of(living, somebody, others):
            return self._describe(known, somebody)
        person, _ = self._person(somebody)
        has_lead = any(one.facts["is_lead"] and not one.facts["moved_out_on"] for one in members)
        self._new(TenancyMember, tenancy_id=tenancy.id, person_id=person.id, is_lead=not has_lead, is_tenant=True)
        return True

    def _person(self, somebody: Somebody) -> tuple[Row, bool]:
        """Return somebody who is known by the same name and one way to reach them, or somebody new."""
        name, email, phone = somebody
        for way in filter(None, (email, phone)):
            known = self.known.reached.get((name.casefold(), way_of(way)))
            if known and not (email and known.facts["email"] and way_of(known.facts["email"]) != way_of(email)):
                return known, self._describe(known, somebody)
        return self._new(Person, name=name, email=email, phone=phone, language="en"), True

    def _describe(self, person: Row, somebody: Somebody) -> bool:
        name, email, phone = somebody
        return self._say(person, name=name, email=email, phone=phone)

    def _put_landlord(self, line: Line, building: Row) -> bool:
        somebody, reference = line.somebody("landlord"), line.text("landlord_reference")
        landlord = self.known.referred.get((Landlord, reference)) if reference else None
        if somebody is None and landlord is None:
            return False
        is_news = False
        if landlord is not None:
            if somebody:
                is_news = self._describe(self.known.all[Person, landlord.facts["person_id"]], somebody)
        elif somebody:
            person, _ = self._person(somebody)
            landlord = self.known.landlords.get(person.id)
            if landlord is None or (reference and landlord.facts["external_reference"]):
                landlord = self._new(Landlord, person_id=person.id)
                is_news = True
        assert landlord is not None
        is_news |= self._say(landlord, external_reference=reference, company=line.text("landlord_company"))
        portfolio = self.known.portfolios.get(landlord.id) or self._new(
            Portfolio, landlord_id=landlord.id, name=ALL_HOMES
        )
        held = building.facts["portfolio_id"]
        if held and (own := self.known.all.get((Portfolio, held))) and own.facts["landlord_id"] == landlord.id:
            return is_news
        return is_news | self._say(building, portfolio_id=portfolio.id)

    def _put_person(self, line: Line) -> bool:
        reference = line.text("reference")
        somebody = line.text("name"), line.text("email"), line.text("phone")
        if person := self.known.referred.get((Person, reference)):
            is_news = self._describe(person, somebody)
        else:
            person, is_news = self._person(somebody)
        is_news |= self._say(person, external_reference=reference, language=line.text("language"))
        if not (tenancy := self.known.referred.get((Tenancy, line.text("tenancy_reference")))):
            return is_news
        members = self.known.members.get(tenancy.id, [])
        if any(one.facts["person_id"] == person.id for one in members):
            return is_news
        role = TenancyRole(line.text("role") or TenancyRole.JOINT)
        has_lead = any(one.facts["is_lead"] and not one.facts["moved_out_on"] for one in members)
        self._new(
            TenancyMember,
            tenancy_id=tenancy.id,
            person_id=person.id,
            is_lead=role is TenancyRole.LEAD and not has_lead,
            is_tenant=role is not TenancyRole.HOUSEHOLD,
        )
        return True

    def _put_contractor(self, line: Line) -> bool:
        reference, name = line.text("reference"), line.text("name")
        firm, is_news = self.known.referred.get((Contractor, reference)), False
        if firm is None:
            called = self.known.firms.get(name.lower())
            firm = called if called and not called.facts["external_reference"] else None
        if firm is None:
            firm, is_news = self._new(Contractor, name=name), True
        is_news |= self._say(
            firm, external_reference=reference, name=name, trades=line.several("trades"), areas=line.several("areas")
        )
        if somebody := line.somebody("contact"):
            present = self.known.all.get((Person, firm.facts["contact_id"])) if firm.facts["contact_id"] else None
            if present and whom_of([present], somebody):
                return is_news | self._describe(present, somebody)
            person, _ = self._person(somebody)
            is_news |= self._say(firm, contact_id=person.id)
        return is_news


_MAIN: Final[dict[ImportKind, tuple[Table, ...]]] = {
    K.HOMES: (Unit,),
    K.PROPERTIES: (Property,),
    K.UNITS: (Unit,),
    K.TENANCIES: (Tenancy,),
    K.PEOPLE: (Person,),
    K.CONTRACTORS: (Contractor,),
}
"""What a row of each kind is about: where that is new, the row is."""


def _chosen(choices: Any, text: str) -> Any:  # noqa: ANN401  (an enumeration and its member)
    return choices(text) if text else None


def _told(reference: str | None, began: date, over: date | None) -> Reason:
    first, last = _in_words(began), _in_words(over) if over else ""
    match reference, over:
        case None, None:
            return Reason("tenancy-in-the-way", began=first)
        case None, _:
            return Reason("tenancy-in-the-way-ended", began=first, ended=last)
        case _, None:
            return Reason("tenancy-in-the-way-named", tenancy=reference, began=first)
        case _:
            return Reason("tenancy-in-the-way-named-ended", tenancy=reference, began=first, ended=last)


def _in_words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
