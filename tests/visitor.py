"""A browser at an address of its own, as the sign-in pages meet it."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from ipaddress import IPv4Address
from itertools import count
from typing import Any
from uuid import uuid4

import httpx
from fastapi import FastAPI

from maintainuk.api.app import create_app
from maintainuk.api.sign_in import Cookie
from maintainuk.domain.sign_in import Client
from maintainuk.settings import Settings
from tests.world import PASSWORD, Staff

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
_addresses = count(int(IPv4Address("10.0.0.0")) + uuid4().int % 0xFFFF00)


class Visitor:
    """Somebody at a browser. Remembers cookies as one does, and the access token as our clients do."""

    def __init__(
        self, app: FastAPI, *, address: str | None = None, user_agent: str = FIREFOX, origin: str = ""
    ) -> None:
        self.address = address or str(IPv4Address(next(_addresses)))
        self.services = app.state.services
        self.http = httpx.AsyncClient(
            transport=httpx.ASGITransport(app, client=(self.address, 50_000)),
            base_url=origin or self.services.settings.address,
            headers={"User-Agent": user_agent},
        )

    async def signs_in(self, who: Staff | str, password: Any = PASSWORD, **more: Any) -> httpx.Response:
        """Types an e-mail and a password."""
        email = who if isinstance(who, str) else who.email
        headers = more.pop("headers", {})
        body = {"email": email, "password": password, "client": "staff", **more}
        return self._with_token(await self.http.post("/auth/login", json=body, headers=headers))

    async def refreshes(self, client: str = "staff", **headers: str) -> httpx.Response:
        """Has its access token renewed."""
        return self._with_token(await self.http.post("/auth/refresh", json={"client": client}, headers=headers))

    async def signs_out(self, client: str = "staff", **headers: str) -> httpx.Response:
        return await self.http.post("/auth/logout", json={"client": client}, headers=headers)

    async def asks_who_they_are(self) -> httpx.Response:
        return await self.http.get("/api/v1/me")

    @property
    def refresh_token(self) -> str | None:
        """The refresh token of the staff app, which only this test may look at."""
        return next((value for name, value in self.http.cookies.items() if "mu_staff" in name), None)

    def holds(self, refresh_token: str) -> None:
        """Somebody put this token into the browser's cookie jar."""
        name = Cookie.of_session(Client.STAFF, self.services.settings).name
        self.http.cookies.set(name, refresh_token, domain="localhost.local", path="/")

    def _with_token(self, answer: httpx.Response) -> httpx.Response:
        if answer.status_code == 200:
            self.http.headers["Authorization"] = f"Bearer {answer.json()['data']['accessToken']}"
        return answer


@asynccontextmanager
async def visitors_of(settings: Settings) -> AsyncIterator[Callable[..., Visitor]]:
    """A way to make visitors of one running API."""
    app = create_app(settings)
    made: list[Visitor] = []

    def visitor(**how: Any) -> Visitor:
        made.append(Visitor(app, **how))
        return made[-1]

    async with app.router.lifespan_context(app):
        yield visitor
        for each in made:
            await each.http.aclose()
