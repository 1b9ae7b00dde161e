"""What needs a letter is refused where no letter leaves: nobody should wait for one that will not come."""

from typing import Annotated

from fastapi import Depends, Request

from maintainuk.bootstrap import Services
from maintainuk.domain.errors import NoLetters


async def _require_mailer(request: Request) -> None:
    """Let through where the installation has something that sends letters."""
    services: Services = request.app.state.services
    if not services.settings.has_mailer:
        raise NoLetters


LettersLeave = Annotated[None, Depends(_require_mailer)]
