"""Finding what an identity proves itself with."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from maintainuk.domain.second_factors import FactorKind, RecoveryCode, SecondFactor


class SecondFactors:
    """The second factors of the installation's identities; each query names its identity."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session

    async def confirmed(self, identity_id: UUID) -> Sequence[SecondFactor]:
        """Return what counts, oldest first."""
        query = (
            select(SecondFactor)
            .where(SecondFactor.identity_id == identity_id, SecondFactor.confirmed_at.is_not(None))
            .order_by(SecondFactor.created_at, SecondFactor.id)
        )
        return (await self.session.scalars(query)).all()

    async def authenticators(self, identity_id: UUID) -> Sequence[SecondFactor]:
        """Return the confirmed apps, held until the transaction ends: of two who show one code, one goes first."""
        query = (
            select(SecondFactor)
            .where(
                SecondFactor.identity_id == identity_id,
                SecondFactor.kind == FactorKind.TOTP,
                SecondFactor.confirmed_at.is_not(None),
            )
            .order_by(SecondFactor.id)
            .with_for_update()
        )
        return (await self.session.scalars(query)).all()

    async def held(self, identity_id: UUID, factor_id: UUID) -> SecondFactor | None:
        """Return one of the identity's, confirmed or not, held until the transaction ends."""
        query = (
            select(SecondFactor)
            .where(SecondFactor.identity_id == identity_id, SecondFactor.id == factor_id)
            .with_for_update()
        )
        return (await self.session.scalars(query)).one_or_none()

    async def passkey(self, identity_id: UUID, credential_id: bytes) -> SecondFactor | None:
        """Return the identity's passkey with this id, held until the transaction ends."""
        query = (
            select(SecondFactor)
            .where(SecondFactor.identity_id == identity_id, SecondFactor.credential_id == credential_id)
            .with_for_update()
        )
        return (await self.session.scalars(query)).one_or_none()

    async def forget_unconfirmed(self, identity_id: UUID) -> None:
        """Remove the app that was begun and never confirmed."""
        await self.session.execute(
            delete(SecondFactor).where(SecondFactor.identity_id == identity_id, SecondFactor.confirmed_at.is_(None))
        )

    async def codes_left(self, identity_id: UUID) -> int:
        """Return how many recovery codes still work."""
        query = select(func.count()).where(RecoveryCode.identity_id == identity_id, RecoveryCode.used_at.is_(None))
        return await self.session.scalar(query) or 0

    async def use_code(self, identity_id: UUID, code_hash: bytes, now: datetime) -> bool:
        """Use a recovery code up; of two who try at once, one is told that it does not work."""
        query = (
            update(RecoveryCode)
            .where(
                RecoveryCode.identity_id == identity_id,
                RecoveryCode.code_hash == code_hash,
                RecoveryCode.used_at.is_(None),
            )
            .values(used_at=now)
            .returning(RecoveryCode.id)
        )
        return await self.session.scalar(query) is not None

    async def replace_codes(self, identity_id: UUID, hashes: Sequence[bytes], now: datetime) -> None:
        """Let these be the identity's recovery codes, and no earlier ones."""
        await self.session.execute(delete(RecoveryCode).where(RecoveryCode.identity_id == identity_id))
        self.session.add_all(RecoveryCode(identity_id=identity_id, code_hash=one, created_at=now) for one in hashes)
