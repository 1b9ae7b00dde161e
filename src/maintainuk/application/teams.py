"""Which colleagues look after which homes, and who answers for all of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from maintainuk.application.unit_of_work import UnitOfWork
from maintainuk.domain.errors import AlreadyHere, ChangedMeanwhile, InUse, Invalid, Reason
from maintainuk.domain.permissions import WHOLE_ORGANISATION, Permission, Scope
from maintainuk.domain.teams import Team
from maintainuk.domain.users import User, UserStatus
from maintainuk.infrastructure.repositories.organisations import SettingsOf
from maintainuk.infrastructure.repositories.roles import Roles
from maintainuk.infrastructure.repositories.teams import Area, Teams
from maintainuk.infrastructure.repositories.users import Accounts, Users


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTeam:
    """What a team is called, who leads it and who is in it; its lead is one of its members."""

    name: str
    lead_id: UUID | None
    member_ids: Sequence[UUID]


@dataclass(frozen=True, slots=True)
class TeamAtWork:
    """A team with its people and how many properties it looks after."""

    team: Team
    members: Sequence[User]
    properties: int


@dataclass(frozen=True, slots=True)
class HeadOfService:
    """Who answers for the service; `is_named` is false where an administrator stands in, as nobody was named."""

    user: User
    is_named: bool


class TeamService:
    """The teams of one organisation."""

    def __init__(self, work: UnitOfWork) -> None:
        self.work = work
        self.teams = Teams(work.session)
        work.actor.require(Permission.USERS_MANAGE, at_least=Scope.ORG)

    async def all(self) -> list[TeamAtWork]:
        """Return all teams, by name."""
        members, homes = await self.teams.members(), await self.teams.homes()
        return [TeamAtWork(team, members.get(team.id, []), homes.get(team.id, 0)) for team in await self.teams.all()]

    async def create(self, new: NewTeam) -> UUID:
        """Make a team."""
        await self._check(new)
        team = Team(org_id=self.work.actor.org_id, name=new.name, lead_id=new.lead_id)
        self.work.session.add(team)
        await self._settle(team, new, "TeamCreated")
        return team.id

    async def change(self, team_id: UUID, new: NewTeam, *, version: int) -> None:
        """Rename a team, or change who is in it, at once for all of them. Raises `ChangedMeanwhile`."""
        team = await self._unchanged(team_id, version)
        await self._check(new, besides=team_id)
        team.name, team.lead_id = new.name, new.lead_id
        self.teams.new_version(team)
        await self._settle(team, new, "TeamChanged")

    async def delete(self, team_id: UUID, *, version: int) -> None:
        """Dissolve a team that looks after nothing any more. Raises `InUse`."""
        team = await self._unchanged(team_id, version)
        if count := (await self.teams.homes()).get(team_id, 0):
            raise InUse("team-has-homes", count=count)
        await self.teams.replace_members(team, [])
        await self.work.session.delete(team)
        self.work.audit("TeamDeleted", subject_id=team_id, data={"name": team.name})
        await self.work.session.flush()

    async def areas(self) -> Sequence[tuple[str, str, UUID | None, int]]:
        """Return which team looks after how many properties of each area."""
        return await self.teams.areas()

    async def hand_over(
        self, to: UUID | None, *, areas: Sequence[Area], property_ids: Sequence[UUID], only_nobodys: bool
    ) -> int:
        """Let a team (or nobody in particular) look after whole areas or single properties; return how many it got."""
        if to is not None:
            await self.teams.locked(to)
        count = await self.teams.hand_over(to, areas=areas, property_ids=property_ids, only_nobodys=only_nobodys)
        told = {"areas": [f"{area.town} {area.outward}" for area in areas], "properties": [*map(str, property_ids)]}
        self.work.audit("PropertiesHandedOver", subject_id=to, data=told | {"count": count})
        self.work.has_changed = True
        return count

    async def head_of_service(self) -> HeadOfService | None:
        """Return who answers for the service: whom somebody has named, otherwise an administrator."""
        users = Users(self.work.session)
        if named := await users.head_of_service():
            return HeadOfService(named, is_named=True)
        administering = [role.id for role in await Roles(self.work.session).all() if role.administers]
        stand_ins = await users.administrators(administering)
        return HeadOfService(stand_ins[0], is_named=False) if stand_ins else None

    async def name_head_of_service(self, user_id: UUID | None) -> None:
        """Say who answers for the service; nobody: an administrator does."""
        if user_id is not None:
            await self._colleagues([user_id], "user_id")
        settings = await SettingsOf(self.work.session).held(at=self.work.now)
        before, settings.head_of_service_id = settings.head_of_service_id, user_id
        settings.updated_at = self.work.now
        told = {"from": before and str(before), "to": user_id and str(user_id)}
        self.work.audit("HeadOfServiceNamed", subject_id=settings.id, data=told)
        await self.work.session.flush()

    async def _unchanged(self, team_id: UUID, version: int) -> Team:
        team = await self.teams.locked(team_id)
        if team.version != version:
            raise ChangedMeanwhile("team-changed-meanwhile")
        return team

    async def _check(self, new: NewTeam, *, besides: UUID | None = None) -> None:
        if await self.teams.is_named(new.name, besides=besides):
            raise AlreadyHere("team-name-taken", fields={"name": Reason("name-taken")})
        await self._colleagues(new.member_ids, "member_ids")
        if new.lead_id not in {None, *new.member_ids}:
            raise Invalid(fields={"lead_id": Reason("lead-elsewhere")})

    async def _colleagues(self, user_ids: Sequence[UUID], field: str) -> None:
        """Refuse whoever is no active member of staff."""
        users = await Accounts(self.work.session, WHOLE_ORGANISATION).held(user_ids)
        at_work = {user.id for user in users if user.acts_for is None and user.status is UserStatus.ACTIVE}
        if not at_work.issuperset(user_ids):
            raise Invalid(fields={field: Reason("unknown-colleague")})

    async def _settle(self, team: Team, new: NewTeam, action: str) -> None:
        await self.work.session.flush()
        await self.teams.replace_members(team, new.member_ids)
        told = {"name": new.name, "lead": new.lead_id and str(new.lead_id), "members": [*map(str, new.member_ids)]}
        self.work.audit(action, subject_id=team.id, data=told)
        self.work.has_changed = True
        await self.work.session.flush()
