"""What an organisation already knows of what a portion of a file tells, found again by what files call it."""

from collections.abc import Sequence
from uuid import UUID

from maintainuk.domain.contractors import Contractor
from maintainuk.domain.imports import ImportKind
from maintainuk.domain.landlords import Landlord
from maintainuk.domain.people import Person, Tenancy, TenancyMember
from maintainuk.domain.portfolio_rows import Line
from maintainuk.domain.properties import Property, Unit
from maintainuk.domain.values import e164
from maintainuk.infrastructure.repositories.portfolio_rows import PortfolioRows, Row, Table

Somebody = tuple[str, str, str]
"""Name, e-mail address, phone number."""
K = ImportKind


class Known:
    """The rows that a portion may mean, and those that its earlier lines have made."""

    def __init__(self) -> None:
        self.all: dict[tuple[Table, UUID], Row] = {}
        self.referred: dict[tuple[Table, str], Row] = {}
        self.ids: set[str] = set()
        """Of all of them, as a file would have them."""
        self.places: dict[tuple[str, str], Row] = {}
        """By line (small) and postcode."""
        self.homes: dict[tuple[UUID, str], Row] = {}
        """By building and label (small)."""
        self.uprns: dict[str, list[Row]] = {}
        self.lettings: dict[UUID, list[Row]] = {}
        self.members: dict[UUID, list[Row]] = {}
        self.reached: dict[tuple[str, str], Row] = {}
        """By name (small) and a way to reach them."""
        self.landlords: dict[UUID, Row] = {}
        self.portfolios: dict[UUID, Row] = {}
        self.firms: dict[str, Row] = {}

    async def look_up(self, kind: ImportKind, rows: PortfolioRows, lines: Sequence[Line]) -> None:
        """Look up everything that these lines may mean: a few statements, however many lines."""

        def texts(name: str) -> set[str]:
            return {text for line in lines if (text := line.text(name))}

        own = texts("reference")
        match kind:
            case K.HOMES | K.PROPERTIES | K.UNITS:
                self._take(await rows.referred(Property, own | texts("property_reference")))
                self._take(await rows.at({place_of(line) for line in lines if line.text("address_line")}))
                self._take(await rows.referred(Unit, own))
                self._take(await rows.with_ids(Property, {row.facts["property_id"] for row in self._of(Unit)}))
                self._take(await rows.of_buildings({row.id for row in self._of(Property)}))
                self._take(await rows.with_uprns(texts("uprn")))
                known = {id_ for of, id_ in self.all if of is Property}
                homes = {row.facts["property_id"] for row in self._of(Unit)}
                self._take(await rows.with_ids(Property, homes - known))
            case K.TENANCIES:
                self._take(await rows.referred(Unit, texts("home_reference")))
            case K.CONTRACTORS:
                self._take(await rows.referred(Contractor, own))
                self._take(await rows.firms_called({one.lower() for one in texts("name")}))
                self._take(
                    await rows.with_ids(Person, {row.facts["contact_id"] for row in self._of(Contractor)} - {None})
                )
        if kind in {K.HOMES, K.TENANCIES}:
            self._take(await rows.referred(Tenancy, texts("tenancy_reference") if kind is K.HOMES else own))
            self._take(await rows.lettings({row.id for row in self._of(Unit)}))
        if kind is K.PEOPLE:
            self._take(await rows.referred(Person, own))
            self._take(await rows.referred(Tenancy, texts("tenancy_reference")))
        self._take(await rows.members({row.id for row in self._of(Tenancy)}))
        self._take(await rows.with_ids(Person, {row.facts["person_id"] for row in self._of(TenancyMember)}))
        if kind is K.HOMES:
            self._take(await rows.referred(Landlord, texts("landlord_reference")))
            self._take(await rows.with_ids(Person, {row.facts["person_id"] for row in self._of(Landlord)}))
        named = [one for line in lines for one in everybody(line)]
        emails, phones = ({(one[0], one[place]) for one in named if one[place]} for place in (1, 2))
        self._take(await rows.reached_by(emails, phones))
        if kind is K.HOMES:
            self._take(await rows.landlords_among({row.id for row in self._of(Person)}))
            self._take(await rows.portfolios({row.id for row in self._of(Landlord)}))

    def refer(self, row: Row) -> None:
        """Find this row by the reference that it bears now, and by its id."""
        self.referred.setdefault((row.table, str(row.id)), row)
        if reference := row.facts.get("external_reference"):
            self.referred[row.table, reference] = row

    def know(self, row: Row) -> None:  # noqa: C901  (a line for each table)
        """Find this row, too, from now on."""
        self.all[row.table, row.id] = row
        self.ids.add(str(row.id))
        facts = row.facts
        self.refer(row)
        if uprn := facts.get("uprn"):
            self.uprns.setdefault(uprn, []).append(row)
        match row.table.__name__:
            case "Property":
                self.places.setdefault((facts["address_line"].lower(), facts["postcode"]), row)
            case "Unit":
                self.homes.setdefault((facts["property_id"], facts["label"].lower()), row)
            case "Tenancy":
                self.lettings.setdefault(facts["unit_id"], []).append(row)
            case "TenancyMember":
                self.members.setdefault(facts["tenancy_id"], []).append(row)
            case "Person":
                for way in (facts["email"], facts["phone"]):
                    if way:
                        self.reached.setdefault((facts["name"].casefold(), way_of(way)), row)
            case "Landlord":
                self.landlords.setdefault(facts["person_id"], row)
            case "Portfolio":
                self.portfolios.setdefault(facts["landlord_id"], row)
            case "Contractor":
                self.firms.setdefault(facts["name"].lower(), row)

    def _take(self, rows: Sequence[Row]) -> None:
        for row in rows:
            if (row.table, row.id) not in self.all:
                self.know(row)

    def _of(self, table: Table) -> list[Row]:
        return [row for (of, _), row in self.all.items() if of is table]


def everybody(line: Line) -> list[Somebody]:
    """Return all people whom a line names."""
    found = [*line.tenants, line.somebody("landlord"), line.somebody("contact")]
    if name := line.text("name"):
        found.append((name, line.text("email"), line.text("phone")))
    return [one for one in found if one]


def way_of(text: str) -> str:
    """Return a way to reach somebody in the one spelling by which it is compared."""
    return text.casefold() if "@" in text else e164(text)


def place_of(line: Line) -> tuple[str, str]:
    """Return where a line says that a building is."""
    return line.text("address_line").lower(), line.text("postcode")


def whom_of(people: Sequence[Row], somebody: Somebody, others: Sequence[str] = ()) -> Row | None:
    """Return who of these people it is: by name, else by an e-mail address that they share with none of `others`."""
    name, email, _ = somebody
    called = [one for one in people if one.facts["name"].casefold() == name.casefold()]
    if called:  # of two with one name it is the one who is reached that way
        reached = {way_of(way) for way in somebody[1:] if way}
        return next((one for one in called if reached & _ways(one)), called[0])
    named = {other.casefold() for other in others}
    return next(
        (
            one
            for one in people
            if email
            and one.facts["email"]
            and way_of(one.facts["email"]) == way_of(email)
            and one.facts["name"].casefold() not in named
        ),
        None,
    )


def _ways(person: Row) -> set[str]:
    return {way_of(way) for way in (person.facts["email"], person.facts["phone"]) if way}
