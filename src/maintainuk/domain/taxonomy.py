"""What can be wrong with a home, and who usually mends it: one list for picker, AI, rules and reports (§14)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Priority(StrEnum):
    """How soon somebody must act: emergency, urgent, routine, planned (§8)."""

    P1 = "P1"
    P2 = "P2"
    P3 = "P3"
    P4 = "P4"


class Category(StrEnum):
    """What is broken."""

    HEATING_HOT_WATER = "heating_hot_water"
    GAS = "gas"
    ELECTRICAL = "electrical"
    PLUMBING_LEAKS = "plumbing_leaks"
    DRAINAGE_TOILETS = "drainage_toilets"
    DAMP_MOULD = "damp_mould"
    ROOF_GUTTERS = "roof_gutters"
    DOORS_WINDOWS_LOCKS = "doors_windows_locks"
    WALLS_FLOORS_CEILINGS = "walls_floors_ceilings"
    KITCHEN_BATHROOM = "kitchen_bathroom"
    APPLIANCES = "appliances"
    FIRE_SAFETY = "fire_safety"
    PESTS = "pests"
    COMMUNAL_LIFTS_ENTRY = "communal_lifts_entry"
    OUTSIDE_GROUNDS = "outside_grounds"
    OTHER = "other"


class Channel(StrEnum):
    """How the report reached the organisation."""

    STAFF = "staff"
    PORTAL = "portal"
    IMPORT = "import"
    PHONE = "phone"
    EMAIL = "email"
    SMS = "sms"
    WHATSAPP = "whatsapp"


class Trade(StrEnum):
    """Who mends it."""

    GAS_ENGINEER = "gas_engineer"
    HEATING_ENGINEER = "heating_engineer"
    ELECTRICIAN = "electrician"
    PLUMBER = "plumber"
    DRAINAGE = "drainage"
    DAMP_SPECIALIST = "damp_specialist"
    ROOFER = "roofer"
    CARPENTER = "carpenter"
    LOCKSMITH = "locksmith"
    GLAZIER = "glazier"
    PLASTERER = "plasterer"
    STRUCTURAL = "structural"
    MULTI_TRADE = "multi_trade"
    APPLIANCE_ENGINEER = "appliance_engineer"
    FIRE_SAFETY = "fire_safety"
    PEST_CONTROL = "pest_control"
    LIFT_ENGINEER = "lift_engineer"
    GROUNDWORKS = "groundworks"


class HazardClass(StrEnum):
    """Whether the home may harm those who live in it, from the first look at a report (§6.2)."""

    NONE = "none"
    POTENTIAL_SIGNIFICANT = "potential_significant"
    POTENTIAL_EMERGENCY = "potential_emergency"

    @property
    def severity(self) -> int:
        """0 for none, more for worse."""
        return list(HazardClass).index(self)

    def is_below(self, present: "HazardClass | None") -> bool:
        """Say whether this is less than what a ticket is taken for now; what nobody has looked at can't be lowered."""
        return present is not None and self.severity < present.severity


class Responsibility(StrEnum):
    """Whose duty the repair is."""

    LANDLORD = "landlord"
    TENANT = "tenant"
    THIRD_PARTY = "third_party"
    UNKNOWN = "unknown"


USUAL_TRADES: Mapping[Category, tuple[Trade, ...]] = MappingProxyType(
    {
        Category.HEATING_HOT_WATER: (Trade.GAS_ENGINEER, Trade.HEATING_ENGINEER),
        Category.GAS: (Trade.GAS_ENGINEER,),
        Category.ELECTRICAL: (Trade.ELECTRICIAN,),
        Category.PLUMBING_LEAKS: (Trade.PLUMBER,),
        Category.DRAINAGE_TOILETS: (Trade.DRAINAGE, Trade.PLUMBER),
        Category.DAMP_MOULD: (Trade.DAMP_SPECIALIST,),
        Category.ROOF_GUTTERS: (Trade.ROOFER,),
        Category.DOORS_WINDOWS_LOCKS: (Trade.CARPENTER, Trade.LOCKSMITH, Trade.GLAZIER),
        Category.WALLS_FLOORS_CEILINGS: (Trade.PLASTERER, Trade.CARPENTER, Trade.STRUCTURAL),
        Category.KITCHEN_BATHROOM: (Trade.MULTI_TRADE,),
        Category.APPLIANCES: (Trade.APPLIANCE_ENGINEER,),
        Category.FIRE_SAFETY: (Trade.FIRE_SAFETY,),
        Category.PESTS: (Trade.PEST_CONTROL,),
        Category.COMMUNAL_LIFTS_ENTRY: (Trade.LIFT_ENGINEER, Trade.ELECTRICIAN, Trade.MULTI_TRADE),
        Category.OUTSIDE_GROUNDS: (Trade.GROUNDWORKS,),
        Category.OTHER: (),
    }
)
"""Each category's trades, the usual one first; a person may choose any other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Classification:
    """What a person decided about a report: what it is, who mends it, how soon, how dangerous, whose duty."""

    category: Category
    trade: Trade | None
    priority: Priority
    hazard_class: HazardClass
    responsibility: Responsibility
