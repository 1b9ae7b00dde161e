"""Kinds of files that are brought in: what each may tell, what its columns are called, and how a cell is read."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from maintainuk.domain import import_cells as cells
from maintainuk.domain.import_guesses import plain
from maintainuk.domain.imports import ImportKind, Plan
from maintainuk.domain.permissions import Permission

MOST_TENANTS: Final = 4


@dataclass(frozen=True, slots=True)
class Column:
    """What one column tells: how a cell of it is read, what others call it, and an example."""

    field: str
    read: Callable[[str], cells.Value]
    names: tuple[str, ...]
    example: str = ""
    is_needed: bool = False
    is_numbered: bool = False
    """Whether a spreadsheet may take it for a number or a date, and change it."""


@dataclass(frozen=True, slots=True)
class KindOfFile:
    """A kind of file: its columns in the order of its template, and what somebody must be allowed to bring it in."""

    columns: tuple[Column, ...]
    needs: tuple[Permission, ...]

    @property
    def by_field(self) -> Mapping[str, Column]:
        """Its columns by what they tell."""
        return {column.field: column for column in self.columns}


def _reference(*names: str, field: str = "reference", example: str = "HM-0142", needed: bool = True) -> Column:
    return Column(field, cells.reference, names, example, is_needed=needed, is_numbered=True)


_ADDRESS: Final = Column(
    "address_line",
    cells.address_line,
    (
        "address", "address line", "address line 1", "address 1", "address1", "street", "street address",
        "property address", "first line of address", "house number and street",
    ),
    "14 Kestrel Court",
    is_needed=True,
    is_numbered=True,
)  # fmt: skip
_FLAT: Final = Column(
    "flat",
    cells.label,
    ("flat", "flat number", "flat no", "flat or room", "unit", "unit number", "apartment", "room", "home"),
    "Flat 3",
    is_numbered=True,
)
_TOWN: Final = Column("town", cells.town, ("town", "city", "town or city", "post town", "locality"), "Leeds", True)
_POSTCODE: Final = Column("postcode", cells.postcode, ("postcode", "post code", "postal code"), "LS6 3AB", True)
_NATION: Final = Column("nation", cells.nation, ("nation", "country"), "England")
_UPRN: Final = Column("uprn", cells.uprn, ("uprn", "unique property reference number"), "", is_numbered=True)
_TENURE: Final = Column("tenure", cells.tenure, ("tenure", "tenure type", "rent type"), "Private rent")
_STARTED: Final = Column(
    "started_on",
    cells.day,
    (
        "tenancy start", "tenancy start date", "start date", "started on", "tenancy began", "lease start", "move in",
        "move in date", "started",
    ),
    "1 September 2024",
)  # fmt: skip
_ENDED: Final = Column(
    "ended_on",
    cells.day,
    ("tenancy end", "tenancy end date", "end date", "ended on", "tenancy ended", "move out", "move out date", "ended"),
)
_KIND_OF_TENANCY: Final = Column(
    "tenancy_kind", cells.tenancy_kind, ("tenancy type", "kind of tenancy", "tenancy kind", "agreement type"), "Assured"
)


def _somebody(who: str, called: Sequence[str], example: tuple[str, str, str], *, needed: bool = False) -> list[Column]:
    return [
        Column(
            f"{who}_name",
            cells.name,
            tuple(f"{one} name".strip() for one in called) + tuple(called),
            example[0],
            needed,
        ),
        Column(
            f"{who}_email",
            cells.email,
            tuple(f"{one} {way}" for one in called for way in ("email", "e mail")),
            example[1],
        ),
        Column(
            f"{who}_phone",
            cells.phone,
            tuple(f"{one} {way}" for one in called for way in ("phone", "mobile", "telephone", "tel")),
            example[2],
            is_numbered=True,
        ),
    ]


_ALSO: Final = {1: ("tenant", "lead tenant", "occupier"), 2: ("joint tenant",)}
_TENANTS: Final = [
    column
    for number, example in enumerate(
        (
            ("Aisha Khan", "aisha.khan@example.com", "07700 900123"),
            ("Tomasz Nowak", "tomasz.nowak@example.com", "07700 900456"),
            ("", "", ""),
            ("", "", ""),
        ),
        1,
    )
    for column in _somebody(
        f"tenant_{number}",
        [
            f"tenant {number}",
            *_ALSO.get(number, ()),
        ],
        example,
    )
]
_LANDLORD: Final = [
    Column(
        "landlord_reference",
        cells.reference,
        ("landlord reference", "landlord ref", "landlord id", "owner reference", "owner ref"),
        "LL-017",
        is_numbered=True,
    ),
    *_somebody("landlord", ["landlord", "owner"], ("Grace Adeyemi", "grace.adeyemi@example.com", "01632 960017")),
    Column("landlord_company", cells.company, ("landlord company", "company", "owner company"), ""),
]
_HOMES: Final = (Permission.PROPERTIES_WRITE, Permission.TENANCIES_WRITE, Permission.PEOPLE_WRITE)

KINDS: Final[Mapping[ImportKind, KindOfFile]] = {
    ImportKind.HOMES: KindOfFile(
        (
            _reference("reference", "home reference", "property reference", "ref", "property ref", "property id", "id"),
            _ADDRESS,
            _FLAT,
            _TOWN,
            _POSTCODE,
            _NATION,
            _reference("block reference", "building reference", "block ref", "block", field="property_reference",
                       example="BL-009", needed=False),
            _UPRN,
            _TENURE,
            _reference("tenancy reference", "tenancy ref", "tenancy id", field="tenancy_reference", example="T-2044",
                       needed=False),
            _STARTED,
            _ENDED,
            _KIND_OF_TENANCY,
            *_TENANTS,
            *_LANDLORD,
        ),
        _HOMES,
    ),
    ImportKind.PROPERTIES: KindOfFile(
        (
            _reference("reference", "property reference", "property ref", "ref", "property id", "id", example="BL-009"),
            Column("property_kind", cells.property_kind, ("kind", "property type", "type", "house or block"), "Block"),
            _ADDRESS,
            _TOWN,
            _POSTCODE,
            _NATION,
            _UPRN,
            _TENURE,
        ),
        (Permission.PROPERTIES_WRITE,),
    ),
    ImportKind.UNITS: KindOfFile(
        (
            _reference("reference", "home reference", "unit reference", "unit ref", "ref", "unit id", "id"),
            _reference("property reference", "block reference", "property ref", "property id", "block ref",
                       field="property_reference", example="BL-009"),
            _FLAT,
            _UPRN,
            _TENURE,
        ),
        (Permission.PROPERTIES_WRITE,),
    ),
    ImportKind.TENANCIES: KindOfFile(
        (
            _reference("reference", "tenancy reference", "tenancy ref", "ref", "tenancy id", "id", example="T-2044"),
            _reference("home reference", "unit reference", "property reference", "unit ref", "home ref", "property ref",
                       field="home_reference"),
            Column("started_on", cells.day, _STARTED.names, _STARTED.example, is_needed=True),
            _ENDED,
            _KIND_OF_TENANCY,
            *_TENANTS,
        ),
        (Permission.TENANCIES_WRITE, Permission.PEOPLE_WRITE, Permission.PROPERTIES_WRITE),
    ),
    ImportKind.PEOPLE: KindOfFile(
        (
            _reference("reference", "person reference", "tenant reference", "ref", "person id", "id", example="P-3310"),
            Column("name", cells.name, ("name", "full name", "tenant name", "contact name"), "Aisha Khan", True),
            Column("email", cells.email, ("email", "e mail", "email address"), "aisha.khan@example.com"),
            Column("phone", cells.phone, ("phone", "mobile", "telephone", "phone number", "mobile number"),
                   "07700 900123", is_numbered=True),
            Column("language", cells.language, ("language", "preferred language"), "en"),
            _reference("tenancy reference", "tenancy ref", "tenancy id", field="tenancy_reference", example="T-2044",
                       needed=False),
            Column("role", cells.role, ("role", "part in the tenancy", "relationship"), "Lead"),
        ),
        (Permission.PEOPLE_WRITE, Permission.TENANCIES_WRITE, Permission.PROPERTIES_WRITE),
    ),
    ImportKind.CONTRACTORS: KindOfFile(
        (
            _reference("reference", "contractor reference", "ref", "supplier reference", "contractor id", "id",
                       example="C-21"),
            Column("name", cells.company, ("name", "company", "contractor", "firm", "contractor name", "company name"),
                   "Pennine Heating Ltd", True),
            Column("trades", cells.trades, ("trades", "trade", "skills"), "Gas engineer; Plumber"),
            Column("areas", cells.areas, ("areas", "postcodes", "postcode areas", "coverage"), "LS; BD3"),
            *_somebody("contact", ["contact"], ("Marek Zielinski", "office@example.com", "01632 960231")),
        ),
        (Permission.CONTRACTORS_MANAGE, Permission.PEOPLE_WRITE, Permission.PROPERTIES_WRITE),
    ),
}  # fmt: skip
"""Everything but tickets, which `import_rows.py` reads: they have a life of their own and are never changed."""


def guess_columns(kind: ImportKind, columns: Iterable[str], *, said: Plan | None = None) -> dict[str, tuple[str, ...]]:
    """Return what each column most probably tells, by its name alone; of two that tell the same, the first.

    `said` is how a file like it was read before: what it says of columns stands, and only the others are guessed.
    """
    field_of = {name: column.field for column in reversed(KINDS[kind].columns) for name in column.names}
    guesses = {field: named for field, named in said.columns.items() if named} if said else {}
    settled = {column for named in guesses.values() for column in named}.union(said.unused if said else ())
    for column in columns:
        if column in settled:
            continue
        name = plain(column)
        field = field_of.get(name) or field_of.get(name.replace(" ", ""))
        if field is not None and field not in guesses:
            guesses[field] = (column,)
    return guesses
