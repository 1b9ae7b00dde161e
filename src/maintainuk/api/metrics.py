"""What the process counts, for Prometheus."""

import hmac
from ipaddress import ip_address

from fastapi import Request, Response

from maintainuk.api.routing import Router
from maintainuk.api.security import public
from maintainuk.bootstrap import Services
from maintainuk.domain.errors import NotFound
from maintainuk.infrastructure.telemetry.metrics import CONTENT_TYPE

router = Router(tags=["health"])


@router.get("/metrics", include_in_schema=False)
@public("Asks for its own token; in demo mode an address on this machine is enough.")
async def metrics(request: Request) -> Response:
    """Show the figures to whoever has the metrics token, or without one, in demo mode alone, to this machine."""
    services: Services = request.app.state.services
    if not _may_see(request, services):
        raise NotFound
    return Response(services.metrics.text(), media_type=CONTENT_TYPE)


def _may_see(request: Request, services: Services) -> bool:
    if (token := services.settings.metrics_token) is not None:
        shown = request.headers.get("authorization", "").encode()
        return hmac.compare_digest(shown, f"Bearer {token.get_secret_value()}".encode())
    if not services.settings.is_demo:
        return False  # behind a proxy on this machine everybody's address is on this machine
    if "x-forwarded-for" in request.headers and not services.settings.trusted_proxies:
        return False  # a proxy on this machine that nobody told us of: its address says nothing about the caller
    try:
        return request.client is not None and ip_address(request.client.host).is_loopback
    except ValueError:
        return False
