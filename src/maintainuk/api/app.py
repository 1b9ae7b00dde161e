"""The API: every feature's routes inside the layers that each request passes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import ModuleType

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.telemetry import TelemetryConfig
from starlette.exceptions import HTTPException

from maintainuk import __version__
from maintainuk.api import (
    addresses,
    ai,
    api_keys,
    assets,
    audit,
    branding,
    consents,
    contractors,
    disclosure,
    documents,
    exports,
    founding,
    front_door,
    health,
    hints,
    import_problems,
    import_templates,
    imports,
    invitations,
    landlords,
    links,
    live,
    mailbox,
    metrics,
    organisations,
    passwords,
    people,
    photos,
    picker,
    platform,
    portfolio_exports,
    portfolio_imports,
    privacy,
    properties,
    reports,
    retention,
    roles,
    search,
    second_factors,
    sign_in,
    sign_in_history,
    sign_in_policy,
    single_sign_on,
    support,
    teams,
    tenancies,
    tickets,
    triage,
    users,
    web,
)
from maintainuk.api.description import FAILURES, describe, operation_id
from maintainuk.api.errors import answer_failure
from maintainuk.api.middleware import layers
from maintainuk.bootstrap import Services
from maintainuk.infrastructure.telemetry.logs import write_json
from maintainuk.settings import Settings

FEATURES: tuple[ModuleType, ...] = (
    sign_in,
    founding,
    passwords,
    second_factors,
    sign_in_history,
    sign_in_policy,
    single_sign_on,
    triage,
    tickets,
    reports,
    links,
    ai,
    photos,
    documents,
    addresses,
    imports,
    portfolio_imports,
    import_problems,
    import_templates,
    portfolio_exports,
    properties,
    search,
    privacy,
    retention,
    tenancies,
    people,
    landlords,
    consents,
    contractors,
    disclosure,
    hints,
    assets,
    users,
    roles,
    teams,
    invitations,
    organisations,
    branding,
    exports,
    api_keys,
    audit,
    support,
    platform,
    picker,
    live,
    health,
    metrics,
)
"""Each has a `router`. The order is that of the documentation, and of asking: `tickets/dangers` before any ticket."""


def telemetry_of(services: Services) -> TelemetryConfig:
    """Return which spans FastAPI makes: one for each request, for the collector of the settings."""
    wanted: TelemetryConfig = {"auto_configure": False, "operation_spans": False, "logs": False, "metrics": False}
    return wanted | {"tracer_provider": services.spans.provider} if services.spans.provider else wanted


def create_app(settings: Settings | None = None, services: Services | None = None) -> FastAPI:
    """Return the API; its services open when it starts and close when it stops."""
    services = services or Services(settings or Settings())
    write_json(services.settings.log_level)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        try:
            await services.open()
            yield
        finally:
            await services.close()

    app = FastAPI(
        title="MaintainUK",
        version=__version__,
        openapi_url="/api/v1/openapi.json",
        docs_url=None,  # it would load its scripts from elsewhere, which our policy refuses
        redoc_url=None,
        redirect_slashes=False,  # one address, one thing
        lifespan=lifespan,
        middleware=layers(services),
        exception_handlers={HTTPException: answer_failure, RequestValidationError: answer_failure},
        responses=FAILURES,
        generate_unique_id_function=operation_id,
        telemetry=telemetry_of(services),
    )
    app.state.services = services
    for feature in FEATURES:
        app.include_router(feature.router)
    app.include_router(organisations.pages)
    app.include_router(branding.pages)
    app.include_router(exports.files)
    app.include_router(front_door.demo_router if services.settings.is_demo else front_door.router)
    if services.settings.is_demo:
        app.include_router(mailbox.router)
    app.router.routes.extend(web.routes(services.settings.web_dist))
    describe(app)
    return app
