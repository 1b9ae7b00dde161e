"""The invented staff of the demo organisations, and the names tenants are made of."""

from dataclasses import dataclass
from random import Random
from uuid import UUID, uuid5

from maintainuk.domain.built_in_roles import BuiltInRole
from maintainuk.domain.organisations import Nation, OrganisationKind

DEMO_NAMESPACE = UUID("6f1c1d0e-5d0a-4b4e-9a55-0d3a4f6e2b11")
DEMO_PASSWORD = "correct-horse-42"  # noqa: S105  (shown on the front door of demo mode, refused in live mode)


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoOrganisation:
    """An invented organisation; `domain` is where its staff get their e-mail."""

    name: str
    kind: OrganisationKind
    nation: Nation
    domain: str
    phone: str
    homes: int
    tickets: int

    @property
    def id(self) -> UUID:
        """The same id on each machine, so that loading twice changes nothing."""
        return uuid5(DEMO_NAMESPACE, self.domain)


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoPerson:
    """An invented member of staff; `about` is a line for the front door."""

    organisation: DemoOrganisation
    name: str
    role: BuiltInRole
    about: str
    runs_installation: bool = False

    @property
    def email(self) -> str:
        """Where the person would get e-mail, and what they sign in with."""
        first, *_, last = self.name.lower().replace("'", "").split()
        return f"{first}.{last}@{self.organisation.domain}"

    @property
    def id(self) -> UUID:
        """The same id on each machine."""
        return uuid5(DEMO_NAMESPACE, self.email)


BRIGHTWELL = DemoOrganisation(
    name="Brightwell Lettings",
    kind=OrganisationKind.LETTING_AGENT,
    nation=Nation.ENGLAND,
    domain="brightwell.example.com",
    phone="0113 496 0142",
    homes=1_200,
    tickets=640,
)
CALDER_VALE = DemoOrganisation(
    name="Calder Vale Homes",
    kind=OrganisationKind.HOUSING_ASSOCIATION,
    nation=Nation.ENGLAND,
    domain="caldervale.example.com",
    phone="01632 960 177",
    homes=400,
    tickets=260,
)
DEMO_ORGANISATIONS = (BRIGHTWELL, CALDER_VALE)
DEMO_ORGANISATION_IDS = frozenset(organisation.id for organisation in DEMO_ORGANISATIONS)

DEMO_PEOPLE = (
    DemoPerson(
        organisation=BRIGHTWELL,
        name="Priya Raman",
        role=BuiltInRole.COORDINATOR,
        about="Takes in reports for Leeds and Bristol and sees that each one moves.",
    ),
    DemoPerson(
        organisation=BRIGHTWELL,
        name="Callum Fraser",
        role=BuiltInRole.COORDINATOR,
        about="Looks after Edinburgh, Cardiff and Belfast.",
    ),
    DemoPerson(
        organisation=BRIGHTWELL,
        name="Joanne Whitaker",
        role=BuiltInRole.MANAGER,
        about="Leads property management and approves what costs more.",
    ),
    DemoPerson(
        organisation=BRIGHTWELL,
        name="Tunde Adeyemi",
        role=BuiltInRole.ORG_ADMIN,
        about="Owns the agency's settings and its people.",
    ),
    DemoPerson(
        organisation=BRIGHTWELL,
        name="Agnieszka Nowak",
        role=BuiltInRole.FINANCE,
        about="Reads tickets to check what is being paid for.",
    ),
    DemoPerson(
        organisation=CALDER_VALE,
        name="Shabana Hussain",
        role=BuiltInRole.COORDINATOR,
        about="Runs the repairs desk for four hundred homes.",
    ),
    DemoPerson(
        organisation=CALDER_VALE,
        name="Gareth Pugh",
        role=BuiltInRole.MANAGER,
        about="Head of repairs; answers for every deadline.",
    ),
    DemoPerson(
        organisation=CALDER_VALE,
        name="Mei-Ling Cheung",
        role=BuiltInRole.AUDITOR,
        about="Reads everything but internal notes, changes nothing.",
    ),
    DemoPerson(
        organisation=CALDER_VALE,
        name="Rhona Sinclair",
        role=BuiltInRole.AUDITOR,
        about="Runs this installation: its organisations, and support with their knowledge.",
        runs_installation=True,
    ),
)

# First names and surnames by family background, so that "Siobhán Okafor" stays the exception it is in life.
_NAMES: tuple[tuple[int, str, str], ...] = (
    (
        30,
        "Oliver Amelia George Isla Harry Freya Thomas Poppy Jack Grace Emily Daniel Sophie Matthew Lucy Christopher Hannah"
        " Michael Charlotte Susan David Margaret Stephen Janet Kevin Tracey Darren Kelly Barry Maureen",
        "Smith Taylor Brown Wilson Thompson Wright Walker Robinson Hughes Green Hall Wood Clarke Jackson Turner Hill"
        " Cooper Ward Morris Baker Harrison Featherstone Ackroyd Sutcliffe Greenwood Barraclough Hirst Metcalfe",
    ),
    (
        8,
        "Ewan Eilidh Hamish Mhairi Fraser Catriona Iain Morag",
        "MacDonald Campbell Stewart Murray Sinclair Ross Muir Kerr",
    ),
    (
        8,
        "Rhys Cerys Gethin Angharad Dylan Carys Ieuan Bethan",
        "Jones Davies Williams Evans Llewellyn Prosser Bowen Pugh",
    ),
    (
        6,
        "Siobhán Declan Aoife Conor Niamh Patrick Róisín Eamon",
        "Murphy Kelly O'Neill Byrne Doherty Gallagher McCann Quinn",
    ),
    (
        12,
        "Aisha Imran Zainab Bilal Saima Tariq Fatima Usman Nadia Hamza Rukhsana Asif",
        "Khan Hussain Ahmed Malik Iqbal Mahmood Akhtar Shah Begum Rashid Bibi Chaudhry",
    ),
    (
        8,
        "Arjun Anjali Harpreet Gurdeep Meera Rohan Kiran Simran Vikram Deepa",
        "Patel Singh Kaur Sharma Gill Desai Reddy Nair Sandhu Mistry",
    ),
    (
        9,
        "Oluwaseun Chiamaka Kwame Abena Emeka Folasade Kofi Ngozi Temitope Adaeze",
        "Adébáyò-Featherstonehaugh Okafor Mensah Boateng Adeleke Eze Owusu Balogun Nwosu Asante",
    ),
    (5, "Marcia Delroy Winston Shanice Leroy Beverley", "Campbell Francis Grant Morgan Bailey Powell"),
    (
        8,
        "Piotr Katarzyna Andrei Elena Tomasz Ioana Marek Magdalena Vasile Justyna",
        "Kowalski Wiśniewska Popescu Ionescu Zieliński Kamińska Dumitru Lewandowski Nowicki Radu",
    ),
    (3, "Wei Mei Jun Li Hoi-Yan Ka-Ming", "Chen Wong Zhang Lam Cheung Liu"),
    (3, "Yusuf Leyla Omar Amina Mehmet Hodan", "Yılmaz Abdi Haddad Hassan Demir Warsame"),
)
_WEIGHTS = tuple(weight for weight, _, _ in _NAMES)


def tenant_name(chance: Random) -> str:
    """Return the name of somebody who might live anywhere in the United Kingdom."""
    ((_, first_names, surnames),) = chance.choices(_NAMES, _WEIGHTS)
    return f"{chance.choice(first_names.split())} {chance.choice(surnames.split())}"
