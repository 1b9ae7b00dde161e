"""The embedded mailbox: where the demo's e-mails arrive. Its router exists in demo mode only."""

import base64
import binascii
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response

from maintainuk.api.html_pages import PAGES, page
from maintainuk.api.routing import Router
from maintainuk.api.security import public
from maintainuk.application.mailbox import DemoMailbox
from maintainuk.bootstrap import Services
from maintainuk.domain.errors import Invalid, NotFound
from maintainuk.domain.mailbox import MailboxMessage

ON_ONE_PAGE = 50
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; script-src 'self'; connect-src 'self'; frame-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
LETTER_SECURITY_POLICY = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; frame-ancestors 'self'"
)
"""A letter is content, not ours: it runs nothing, loads but our own pictures, and has no origin to speak for."""

router = Router(prefix="/mailbox")


@router.get("/", include_in_schema=False)
@public("demo mode only: e-mails to invented people")
async def mailbox(
    request: Request,
    before: Annotated[str | None, Query(max_length=200)] = None,
    q: Annotated[str, Query(max_length=200)] = "",
) -> Response:
    """List the newest e-mails."""
    found = await _mailbox(request).newest(ON_ONE_PAGE + 1, before=_place(before), words=q.strip())
    shown = found[:ON_ONE_PAGE]
    older = _cursor(shown[-1]) if len(found) > ON_ONE_PAGE else None
    return page(
        "mailbox.html",
        policy=CONTENT_SECURITY_POLICY,
        messages=shown,
        older=older,
        words=q.strip(),
        is_first=before is None,
    )


@router.get("", include_in_schema=False)
@public("leads to the mailbox")
async def mailbox_without_slash() -> Response:
    """Lead people who typed the address."""
    return RedirectResponse("/mailbox/", status_code=308)


@router.get("/mailbox.css", include_in_schema=False)
@public("a style sheet")
async def mailbox_style() -> Response:
    """Return how the pages look."""
    return FileResponse(PAGES / "mailbox.css", media_type="text/css", headers={"Cache-Control": "no-cache"})


@router.get("/mailbox.js", include_in_schema=False)
@public("a script")
async def mailbox_script() -> Response:
    """Return what lets new post appear by itself."""
    return FileResponse(PAGES / "mailbox.js", media_type="text/javascript", headers={"Cache-Control": "no-cache"})


@router.get("/{org_id}/{message_id}", include_in_schema=False)
@public("demo mode only: an e-mail to an invented person")
async def letter(org_id: UUID, message_id: UUID, request: Request) -> Response:
    """Show one e-mail, both of its parts."""
    message = await _mailbox(request).read(org_id, message_id)
    return page("letter.html", policy=CONTENT_SECURITY_POLICY, message=message)


@router.get("/{org_id}/{message_id}/html", include_in_schema=False)
@public("demo mode only: an e-mail to an invented person")
async def letter_html(org_id: UUID, message_id: UUID, request: Request) -> Response:
    """Return the HTML part alone, for the frame it is shown in."""
    message = await _mailbox(request).read(org_id, message_id)
    return HTMLResponse(message.html, headers={"Content-Security-Policy": LETTER_SECURITY_POLICY})


@router.get("/{org_id}/{message_id}/raw", include_in_schema=False)
@public("demo mode only: an e-mail to an invented person")
async def letter_raw(org_id: UUID, message_id: UUID, request: Request) -> Response:
    """Return the e-mail as it would have travelled."""
    try:
        raw = await _mailbox(request).raw(org_id, message_id)
    except FileNotFoundError:
        raise NotFound("raw-copy-gone") from None
    return Response(
        raw,
        media_type="message/rfc822",
        headers={"Content-Disposition": f'attachment; filename="{message_id}.eml"'},
    )


def _mailbox(request: Request) -> DemoMailbox:
    services: Services = request.app.state.services
    return DemoMailbox(services.database, services.files)


def _cursor(message: MailboxMessage) -> str:
    return base64.urlsafe_b64encode(f"{message.received_at.isoformat()} {message.id}".encode()).decode()


def _place(cursor: str | None) -> tuple[datetime, UUID] | None:
    if cursor is None:
        return None
    try:
        at, _, message_id = base64.urlsafe_b64decode(cursor).decode().partition(" ")
        place = datetime.fromisoformat(at), UUID(message_id)
    except (ValueError, binascii.Error):
        raise Invalid("mailbox-page-unknown") from None
    if place[0].tzinfo is None:
        raise Invalid("mailbox-page-unknown")
    return place
