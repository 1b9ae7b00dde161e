"""The layers around every endpoint, all pure ASGI, in the order that a request passes them."""

from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

from maintainuk.api.middleware.authentication import Authentication
from maintainuk.api.middleware.every_answer import EveryAnswer
from maintainuk.api.middleware.failures import Failures
from maintainuk.bootstrap import Services


def layers(services: Services) -> list[Middleware]:
    """Return the layers from the outermost to the endpoint's door."""
    settings = services.settings
    cross_origin = Middleware(
        CORSMiddleware,
        allow_origins=settings.allowed_origins,
        allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
        allow_headers=["Authorization", "Content-Type", "Idempotency-Key", "If-Match", "Last-Event-ID", "traceparent"],
        expose_headers=["ETag", "Location", "X-Trace-Id", "Retry-After", "RateLimit", "Idempotent-Replay"],
        max_age=600,
    )
    return [
        Middleware(EveryAnswer, services=services),
        *([cross_origin] if settings.allowed_origins else []),
        Middleware(Authentication, services=services),
        Middleware(Failures),
    ]
