"""What the matrix of who may touch what knows of the portfolio: good bodies, permissions, and things to name."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import update

from maintainuk.domain.assets import Asset, AssetKind
from maintainuk.domain.audit import AuditLog
from maintainuk.domain.built_in_roles import BuiltInRole
from maintainuk.domain.contractors import Accreditation, Contractor, Operative, Scheme
from maintainuk.domain.documents import Document, DocumentKind
from maintainuk.domain.hints import Hint, HintKind
from maintainuk.domain.landlords import Landlord, Portfolio
from maintainuk.domain.people import ConsentChannel, NeedKind, PersonNeed, TenancyMember
from maintainuk.domain.permissions import Permission
from maintainuk.domain.privacy import PrivacyRequest, PrivacyRequestKind
from maintainuk.domain.properties import Property, PropertyKind, Unit
from maintainuk.domain.retention import LegalHold, RetentionRule
from tests.world import Home, World

PERSON = {"name": "Rose Adeyemi-Clarke"}
HOUSE = {"addressLine": "3 Mill Lane", "town": "Leeds", "postcode": "LS9 8BB"}
NEED = {
    "kind": "hearing",
    "consentedOn": "2026-01-05",
    "consentChannel": "phone",
    "consentWording": "May we note this?",
}
CONSENT = {"way": "sms", "purpose": "news", "isGiven": False, "toldBy": "phone", "toldOn": "2026-01-05"}
FIRM = {"name": "Aire Valley Heating", "trades": ["gas_engineer"], "areas": ["LS"]}
GAS_SAFE = {"scheme": "gas_safe", "number": "512345", "expiresOn": "2099-03-31"}
HINT = {"kind": "key_safe", "text": "By the back door.", "startsOn": "2026-01-05"}
BODIES: dict[str, Any] = {
    "addProperty": HOUSE | {"kind": "house"},
    "changeProperty": HOUSE,
    "addUnit": {"label": "Flat 99"},
    "changeUnit": {"label": "Flat 98"},
    "beginTenancy": {
        "unitId": "{vacant_id}",
        "startedOn": "2026-01-05",
        "members": [{"role": "lead", "person": PERSON}],
    },
    "changeTenancy": {"startedOn": "2020-01-05"},
    "endTenancy": {"endedOn": "2026-11-01"},
    "moveIn": {"role": "joint", "person": PERSON},
    "moveOut": {"movedOutOn": "2026-11-01"},
    "addPerson": PERSON,
    "changePerson": PERSON,
    "addNeed": NEED,
    "endNeed": {},
    "recordConsent": CONSENT,
    "changeRetention": {"months": 24},
    "placeHold": {"kind": "person", "subjectId": "{person_id}", "reason": "A claim of disrepair."},
    "liftHold": {"because": "The claim was settled."},
    "addLandlord": {"person": PERSON},
    "changeLandlord": {"company": "Ackroyd Estates", "approvalLimit": 25_000},
    "addPortfolio": {"name": "Headingley"},
    "changePortfolio": {"name": "Burley"},
    "addContractor": FIRM,
    "changeContractor": FIRM,
    "changeContractorStatus": {"status": "suspended", "reason": "Insurance not shown."},
    "addAccreditation": GAS_SAFE,
    "changeAccreditation": GAS_SAFE,
    "approveAccreditation": {},
    "addOperative": {"person": PERSON},
    "endOperative": {},
    "addHint": HINT | {"propertyId": "{property_id}"},
    "changeHint": HINT,
    "addAsset": {"kind": "boiler", "propertyId": "{property_id}"},
    "changeAsset": {"kind": "boiler"},
    "addDocument": {"kind": "gas_record", "title": "Gas record", "propertyId": "{property_id}"},
    "sendDocument": b"%PDF-1.7 nobody looks at it here",
    "changeDocument": {"kind": "eicr", "title": "EICR 2026"},
    "withdrawDocument": {},
    "bringDocumentBack": {},
    "receivePrivacyRequest": {"personId": "{person_id}", "kind": "erasure", "receivedOn": "2026-01-05"},
    "extendPrivacyRequest": {"because": "Six years of repairs."},
    "refusePrivacyRequest": {"because": "We could not tell that it was them."},
    "answerPrivacyRequest": {},
    "decideCopy": {"words": ["Mrs Harcourt-Bell"], "leftOut": []},
    "releaseCopy": {},
}
NEEDS = {
    "listProperties": Permission.PROPERTIES_READ,
    "exportProperties": Permission.PROPERTIES_READ,
    "readProperty": Permission.PROPERTIES_READ,
    "addProperty": Permission.PROPERTIES_WRITE,
    "changeProperty": Permission.PROPERTIES_WRITE,
    "addUnit": Permission.PROPERTIES_WRITE,
    "changeUnit": Permission.PROPERTIES_WRITE,
    "listTenancies": Permission.TENANCIES_READ,
    "readTenancy": Permission.TENANCIES_READ,
    "beginTenancy": Permission.TENANCIES_WRITE,
    "changeTenancy": Permission.TENANCIES_WRITE,
    "endTenancy": Permission.TENANCIES_WRITE,
    "moveIn": Permission.TENANCIES_WRITE,
    "moveOut": Permission.TENANCIES_WRITE,
    "listPeople": Permission.PEOPLE_READ,
    "exportPeople": Permission.PEOPLE_READ,
    "readPerson": Permission.PEOPLE_READ,
    "addPerson": Permission.PEOPLE_WRITE,
    "changePerson": Permission.PEOPLE_WRITE,
    "listNeeds": Permission.PEOPLE_SENSITIVE,
    "addNeed": Permission.PEOPLE_WRITE,
    "endNeed": Permission.PEOPLE_WRITE,
    "listConsents": Permission.PEOPLE_READ,
    "recordConsent": Permission.PEOPLE_WRITE,
    "listLandlords": Permission.PEOPLE_READ,
    "readLandlord": Permission.PEOPLE_READ,
    "addLandlord": Permission.PEOPLE_WRITE,
    "changeLandlord": Permission.PEOPLE_WRITE,
    "addPortfolio": Permission.PEOPLE_WRITE,
    "changePortfolio": Permission.PEOPLE_WRITE,
    "listContractors": Permission.CONTRACTORS_READ,
    "exportContractors": Permission.CONTRACTORS_READ,
    "readContractor": Permission.CONTRACTORS_READ,
    "addContractor": Permission.CONTRACTORS_MANAGE,
    "changeContractor": Permission.CONTRACTORS_MANAGE,
    "changeContractorStatus": Permission.CONTRACTORS_MANAGE,
    "addAccreditation": Permission.CONTRACTORS_MANAGE,
    "changeAccreditation": Permission.CONTRACTORS_MANAGE,
    "approveAccreditation": Permission.CONTRACTORS_APPROVE_ACCREDITATION,
    "addOperative": Permission.CONTRACTORS_MANAGE,
    "endOperative": Permission.CONTRACTORS_MANAGE,
    "listHints": Permission.PROPERTIES_READ,
    "addHint": Permission.PROPERTIES_WRITE,
    "changeHint": Permission.PROPERTIES_WRITE,
    "readSite": Permission.TICKETS_READ,
    "listAssets": Permission.PROPERTIES_READ,
    "addAsset": Permission.PROPERTIES_WRITE,
    "changeAsset": Permission.PROPERTIES_WRITE,
    "findAddress": Permission.PROPERTIES_WRITE,
    "listDocuments": Permission.PROPERTIES_READ,
    "addDocument": Permission.PROPERTIES_WRITE,
    "sendDocument": Permission.PROPERTIES_WRITE,
    "openDocument": Permission.PROPERTIES_READ,
    "changeDocument": Permission.PROPERTIES_WRITE,
    "withdrawDocument": Permission.PROPERTIES_WRITE,
    "bringDocumentBack": Permission.PROPERTIES_WRITE,
    "listPrivacyRequests": Permission.PRIVACY_READ,
    "receivePrivacyRequest": Permission.PRIVACY_DSAR,
    "extendPrivacyRequest": Permission.PRIVACY_DSAR,
    "refusePrivacyRequest": Permission.PRIVACY_DSAR,
    "answerPrivacyRequest": Permission.PRIVACY_DSAR,
    "reviewCopy": Permission.PRIVACY_DSAR,
    "decideCopy": Permission.PRIVACY_DSAR,
    "releaseCopy": Permission.PRIVACY_DSAR,
    "takeCopy": Permission.PRIVACY_DSAR,
    "readRetention": Permission.PRIVACY_READ,
    "previewRetention": Permission.PRIVACY_READ,
    "changeRetention": Permission.RETENTION_MANAGE,
    "listHolds": Permission.PRIVACY_READ,
    "placeHold": Permission.RETENTION_MANAGE,
    "liftHold": Permission.RETENTION_MANAGE,
}
OF_PEOPLE = {
    *("listPeople", "exportPeople", "readPerson", "changePerson", "listNeeds", "addNeed", "endNeed"),
    *("listConsents", "recordConsent"),
    *("listLandlords", "readLandlord", "changeLandlord", "addPortfolio", "changePortfolio", "addLandlord"),
    *("listContractors", "exportContractors", "readContractor", "changeContractor", "changeContractorStatus"),
    "addAccreditation",
    *("changeAccreditation", "approveAccreditation", "addOperative", "endOperative"),
}
"""They tell of people, and those at a desk know everybody; of homes they tell only what is within reach."""
DESK = {BuiltInRole.ORG_ADMIN, BuiltInRole.MANAGER, BuiltInRole.COORDINATOR}
PRIVACY = (
    *("receivePrivacyRequest", "extendPrivacyRequest", "refusePrivacyRequest", "answerPrivacyRequest"),
    *("reviewCopy", "decideCopy", "releaseCopy", "takeCopy"),
)
READ_ALONE = ("listPrivacyRequests", "readRetention", "previewRetention", "listHolds")
ONLY_FOR = {
    "findAddress": DESK,
    "listNeeds": DESK | {BuiltInRole.AUDITOR},
    "approveAccreditation": {BuiltInRole.ORG_ADMIN, BuiltInRole.MANAGER},
    **{name: {BuiltInRole.ORG_ADMIN, BuiltInRole.MANAGER, BuiltInRole.AUDITOR} for name in READ_ALONE},
    **{name: {BuiltInRole.ORG_ADMIN} for name in ("changeRetention", "placeHold", "liftHold")},
    **{name: {BuiltInRole.ORG_ADMIN, BuiltInRole.MANAGER} for name in PRIVACY},
}
ASKED = {
    "exportProperties": {"told": "homes"},
    "previewRetention": {"months": "24"},
    "listTenancies": {"unit": "{unit_id}"},
    "listHints": {"property": "{property_id}"},
    "listAssets": {"property": "{property_id}"},
    "findAddress": {"q": "LS6 1AA"},
    "listDocuments": {"property": "{property_id}"},
}
"""Parameters without which an operation cannot be called."""
EVERYWHERE = {"retention_kind": "needs"}
"""What each organisation has one of: naming it names one's own."""
NAMES = (
    *("unit_id", "tenancy_id", "member_id", "person_id", "need_id", "vacant_id", "hint_id", "asset_id", "request_id"),
    *("hold_id", "retention_kind"),
    *("landlord_id", "portfolio_id", "contractor_id", "accreditation_id", "operative_id", "document_id"),
)


async def things(world: World, org_id: UUID, home: Home) -> dict[str, str]:
    """Ids by which a request can name what there is: a block with a home that is let, and one that is not."""
    async with world.owner.session(org_id) as session, session.begin():
        a_block = update(Property).where(Property.id == home.property_id).values(kind=PropertyKind.BLOCK)
        await session.execute(a_block)
    vacant = Unit(org_id=org_id, property_id=home.property_id, label="Flat 97")
    other = TenancyMember(org_id=org_id, tenancy_id=home.tenancy_id, person_id=home.tenant_id)
    need = PersonNeed(
        org_id=org_id,
        person_id=home.tenant_id,
        kind=NeedKind.HEARING,
        instruction="Ring, then wait two minutes.",
        consented_on=world.now.date() - timedelta(days=3),
        consent_channel=ConsentChannel.PHONE,
        consent_wording="May we note this?",
        recorded_at=world.now,
    )
    today, owned = world.now.date(), {"org_id": org_id}
    landlord = Landlord(**owned, person_id=home.tenant_id)
    portfolio = Portfolio(**owned, landlord_id=landlord.id, name="Leeds")
    firm = Contractor(**owned, name="Brightwell Heating")
    operative = Operative(**owned, contractor_id=firm.id, person_id=home.tenant_id)
    shown = Accreditation(
        **owned, contractor_id=firm.id, scheme=Scheme.GAS_SAFE, number="123456", expires_on=today + timedelta(days=90)
    )
    hint = Hint(**owned, property_id=home.property_id, kind=HintKind.KEY_SAFE, starts_on=today)
    asset = Asset(**owned, property_id=home.property_id, kind=AssetKind.BOILER)
    document = Document(
        **owned, property_id=home.property_id, kind=DocumentKind.EPC, title="EPC 2026", added_at=world.now
    )
    await world.add(org_id, vacant, other, need, landlord, portfolio, firm, operative, shown, hint, asset, document)
    asked = PrivacyRequest(
        org_id=org_id,
        person_id=home.tenant_id,
        kind=PrivacyRequestKind.ACCESS,
        received_on=world.now.date(),
        due_on=world.now.date(),
        released_at=world.now,
    )
    looked = AuditLog(
        **owned,
        at=world.now,
        actor_id=None,
        action="PersonExported",
        subject_id=home.tenant_id,
        data={"request_id": str(asked.id)},
    )
    held = LegalHold(org_id=org_id, person_id=home.tenant_id, reason="A claim of disrepair.", placed_at=world.now)
    await world.add(org_id, asked, looked, held)
    return {
        "unit_id": str(home.unit_id),
        "tenancy_id": str(home.tenancy_id),
        "member_id": str(other.id),
        "person_id": str(home.tenant_id),
        "need_id": str(need.id),
        "vacant_id": str(vacant.id),
        "landlord_id": str(landlord.id),
        "portfolio_id": str(portfolio.id),
        "contractor_id": str(firm.id),
        "accreditation_id": str(shown.id),
        "operative_id": str(operative.id),
        "hint_id": str(hint.id),
        "asset_id": str(asset.id),
        "document_id": str(document.id),
        "request_id": str(asked.id),
        "hold_id": str(held.id),
    }


async def things_of_all(world: World, org_id: UUID) -> dict[str, str]:
    """What there is once in an organisation, however many homes it has."""
    rule = RetentionRule(org_id=org_id, kind=EVERYWHERE["retention_kind"], months=6, changed_at=world.now)
    await world.add(org_id, rule)
    return EVERYWHERE
