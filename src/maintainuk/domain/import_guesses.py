"""What the columns of other systems are called, and what their words mean. People see each guess first."""

import re
from collections.abc import Iterable, Mapping

from maintainuk.domain.imports import ImportField
from maintainuk.domain.taxonomy import Category, Priority
from maintainuk.domain.ticket_lifecycle import TicketStatus

F = ImportField

NAMES: Mapping[ImportField, tuple[str, ...]] = {
    F.EXTERNAL_REFERENCE: (
        "external reference", "reference", "ref", "job reference", "job ref", "job number", "job no", "job id",
        "ticket", "ticket id", "ticket number", "ticket ref", "id", "violationid", "violation id", "case number",
        "case id", "work order", "works order", "order number", "repair number", "repair id", "repair ref",
        "unique key",
    ),
    F.TITLE: ("title", "summary", "subject", "issue", "fault", "short description", "heading", "complaint type"),
    F.DESCRIPTION: (
        "description", "details", "detail", "notes", "repair description", "problem", "novdescription",
        "nov description", "job description", "full description", "comments", "work required", "message", "descriptor",
    ),
    F.ADDRESS: (
        "address", "property address", "full address", "address line 1", "address line 2", "address line 3",
        "address 1", "address 2", "address1", "address2", "house number", "housenumber", "house no", "house name",
        "building", "building name", "street", "street name", "streetname", "street address", "road", "property",
        "town", "city", "borough", "boro", "premises", "site", "site address",
    ),
    F.POSTCODE: ("postcode", "post code", "postal code", "zip", "zip code", "zipcode"),
    F.FLAT: ("flat", "flat number", "flat no", "apartment", "apt", "unit", "unit number", "flat unit"),
    F.CATEGORY: ("category", "repair type", "type", "job type", "repair category", "trade", "fault type"),
    F.PRIORITY: (
        "priority", "urgency", "severity", "class", "hazard class", "violation class", "priority code",
        "repair priority",
    ),
    F.STATUS: ("status", "state", "job status", "current status", "violation status", "violationstatus"),
    F.REPORTED_AT: (
        "reported", "reported at", "reported on", "reported date", "date reported", "date", "created", "created at",
        "created on", "created date", "date raised", "raised", "raised on", "logged", "date logged", "opened",
        "date opened", "inspected on", "inspection date", "inspectiondate", "nov issued date", "received",
    ),
    F.REPORTER_NAME: (
        "reporter", "reporter name", "reported by", "tenant", "tenant name", "name", "resident", "resident name",
        "contact", "contact name", "full name",
    ),
    F.REPORTER_EMAIL: ("email", "e mail", "reporter email", "tenant email", "contact email", "email address"),
    F.REPORTER_PHONE: (
        "phone", "telephone", "mobile", "tel", "phone number", "reporter phone", "tenant phone", "contact phone",
        "contact number", "mobile number", "telephone number",
    ),
}  # fmt: skip
"""As `plain` makes them. Several columns may make up the address; of the others the first one counts."""

TOWNS = frozenset({"town", "city", "borough", "boro"})
"""They come behind the street, wherever their column stands."""

PRIORITIES: Mapping[str, str] = {
    **{priority.value.lower(): priority for priority in Priority},
    **{number: f"P{number}" for number in "1234"},
    "emergency": "P1", "immediate": "P1", "critical": "P1", "very high": "P1", "c": "P1",
    "urgent": "P2", "high": "P2", "b": "P2",
    "routine": "P3", "normal": "P3", "medium": "P3", "standard": "P3", "a": "P3",
    "planned": "P4", "low": "P4", "non urgent": "P4",
}  # fmt: skip
"""The letters are New York's classes of violations: C is immediately hazardous, A is not hazardous."""

STATUSES: Mapping[str, str] = {
    **dict.fromkeys(
        (
            "open", "new", "pending", "in progress", "reported", "outstanding", "logged", "raised", "active",
            "awaiting", "on hold", "assigned", "scheduled", "ordered", "not started", "received", "approved",
            "violation open", "nov sent out", "triage", "reopened",
        ),
        TicketStatus.NEW,
    ),
    **dict.fromkeys(
        (
            "closed", "close", "complete", "completed", "done", "resolved", "finished", "fixed", "cancelled",
            "canceled", "rejected", "invoiced", "paid", "violation closed", "violation dismissed", "dismissed",
        ),
        TicketStatus.CLOSED,
    ),
}  # fmt: skip

CATEGORIES: Mapping[str, str] = {
    **{category.value.replace("_", " "): category for category in Category},
    **dict.fromkeys(("heating", "hot water", "boiler", "central heating"), Category.HEATING_HOT_WATER),
    **dict.fromkeys(("electric", "electrics", "electricity", "lighting"), Category.ELECTRICAL),
    **dict.fromkeys(("plumbing", "leak", "leaks", "water", "plumber"), Category.PLUMBING_LEAKS),
    **dict.fromkeys(("drainage", "drains", "toilet", "toilets", "sewage"), Category.DRAINAGE_TOILETS),
    **dict.fromkeys(("damp", "mould", "mold", "condensation", "damp and mould"), Category.DAMP_MOULD),
    **dict.fromkeys(("roof", "roofing", "gutters", "guttering"), Category.ROOF_GUTTERS),
    **dict.fromkeys(("door", "doors", "window", "windows", "locks", "glazing"), Category.DOORS_WINDOWS_LOCKS),
    **dict.fromkeys(("plaster", "plastering", "floors", "flooring", "ceilings"), Category.WALLS_FLOORS_CEILINGS),
    **dict.fromkeys(("kitchen", "bathroom"), Category.KITCHEN_BATHROOM),
    **dict.fromkeys(("appliance", "white goods"), Category.APPLIANCES),
    **dict.fromkeys(("fire", "alarms", "smoke alarm"), Category.FIRE_SAFETY),
    **dict.fromkeys(("pest", "vermin", "pest control"), Category.PESTS),
    **dict.fromkeys(("communal", "lift", "lifts", "door entry", "intercom"), Category.COMMUNAL_LIFTS_ENTRY),
    **dict.fromkeys(("garden", "grounds", "external", "fencing", "paths"), Category.OUTSIDE_GROUNDS),
    **dict.fromkeys(("general", "misc", "miscellaneous", "various"), Category.OTHER),
}  # fmt: skip

WORDS: Mapping[ImportField, Mapping[str, str]] = {
    F.PRIORITY: PRIORITIES,
    F.STATUS: STATUSES,
    F.CATEGORY: CATEGORIES,
}
"""What the words of other systems most probably mean with us."""

MEANINGS: Mapping[ImportField, tuple[str, ...]] = {
    F.PRIORITY: tuple(Priority),
    F.STATUS: (TicketStatus.NEW, TicketStatus.CLOSED),
    F.CATEGORY: tuple(Category),
}
"""What a word may mean; an imported ticket is at most new or closed."""

_FIELD_OF = {name: field for field, names in NAMES.items() for name in names}


def plain(name: str) -> str:
    """Return a name or word without capitals and punctuation."""
    apart = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return " ".join(re.sub(r"[\W_]+", " ", apart).lower().split())


def guess(columns: Iterable[str]) -> dict[ImportField, tuple[str, ...]]:
    """Return what each column most probably tells, by its name alone."""
    guesses: dict[ImportField, tuple[str, ...]] = {}
    for column in columns:
        name = plain(column)
        field = _FIELD_OF.get(name) or _FIELD_OF.get(name.replace(" ", ""))
        if field is F.ADDRESS or (field is not None and field not in guesses):
            guesses[field] = (*guesses.get(field, ()), column)
    if F.ADDRESS in guesses:
        guesses[F.ADDRESS] = tuple(sorted(guesses[F.ADDRESS], key=lambda column: plain(column) in TOWNS))
    return guesses
