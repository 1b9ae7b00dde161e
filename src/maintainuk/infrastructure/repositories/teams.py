"""Finding teams, who is in them, and which homes they look after."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.attributes import flag_modified

from maintainuk.domain.errors import NotFound
from maintainuk.domain.properties import Property
from maintainuk.domain.teams import Team, TeamMember
from maintainuk.domain.users import User

OUTWARD = func.split_part(Property.postcode, " ", 1)
"""The first half of a postcode: LS6 of LS6 1AA."""


@dataclass(frozen=True, slots=True)
class Area:
    """A town's part, as postcodes divide it."""

    town: str
    outward: str


class Teams:
    """The teams of the session's organisation."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def all(self) -> Sequence[Team]:
        """Return all teams, by name."""
        return (await self.session.scalars(select(Team).order_by(Team.name))).all()

    async def locked(self, team_id: UUID) -> Team:
        """Return one team, held until the transaction ends. Raises `NotFound`."""
        team = await self.session.scalar(select(Team).where(Team.id == team_id).with_for_update())
        if team is None:
            raise NotFound("no-such-team")
        return team

    async def is_named(self, name: str, *, besides: UUID | None = None) -> bool:
        """Say whether another team has this name, however it is written."""
        query = select(Team.id).where(func.lower(Team.name) == name.lower(), Team.id.is_distinct_from(besides))
        return await self.session.scalar(query) is not None

    async def members(self) -> Mapping[UUID, list[User]]:
        """Return who is in each team."""
        found = await self.session.execute(select(TeamMember.team_id, User).join(User, User.id == TeamMember.user_id))
        teams: dict[UUID, list[User]] = {}
        for team_id, user in found:
            teams.setdefault(team_id, []).append(user)
        return {team_id: sorted(users, key=lambda user: user.name.casefold()) for team_id, users in teams.items()}

    @staticmethod
    def new_version(team: Team) -> None:
        """Count who is in the team as part of it: of two who change that at once, one is told to look again."""
        flag_modified(team, "name")

    async def replace_members(self, team: Team, user_ids: Sequence[UUID]) -> None:
        """Let exactly these people be in the team."""
        await self.session.execute(delete(TeamMember).where(TeamMember.team_id == team.id))
        self.session.add_all(
            TeamMember(org_id=team.org_id, team_id=team.id, user_id=user_id) for user_id in dict.fromkeys(user_ids)
        )

    async def join(self, user: User, team_ids: Sequence[UUID]) -> list[UUID]:
        """Let somebody be in those of the teams that are there, held until the transaction ends; return which."""
        query = select(Team).where(Team.id.in_(team_ids)).order_by(Team.id).with_for_update()
        teams = (await self.session.scalars(query)).all() if team_ids else []
        for team in teams:
            self.new_version(team)
            self.session.add(TeamMember(org_id=team.org_id, team_id=team.id, user_id=user.id))
        return [team.id for team in teams]

    async def homes(self) -> Mapping[UUID | None, int]:
        """Return how many properties each team looks after, and how many nobody does."""
        query = select(Property.team_id, func.count()).group_by(Property.team_id)
        return dict((await self.session.execute(query)).all())

    async def areas(self) -> Sequence[tuple[str, str, UUID | None, int]]:
        """Return how many properties of each area (town, first half of the postcode) each team looks after."""
        query = (
            select(Property.town, OUTWARD, Property.team_id, func.count())
            .group_by(Property.town, OUTWARD, Property.team_id)
            .order_by(Property.town, OUTWARD)
        )
        return (await self.session.execute(query)).all()

    async def hand_over(
        self, to: UUID | None, *, areas: Sequence[Area], property_ids: Sequence[UUID], only_nobodys: bool
    ) -> int:
        """Let a team, or nobody in particular, look after these properties; return how many changed hands."""
        chosen: list[ColumnElement[bool]] = [
            and_(Property.town == area.town, OUTWARD.in_((area.outward,))) for area in areas
        ]
        if property_ids:
            chosen.append(Property.id.in_(property_ids))
        if not chosen:
            return 0
        query = update(Property).where(or_(*chosen), Property.team_id.is_distinct_from(to))
        if only_nobodys:
            query = query.where(Property.team_id.is_(None))
        handed = await self.session.scalars(
            query.values(team_id=to).returning(Property.id).execution_options(synchronize_session=False)
        )
        return len(handed.all())
