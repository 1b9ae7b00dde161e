"""What breaks in homes, in the words of the people who live there: (category, priority, title, description)."""

from dataclasses import dataclass

from maintainuk.domain.taxonomy import Category, Priority

C, P1, P2, P3, P4 = Category, Priority.P1, Priority.P2, Priority.P3, Priority.P4


@dataclass(frozen=True, slots=True)
class Repair:
    """One fault as it is reported; `weight` says how common it is."""

    category: Category
    priority: Priority
    title: str
    description: str
    weight: int = 3


REPAIRS = (
    Repair(C.HEATING_HOT_WATER, P2, "No heating or hot water", "The boiler shows F28 and will not light. We have pressed reset three times. There is a baby in the house and it was 13 degrees in her room this morning.", 8),
    Repair(C.HEATING_HOT_WATER, P2, "Boiler keeps losing pressure", "I top it up to 1.5 and by the evening it is back at zero and the heating goes off. No leak that I can see under it.", 6),
    Repair(C.HEATING_HOT_WATER, P3, "Radiator cold at the bottom", "The big radiator in the living room is hot at the top and stone cold along the bottom. The others are fine.", 5),
    Repair(C.HEATING_HOT_WATER, P3, "Thermostat will not turn the heating off", "The room reads 24 and it is still calling for heat. I have to switch it off at the boiler.", 3),
    Repair(C.HEATING_HOT_WATER, P2, "Hot water runs cold after two minutes", "Shower starts hot, then goes cold and stays cold. The kitchen tap does the same.", 4),
    Repair(C.GAS, P1, "Smell of gas near the meter", "There is a strong smell of gas in the hall cupboard. We have opened the windows and are outside. The gas emergency service has been called.", 1),
    Repair(C.GAS, P1, "Carbon monoxide alarm went off", "The alarm in the kitchen sounded for about five minutes with the boiler on. We switched the boiler off and it stopped. We feel all right.", 1),
    Repair(C.ELECTRICAL, P2, "Half the sockets have no power", "Everything downstairs at the back went off last night. The switch in the fuse box trips again as soon as I push it up.", 5),
    Repair(C.ELECTRICAL, P1, "Burning smell from a socket", "The double socket behind the washing machine is brown and smells burnt. I have switched it off at the fuse box and not touched it.", 1),
    Repair(C.ELECTRICAL, P3, "Bathroom light flickers and buzzes", "It has flickered for a week and now buzzes when it is switched on.", 4),
    Repair(C.ELECTRICAL, P3, "Extractor fan in the bathroom has stopped", "It hums but does not turn. The mirror and window stay wet for hours.", 4),
    Repair(C.PLUMBING_LEAKS, P1, "Water coming through the kitchen ceiling", "It is dripping fast through the light fitting. I have put a bucket under it and turned the electricity off for that room. The flat above is not answering.", 3),
    Repair(C.PLUMBING_LEAKS, P2, "Leak under the kitchen sink", "A pipe joint is dripping into a washing-up bowl that I empty twice a day. The bottom of the cupboard has gone soft.", 7),
    Repair(C.PLUMBING_LEAKS, P3, "Kitchen tap drips all night", "It drips however hard I turn it and the handle is getting stiff.", 5),
    Repair(C.PLUMBING_LEAKS, P2, "Very low water pressure", "Only a trickle from every tap since Saturday. The neighbours are fine.", 2),
    Repair(C.DRAINAGE_TOILETS, P2, "Toilet will not flush", "The handle just flops. It is the only toilet and we are using a bucket of water.", 6),
    Repair(C.DRAINAGE_TOILETS, P2, "Blocked drain outside the back door", "Dirty water comes up in the gully when the washing machine empties and there is a bad smell in the yard.", 5),
    Repair(C.DRAINAGE_TOILETS, P3, "Bath drains very slowly", "It takes most of an hour to empty. I have tried a plunger and soda crystals.", 4),
    Repair(C.DAMP_MOULD, P2, "Black mould in the children's bedroom", "There is black mould across the outside wall and behind the cot. My son has asthma and his cough is worse. We wipe it off and it is back within two weeks.", 7),
    Repair(C.DAMP_MOULD, P3, "Damp patch growing on the chimney breast", "It started the size of a plate in September and is now as tall as me. The paper is coming off.", 5),
    Repair(C.DAMP_MOULD, P3, "Mould around the bathroom window", "Condensation every morning and black spots on the seal and the ceiling above it.", 5),
    Repair(C.ROOF_GUTTERS, P2, "Roof leaking into the back bedroom", "Since the wind on Thursday water comes in above the window when it rains. There are two slates in the garden.", 4),
    Repair(C.ROOF_GUTTERS, P3, "Gutter overflows by the front door", "It pours down the wall and over the step whenever it rains and freezes on the step.", 4),
    Repair(C.DOORS_WINDOWS_LOCKS, P1, "Front door will not lock", "The key turns and nothing happens. I cannot leave the flat because it will not lock behind me.", 2),
    Repair(C.DOORS_WINDOWS_LOCKS, P2, "Bedroom window will not close", "The hinge has dropped and it hangs open about an inch. Ground floor, on the street.", 4),
    Repair(C.DOORS_WINDOWS_LOCKS, P3, "Draught around the back door", "You can see daylight under it and the cold comes straight in.", 4),
    Repair(C.WALLS_FLOORS_CEILINGS, P2, "Ceiling bulging in the hall", "A piece about a metre across hangs lower than the rest and there is a crack around it.", 2),
    Repair(C.WALLS_FLOORS_CEILINGS, P2, "Loose stair and wobbly handrail", "The fourth stair gives way under your foot and the rail pulls out of the wall. My mother-in-law nearly fell on Sunday.", 3),
    Repair(C.WALLS_FLOORS_CEILINGS, P4, "Plaster coming away in the spare room", "A patch by the socket is crumbling, about the size of a tea tray.", 3),
    Repair(C.KITCHEN_BATHROOM, P3, "Seal around the bath has gone", "Water gets behind it and the ceiling downstairs has a brown ring.", 5),
    Repair(C.KITCHEN_BATHROOM, P3, "Shower only gives scalding water", "Turning the dial makes no difference. We are filling the bath with cold first.", 3),
    Repair(C.KITCHEN_BATHROOM, P4, "Kitchen cupboard door has come off", "Both hinges have pulled out of the chipboard.", 4),
    Repair(C.APPLIANCES, P3, "Washing machine leaves clothes full of water", "It stops before the spin with E18 on the display. It came with the flat.", 4),
    Repair(C.APPLIANCES, P3, "Oven does not heat", "The fan and light work and it stays cold. The hob is all right.", 4),
    Repair(C.APPLIANCES, P3, "Fridge is not cold", "The milk is off by the second day with the dial on the highest setting.", 2),
    Repair(C.FIRE_SAFETY, P2, "Smoke alarm chirps every minute", "I have changed the battery and it still chirps. It is the one on the landing, wired in.", 4),
    Repair(C.FIRE_SAFETY, P2, "Flat entrance door does not close by itself", "The closer at the top has lost its oil and the door stays open on the latch.", 2),
    Repair(C.PESTS, P3, "Mice in the kitchen", "Droppings behind the cooker and in the drawer. We can hear them under the units at night.", 3),
    Repair(C.PESTS, P3, "Wasps' nest by the loft hatch", "They come through the light fitting on the landing.", 1),
    Repair(C.COMMUNAL_LIFTS_ENTRY, P2, "Lift stuck on the second floor", "It has been out since last night. There are people in the block who cannot manage the stairs.", 2),
    Repair(C.COMMUNAL_LIFTS_ENTRY, P3, "Main entrance will not open with the fob", "It takes ten tries or somebody letting you in. The intercom is dead too.", 3),
    Repair(C.COMMUNAL_LIFTS_ENTRY, P3, "Stairwell lights out on the third floor", "Pitch black by five o'clock.", 2),
    Repair(C.OUTSIDE_GROUNDS, P4, "Fence blown down at the back", "Two panels and a post are lying on the grass since the storm.", 4),
    Repair(C.OUTSIDE_GROUNDS, P3, "Loose paving slab by the gate", "It rocks and the postman has tripped on it.", 3),
    Repair(C.OTHER, P4, "Please replace the house number", "Deliveries go to next door because ours has fallen off.", 1),
)  # fmt: skip

NOTES = (
    "Rang the tenant, no answer. Left a message and sent a text.",
    "Tenant is in after 3 pm on weekdays. Dog in the house, friendly.",
    "Third report from this address since the summer. Worth a look at the cause and not only the symptom.",
    "Landlord has been told. Happy for us to go ahead below £250.",
    "Under warranty until March: ring the installer before anybody else is sent.",
    "Photos came by e-mail, they show water marks on the ceiling below.",
    "Spoke to the tenant. It is worse than described, moved up.",
    "Waiting for a part. Supplier says Thursday.",
    "Key is with the concierge until six.",
    "Checked the inventory: the appliance is ours.",
    "Neighbour above has agreed to have the overflow looked at on the same visit.",
    "Tenant asks for a text the evening before. She works nights.",
    "Heaters lent out from the office, two of them. To be collected afterwards.",
)
