"""The pages the server itself shows: templates in pages/, their words in texts/."""

import tomllib
from datetime import date, datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.responses import HTMLResponse, Response

from maintainuk.domain.london import LONDON

HERE = Path(__file__).parent
PAGES = HERE / "pages"
TEXTS: dict[str, dict[str, str]] = tomllib.loads((HERE / "texts" / "en.toml").read_text(encoding="utf-8"))


READ_ONLY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
"""The policy of a page with nothing on it but words and links."""


def page(name: str, *, policy: str = READ_ONLY, status: int = 200, **shown: object) -> Response:
    """Return one page, under its Content-Security-Policy; nobody keeps a copy."""
    headers = {"Content-Security-Policy": policy, "Cache-Control": "no-store"}
    return HTMLResponse(_pages.get_template(name).render(**shown), status, headers)


def rendered(name: str, **shown: object) -> str:
    """Return a page that stands by itself, as a file."""
    return _pages.get_template(name).render(**shown)


def _filled(text: str, names: dict[str, object]) -> Markup:
    """Return a text with its names filled in: markup of the template stays, anything else is escaped."""
    return escape(text).format_map({name: escape(value) for name, value in names.items()})


def _moment(at: datetime) -> str:
    return f"{at.astimezone(LONDON):%-d %b %Y, %H:%M}"


def _day(date_of_iso: str) -> str:
    return f"{date.fromisoformat(date_of_iso):%-d %b %Y}"


_pages = Environment(
    loader=FileSystemLoader(PAGES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)
_pages.globals["texts"] = TEXTS
_pages.filters |= {"filled": _filled, "moment": _moment, "day": _day}
