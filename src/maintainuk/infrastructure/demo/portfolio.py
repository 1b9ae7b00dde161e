"""What the demo organisations have written down about their homes: owners, firms, hints, assets and needs."""

from datetime import date, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from maintainuk.domain.assets import Asset, AssetKind
from maintainuk.domain.base import Entity, new_id
from maintainuk.domain.consents import Consent, ContactPurpose, ContactWay
from maintainuk.domain.contractors import Accreditation, Contractor, ContractorStatus, Operative, Scheme
from maintainuk.domain.hints import Hint, HintKind
from maintainuk.domain.landlords import Landlord, Portfolio
from maintainuk.domain.organisations import OrganisationKind
from maintainuk.domain.people import ConsentChannel, NeedKind, Person, PersonNeed, TenancyMember
from maintainuk.domain.properties import Property, Tenure, Unit
from maintainuk.domain.taxonomy import Trade
from maintainuk.infrastructure.demo.people import DemoOrganisation
from maintainuk.infrastructure.reference.consents import wordings

Rows = dict[type[Entity], list[dict[str, Any]]]
YEAR = timedelta(days=365)

LANDLORDS = (
    ("Ackroyd Estates Ltd", "Beverley Ackroyd", 25_000, 150_000, ("Headingley", "Beeston")),
    (None, "Dr Ngozi Balogun", 15_000, 100_000, ("Own homes",)),
    ("Harbourside Living LLP", "Gethin Bowen", 50_000, 250_000, ("Easton", "Southville")),
    (None, "Margaret Sutcliffe", None, 50_000, ("Late husband's houses",)),
    ("Leith Shore Investments", "Eilidh Sinclair", 40_000, 200_000, ("Edinburgh",)),
    (None, "Vikram Sandhu", 20_000, 100_000, ("Cardiff",)),
)
WHERE = {
    "Leeds": ("Headingley", "Beeston", "Own homes", "Late husband's houses"),
    "Bristol": ("Easton", "Southville", "Own homes"),
    "Cardiff": ("Cardiff",),
    "Edinburgh": ("Edinburgh",),
    "Belfast": ("Own homes",),
}
"""In which towns the portfolios have homes."""
FIRMS = (
    (
        "Aire Valley Heating",
        (Trade.GAS_ENGINEER, Trade.HEATING_ENGINEER),
        "LS BD WF HX",
        Scheme.GAS_SAFE,
        "Marek Nowicki",
    ),
    ("Brightspark Electrical", (Trade.ELECTRICIAN, Trade.FIRE_SAFETY), "LS HX HD", Scheme.NICEIC, "Shanice Grant"),
    ("Dales Plumbing & Drainage", (Trade.PLUMBER, Trade.DRAINAGE), "LS HX OL", Scheme.SAFECONTRACTOR, "Tom Metcalfe"),
    ("Avon Gas Services", (Trade.GAS_ENGINEER, Trade.PLUMBER), "BS BA", Scheme.GAS_SAFE, "Rhiannon Pugh"),
    ("Capital Roofing Edinburgh", (Trade.ROOFER,), "EH", Scheme.CONSTRUCTIONLINE, "Hamish Kerr"),
    (
        "Taff Property Care",
        (Trade.MULTI_TRADE, Trade.CARPENTER, Trade.PLASTERER),
        "CF NP",
        Scheme.CHAS,
        "Carys Llewellyn",
    ),
    ("Lagan Locks & Glazing", (Trade.LOCKSMITH, Trade.GLAZIER), "BT", Scheme.FENSA, "Declan McCann"),
    ("DryHome Damp Specialists", (Trade.DAMP_SPECIALIST,), "", Scheme.TRUSTMARK, "Ioana Popescu"),
    ("SafePest North", (Trade.PEST_CONTROL,), "LS HX HD OL", Scheme.WASTE_CARRIER, "Omar Haddad"),
    ("Pennine Lifts", (Trade.LIFT_ENGINEER,), "", Scheme.CHAS, "Kelly Hirst"),
)
"""Name, trades, areas, what it shows besides its insurance, and whom to ring."""
HINTS = (
    (HintKind.ASBESTOS_PRESENT, "Artex ceilings in hall and living room. No drilling without the survey."),
    (HintKind.KEY_SAFE, "Left of the back door. Ask the office for the code."),
    (HintKind.PARKING, "Permit zone: visitor permits are with the concierge."),
    (HintKind.PET, "Large friendly dog. Ring first."),
    (HintKind.TWO_PERSON_VISIT, "Never alone."),
    (HintKind.ACCESS_RESTRICTION, "Shared drive; keep it clear between 8 and 9."),
    (HintKind.PAST_HHSRS_FAILURE, "Category 1 for cold in 2024, put right since."),
    (HintKind.HERITAGE_BUILDING, "Grade II listed: windows like for like."),
)
BOILERS = (("Worcester Bosch", "Greenstar 4000"), ("Vaillant", "ecoTEC plus"), ("Ideal", "Logic Max"), ("Baxi", "800"))
NEEDS = (
    (NeedKind.MOBILITY, "Uses a wheelchair indoors.", "Give ten minutes to reach the door. Leave the hall clear."),
    (NeedKind.HEARING, "Profoundly deaf; signs BSL.", "Text on arrival: the bell is not heard."),
    (NeedKind.LANGUAGE, "Prefers Polish; daughter interprets.", "Come when the daughter is in, after four."),
    (NeedKind.RESPIRATORY, "COPD, home oxygen.", "No dust or solvents without notice. No naked flame."),
    (NeedKind.YOUNG_CHILD, "Newborn twins.", "Knock softly, and not between one and three."),
)
FIRST_NAMES = ("Ieuan", "Zainab", "Kwame", "Justyna", "Callum", "Róisín")
CONSENTED = (ConsentChannel.PHONE, ConsentChannel.PORTAL, ConsentChannel.IN_PERSON)
WORDING = "May we write this down, and tell whoever visits what to do?"


def known_of(organisation: DemoOrganisation, homes: Rows, chance: Random, now: datetime) -> Rows:
    """Return what is written down about these homes, and mark in `homes` whose they are."""
    owned = {"org_id": organisation.id}
    kinds = (Landlord, Portfolio, Contractor, Operative, Accreditation, Hint, Asset, PersonNeed, Consent)
    rows: Rows = {Person: [], **{kind: [] for kind in kinds}}
    is_social = organisation.kind is OrganisationKind.HOUSING_ASSOCIATION
    for number, home in enumerate(homes[Property]):
        home["tenure"] = Tenure.SOCIAL_RENT if is_social else Tenure.PRIVATE_RENT
        home["uprn"] = str(100_050_000_000 + chance.randrange(10_000) * 10_000 + number)
        home["external_reference"] = f"{'CV' if is_social else 'BW'}-{number + 1:04d}"
        home["portfolio_id"] = None
    if not is_social:
        _owners(rows, owned, homes, chance)
    _firms(rows, owned, chance, now)
    _places(rows, owned, homes, chance, now.date())
    _needs(rows, owned, homes, chance, now)
    _consents(rows, owned, homes, organisation.name, now)
    return rows


def _person(rows: Rows, owned: dict[str, UUID], name: str, number: int) -> UUID:
    person_id = new_id()
    plain = "".join(letter if letter.isascii() and letter.isalpha() else "." for letter in name.lower())
    rows[Person].append(
        owned
        | {
            "id": person_id,
            "name": name,
            "email": f"{plain}@example.com",
            "phone": f"07700 900{number:03d}",
            "language": "en",
        }
    )
    return person_id


def _owners(rows: Rows, owned: dict[str, UUID], homes: Rows, chance: Random) -> None:
    portfolios: dict[str, UUID] = {}
    for number, (company, name, limit, emergency, names) in enumerate(LANDLORDS):
        landlord_id = new_id()
        rows[Landlord].append(
            owned
            | {
                "id": landlord_id,
                "person_id": _person(rows, owned, name, number),
                "company": company,
                "approval_limit": limit,
                "emergency_limit": emergency,
                "version": 1,
            }
        )
        for portfolio in names:
            portfolios[portfolio] = new_id()
            rows[Portfolio].append(
                owned | {"id": portfolios[portfolio], "landlord_id": landlord_id, "name": portfolio, "version": 1}
            )
    for home in homes[Property]:
        home["portfolio_id"] = portfolios[chance.choice(WHERE[home["town"]])]


def _firms(rows: Rows, owned: dict[str, UUID], chance: Random, now: datetime) -> None:
    for number, (name, trades, areas, scheme, contact) in enumerate(FIRMS):
        contractor_id, is_out = new_id(), number == len(FIRMS) - 2
        rows[Contractor].append(
            owned
            | {
                "id": contractor_id,
                "name": name,
                "contact_id": _person(rows, owned, contact, 20 + number),
                "trades": [trade.value for trade in trades],
                "areas": areas.split(),
                "status": ContractorStatus.SUSPENDED if is_out else ContractorStatus.ACTIVE,
                "suspension": "Insurance not shown since August." if is_out else None,
                "version": 1,
            }
        )
        comes = f"{chance.choice(FIRST_NAMES)} {contact.split()[-1]}"
        rows[Operative].append(
            owned
            | {
                "id": new_id(),
                "contractor_id": contractor_id,
                "person_id": _person(rows, owned, comes, 50 + number),
                "card": f"{chance.randrange(1_000_000, 9_999_999)}",
            }
        )
        for shown, cover in ((scheme, None), (Scheme.PUBLIC_LIABILITY, 500_000_000)):
            ahead = -40 if is_out and cover else chance.choice((12, 60, 140, 220, 300))
            rows[Accreditation].append(
                owned
                | {
                    "id": new_id(),
                    "contractor_id": contractor_id,
                    "scheme": shown,
                    "number": f"{'PL-' if cover else ''}{chance.randrange(100_000, 999_999)}",
                    "expires_on": now.date() + timedelta(days=ahead),
                    "cover": cover,
                    "approved_at": None if chance.random() < 0.2 else now - timedelta(days=90),  # noqa: PLR2004
                    "version": 1,
                }
            )


def _places(rows: Rows, owned: dict[str, UUID], homes: Rows, chance: Random, today: date) -> None:
    unit_of = {unit["property_id"]: unit["id"] for unit in homes[Unit]}
    for home in homes[Property]:
        if chance.random() < 0.18:  # noqa: PLR2004
            for kind, text in chance.sample(HINTS, chance.choice((1, 1, 2))):
                rows[Hint].append(
                    owned
                    | {
                        "id": new_id(),
                        "property_id": home["id"],
                        "kind": kind,
                        "text": text,
                        "starts_on": today - timedelta(days=chance.randrange(30, 900)),
                        "version": 1,
                    }
                )
        if chance.random() < 0.5:  # noqa: PLR2004
            make, model = chance.choice(BOILERS)
            installed = today - timedelta(days=chance.randrange(60, 4_000))
            rows[Asset].append(
                owned
                | {
                    "id": new_id(),
                    "property_id": home["id"],
                    "unit_id": unit_of.get(home["id"]),
                    "kind": AssetKind.BOILER,
                    "make": make,
                    "model": model,
                    "serial_number": f"{chance.randrange(10**9, 10**10)}",
                    "installed_on": installed,
                    "warranty_until": installed + 7 * YEAR,
                    "warranty_with": f"{make} customer care",
                    "warranty_phone": "+441632960450",
                    "version": 1,
                }
            )


def _needs(rows: Rows, owned: dict[str, UUID], homes: Rows, chance: Random, now: datetime) -> None:
    for member in chance.sample(homes[TenancyMember], len(homes[TenancyMember]) // 16):
        kind, note, instruction = chance.choice(NEEDS)
        agreed = now - timedelta(days=chance.randrange(5, 700))
        rows[PersonNeed].append(
            owned
            | {
                "id": new_id(),
                "person_id": member["person_id"],
                "kind": kind,
                "note": note,
                "instruction": instruction,
                "consented_on": agreed.date(),
                "consent_channel": chance.choice(CONSENTED),
                "consent_wording": WORDING,
                "recorded_at": agreed,
                "version": 1,
            }
        )


def _consents(rows: Rows, owned: dict[str, UUID], homes: Rows, name: str, now: datetime) -> None:
    """Say what tenants answered; by chance of its own, so that nothing else of the demo is moved by it."""
    chance = Random(name)  # noqa: S311  (demo data)
    asked = {(one.way, one.purpose): one for one in wordings(name)}
    said = (
        (ContactWay.WHATSAPP, ContactPurpose.REPAIRS, True),
        (ContactWay.SMS, ContactPurpose.NEWS, True),
        (ContactWay.EMAIL, ContactPurpose.NEWS, True),
        (ContactWay.EMAIL, ContactPurpose.NEWS, False),
        (ContactWay.PHONE, ContactPurpose.REPAIRS, False),
    )
    for member in chance.sample(homes[TenancyMember], len(homes[TenancyMember]) // 3):
        way, purpose, is_given = chance.choice(said)
        at = now - timedelta(days=chance.randrange(3, 500))
        wording = asked[way, purpose]
        rows[Consent].append(
            owned
            | {
                "id": new_id(),
                "person_id": member["person_id"],
                "way": way,
                "purpose": purpose,
                "is_given": is_given,
                "told_by": chance.choice(CONSENTED),
                "told_on": at.date(),
                "wording": wording.text if is_given else None,
                "wording_version": wording.version if is_given else None,
                "note": None if is_given else "Said so when the office rang about an appointment.",
                "recorded_at": at,
            }
        )
