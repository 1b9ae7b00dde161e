"""Serving the browser clients as they were built: /app/ is the staff app, /tenant/ the tenant portal."""

import base64
import mimetypes
from hashlib import sha256
from pathlib import Path
from re import DOTALL
from re import compile as pattern

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from maintainuk.api.html_pages import page
from maintainuk.domain.errors import NotFound

CLIENTS = {"/app": "web", "/tenant": "tenant-portal"}
"""Address -> folder below apps/dist. None stands at /: its service worker would take the others over."""

HASHED = pattern(r"[-.][A-Za-z0-9_-]{8,}\.(?:js|css|woff2|svg|png|webp)$")
INLINE_SCRIPT = pattern(r"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", DOTALL)
ENCODINGS = (("br", ".br"), ("gzip", ".gz"))

FOR_EVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"

RULES = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; object-src 'none';"
    " base-uri 'self'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script';"
    " trusted-types default angular; script-src 'self'"
)
WORKERS = frozenset({"ngsw-worker.js", "safety-worker.js"})
"""Service workers. One lives by the policy of its own script, whatever its pages may do."""
FETCHES_OUR_FILES = "default-src 'none'; connect-src 'self'; frame-ancestors 'none'"


class Client:
    """One built client: its files, and its index page for every address that is a page of its own."""

    def __init__(self, address: str, folder: Path) -> None:
        self.address = address
        self.folder = folder.resolve()
        self._policy: tuple[float, str] = (0.0, "")

    async def answer(self, request: Request) -> Response:
        """Answer with a file, the index page, or a page that says how to build them."""
        return await run_in_threadpool(self._answer, request)

    def _answer(self, request: Request) -> Response:
        if not (self.folder / "index.html").is_file():
            return page("not_built.html", status=503, address=self.address)
        path = str(request.path_params["path"])
        file = self._file(path)
        if file is None:
            if not _is_a_page(path, request):
                raise NotFound
            file = self.folder / "index.html"
        return self._sent(file, request.headers.get("accept-encoding", ""))

    def _file(self, path: str) -> Path | None:
        if "\0" in path:
            return None
        file = (self.folder / path).resolve()
        return file if file.is_relative_to(self.folder) and file.is_file() else None

    def _sent(self, file: Path, accepted: str) -> Response:
        headers = {"Cache-Control": FOR_EVER if HASHED.search(file.name) else ASK_AGAIN, "Vary": "Accept-Encoding"}
        if file.name == "index.html":
            headers["Content-Security-Policy"] = self._policy_of(file)
        elif file.name in WORKERS:
            headers["Content-Security-Policy"] = FETCHES_OUR_FILES
        media_type = _media_type(file)
        offered = {part.partition(";")[0].strip() for part in accepted.split(",")}
        for encoding, ending in ENCODINGS:
            packed = file.with_name(file.name + ending)
            if encoding in offered and packed.is_file():
                return FileResponse(packed, headers=headers | {"Content-Encoding": encoding}, media_type=media_type)
        return FileResponse(file, headers=headers, media_type=media_type)

    def _policy_of(self, index: Path) -> str:
        """Return the page's policy, which lets its own inline scripts run by their hashes and no others."""
        written = index.stat().st_mtime
        if self._policy[0] != written:
            scripts = INLINE_SCRIPT.findall(index.read_text(encoding="utf-8"))
            hashes = [base64.b64encode(sha256(script.encode()).digest()).decode() for script in scripts]
            self._policy = (written, RULES + "".join(f" 'sha256-{one}'" for one in hashes))
        return self._policy[1]


def routes(dist: Path | None) -> list[BaseRoute]:
    """Return the routes of all clients."""
    served: list[BaseRoute] = []
    for address, name in CLIENTS.items():
        client = Client(address, (dist or Path("/nonexistent")) / name)
        served.append(Route(address, _with_slash))
        served.append(Route(f"{address}/{{path:path}}", client.answer))
    return served


async def _with_slash(request: Request) -> Response:
    return RedirectResponse(f"{request.url.path}/", status_code=308)


def _is_a_page(path: str, request: Request) -> bool:
    # The client's own address is its page for every visitor; deeper ones for those who can show a page, or don't say:
    # a scanner of mail that is told that a link leads nowhere warns its reader of the letter.
    accepted = request.headers.get("accept", "*/*")
    return not path or (
        "\0" not in path
        and "." not in path.rpartition("/")[2]
        and any(kind in accepted for kind in ("text/html", "*/*"))
    )


def _media_type(file: Path) -> str:
    match file.suffix:
        case ".js":
            return "text/javascript"
        case ".webmanifest":
            return "application/manifest+json"
        case _:
            return mimetypes.guess_type(file.name)[0] or "application/octet-stream"
