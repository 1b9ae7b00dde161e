"""Refusing what another site makes a browser send, where a cookie alone would vouch for it."""

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request

from maintainuk.domain.errors import NotPermitted


async def _from_our_own_pages(request: Request) -> None:
    """Let through what our own pages send, and programs that are no browsers: each browser says where it comes from."""
    if _comes_from_elsewhere(request):
        raise NotPermitted("wrong-page")


def _comes_from_elsewhere(request: Request) -> bool:
    if (site := request.headers.get("sec-fetch-site")) is not None:
        return site != "same-origin"
    if (origin := request.headers.get("origin")) is None:
        return False
    ours = request.app.state.services.settings.address
    return origin != ours and urlsplit(origin).netloc != request.headers.get("host")


FromOurOwnPages = Annotated[None, Depends(_from_our_own_pages)]
