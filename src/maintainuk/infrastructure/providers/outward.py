"""Requests to addresses that somebody typed: never into our own network (OWASP: server-side request forgery)."""

import asyncio
import socket
from collections.abc import AsyncIterator, Iterable
from ipaddress import ip_address, ip_network

import httpcore2
import httpx2
from httpcore2 import SOCKET_OPTION, AsyncNetworkBackend, AsyncNetworkStream

SECONDS = 5.0
WRAPPED = tuple(map(ip_network, ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")))
"""Addresses that carry an IPv4 address inside (NAT64, 6to4, Teredo), which may be one of ours."""


LONGEST_ANSWER = 1_048_576
"""Bytes of one answer."""


class TooLong(OSError):
    """The answer is longer than anybody needs, or packed so that it could be."""


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


class ShortAnswers(httpx2.AsyncHTTPTransport):
    """Reads no answer further than `LONGEST_ANSWER`, and none that would have to be unpacked."""

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Ask. Raises `TooLong`, also while the answer is read."""
        request.headers["accept-encoding"] = "identity"
        answer = await super().handle_async_request(request)
        assert isinstance(answer.stream, httpx2.AsyncByteStream)
        if answer.headers.get("content-encoding", "identity") != "identity":
            await answer.stream.aclose()
            raise TooLong
        answer.stream = _Short(answer.stream)
        return answer


class _Short(httpx2.AsyncByteStream):
    def __init__(self, stream: httpx2.AsyncByteStream) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        read = 0
        async for part in self._stream:
            if (read := read + len(part)) > LONGEST_ANSWER:
                raise TooLong
            yield part

    async def aclose(self) -> None:
        await self._stream.aclose()


def transport(*, inside_too: bool) -> httpx2.AsyncHTTPTransport:
    """Return a transport that reaches the internet alone; `inside_too` is for demos and tests on one machine."""
    made = ShortAnswers(trust_env=False)
    if not inside_too:
        made._pool = httpcore2.AsyncConnectionPool(  # noqa: SLF001  (httpx has no other way to pass a backend)
            ssl_context=httpx2.create_ssl_context(trust_env=False), network_backend=OutsideOnly()
        )
    return made


def _is_outside(address: str) -> bool:
    found = ip_address(address.partition("%")[0])
    if found.version == 6 and found.ipv4_mapped is not None:  # noqa: PLR2004
        found = found.ipv4_mapped
    return found.is_global and not found.is_multicast and not any(found in network for network in WRAPPED)
