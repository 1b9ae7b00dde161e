"""Requests to addresses that somebody typed: never into our own network (OWASP: server-side request forgery)."""

import asyncio
import socket
from collections.abc import Iterable
from ipaddress import ip_address

import httpcore2
import httpx2
from httpcore2 import SOCKET_OPTION, AsyncNetworkBackend, AsyncNetworkStream

SECONDS = 5.0


class NotOutside(OSError):
    """The address leads into our own network, or nowhere."""


class OutsideOnly(AsyncNetworkBackend):
    """Resolves a name once, refuses what is not on the internet, and connects to what it has seen."""

    def __init__(self) -> None:
        self._sockets = httpcore2.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109  (httpcore's own signature)
        local_address: str | None = None,
        socket_options: Iterable[SOCKET_OPTION] | None = None,
    ) -> AsyncNetworkStream:
        """Connect. Raises `NotOutside`."""
        try:
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except OSError:
            raise NotOutside from None
        addresses = [str(one[4][0]) for one in found]
        if not addresses or not all(_is_outside(one) for one in addresses):
            raise NotOutside
        return await self._sockets.connect_tcp(
            addresses[0], port, timeout=timeout, local_address=local_address, socket_options=socket_options
        )

    async def connect_unix_socket(
        self,
        path: str,  # noqa: ARG002  (httpcore's own signature)
        timeout: float | None = None,  # noqa: ASYNC109, ARG002
        socket_options: Iterable[SOCKET_OPTION] | None = None,  # noqa: ARG002
    ) -> AsyncNetworkStream:
        """Refuse: what is typed never names a socket."""
        raise NotOutside

    async def sleep(self, seconds: float) -> None:
        """Wait between attempts."""
        await asyncio.sleep(seconds)


def transport(*, inside_too: bool) -> httpx2.AsyncHTTPTransport:
    """Return a transport that reaches the internet alone; `inside_too` is for demos and tests on one machine."""
    made = httpx2.AsyncHTTPTransport(trust_env=False)
    if not inside_too:
        made._pool = httpcore2.AsyncConnectionPool(  # noqa: SLF001  (httpx has no other way to pass a backend)
            ssl_context=httpx2.create_ssl_context(trust_env=False), network_backend=OutsideOnly()
        )
    return made


def _is_outside(address: str) -> bool:
    found = ip_address(address.partition("%")[0])
    if found.version == 6 and found.ipv4_mapped is not None:  # noqa: PLR2004
        found = found.ipv4_mapped
    return found.is_global and not found.is_multicast
