"""Finding how an organisation wants its people to prove who they are."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from maintainuk.domain.sign_in import Client
from maintainuk.domain.sign_in_policy import SignInPolicy


class PolicyOf:
    """The policy of the session's organisation; none while nobody has decided anything."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def found(self) -> SignInPolicy | None:
        """Return it, if somebody has decided."""
        return (await self.session.scalars(select(SignInPolicy))).one_or_none()

    async def asks_for_factor(self, client: Client) -> bool:
        """Say whether everybody who signs in to this client must show a second factor; only staff ever must."""
        policy = await self.found()
        return client is Client.STAFF and policy is not None and policy.is_second_factor_required

    async def held(self) -> SignInPolicy | None:
        """Return it, held until the transaction ends."""
        return (await self.session.scalars(select(SignInPolicy).with_for_update())).one_or_none()
