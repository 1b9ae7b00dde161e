"""The layers around every endpoint, all pure ASGI, in the order that a request passes them."""

from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

from maintainuk.api.middleware.authentication import Authentication
from maintainuk.api.middleware.authorization import Authorization
from maintainuk.api.middleware.body_limit import BodyLimit
from maintainuk.api.middleware.every_answer import EveryAnswer
from maintainuk.api.middleware.failures import Failures
from maintainuk.api.middleware.known_hosts import KnownHosts
from maintainuk.api.middleware.rate_limiting import RateLimiting
from maintainuk.bootstrap import Services


def layers(services: Services) -> list[Middleware]:
    """Return the layers from the outermost to the endpoint's door.

    The log line of each request is written by the outermost one, when the answer is known; the envelope
    is each route's return type, and `failure` wraps the rest.
    """
    return [
        Middleware(EveryAnswer, services=services),
        Middleware(KnownHosts, services=services),
        *cross_origin(services.settings.allowed_origins),
        Middleware(Authentication, services=services),
        Middleware(Authorization),
        Middleware(RateLimiting, services=services),
        Middleware(Failures, services=services),
        Middleware(BodyLimit, services=services),
    ]


OF_UPLOADS = ("X-Upload-Key", "X-Captured-At")


def cross_origin(origins: tuple[str, ...]) -> list[Middleware]:
    """Let pages of these other origins call the API; without any there is nothing to allow."""
    if not origins:
        return []
    return [
        Middleware(
            CORSMiddleware,
            allow_origins=origins,
            allow_credentials=True,
            allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
            allow_headers=[
                "Authorization",
                "Content-Type",
                "Idempotency-Key",
                "If-Match",
                "Last-Event-ID",
                *OF_UPLOADS,
            ],
            expose_headers=["ETag", "Location", "X-Trace-Id", "Retry-After", "RateLimit", "Idempotent-Replay"],
            max_age=600,
        )
    ]
