"""What a search asks the database for: the words, and the keyed hashes that names are found by."""

from typing import Any, Final

from sqlalchemy import ARRAY, BigInteger, Text, bindparam
from sqlalchemy.ext.asyncio import AsyncSession

from maintainuk.infrastructure.database.sealing import entered

SEARCHED: Final = (bindparam("words", type_=Text()), bindparam("names", type_=ARRAY(BigInteger())))


async def searched(session: AsyncSession, words: str) -> dict[str, Any]:
    """Return the values of `SEARCHED`; an organisation that has no keys yet has no names either."""
    keys = await entered(session)
    return {"words": words, "names": keys.asked(words) if keys else []}
