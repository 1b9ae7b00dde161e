"""The whole product, started by its first command, and browsers in front of it."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, expect, sync_playwright

from maintainuk.infrastructure.demo.people import DEMO_PASSWORD
from tests.embedded.copies import free_port

CHECKOUT = Path(__file__).parents[2]
AXE = CHECKOUT / "apps/node_modules/axe-core/axe.min.js"
PHONE = {"width": 360, "height": 780}
DESKTOP = {"width": 1280, "height": 800}
UP_WITHIN = 240
PATIENCE = 30_000
"""Milliseconds until something that should show up counts as missing, on a machine that does other things as well."""
SETTLED = """Promise.all(document.getAnimations().map(each =>
  each.effect.getComputedTiming().endTime === Infinity || each.finished.catch(() => 0))).then(() => null)"""
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


@pytest.fixture(scope="session")
def product() -> Iterator[str]:
    """The address of a product that `./maintainuk up` has just brought up, with its demo organisations."""
    folder = Path(tempfile.mkdtemp(prefix="maintainuk-browser-"))
    folder.chmod(0o711)  # pytest's own folders are closed to the account that runs PostgreSQL
    state, log, port = folder / "state", folder / "up.log", free_port()
    with log.open("wb") as out:
        command = [sys.executable, "-m", "maintainuk", "up", "--state", str(state), "--port", str(port)]
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, start_new_session=True, cwd=CHECKOUT)
    address = f"http://localhost:{port}"
    try:
        wait_until_ready(address, process, log)
        yield address
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)
        shutil.rmtree(folder, ignore_errors=True)


def wait_until_ready(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(UP_WITHIN * 2):
        assert process.poll() is None, log.read_text(encoding="utf-8")
        try:
            if httpx.get(f"{address}/health/ready", timeout=2).status_code == httpx.codes.OK:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.5)
    pytest.fail("The product did not become ready.\n" + log.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(
        executable_path=os.environ.get("MAINTAINUK_CHROMIUM", "/usr/bin/chromium"), args=FLAGS
    )
    yield browser
    browser.close()


NOTHING_COMES_ANY_MORE = """async () => {
  for (let before = -1, now = 0; before !== now; ) {
    before = now;
    await new Promise((done) => requestIdleCallback(() => setTimeout(done, 700)));
    now = performance.getEntriesByType('resource').length;
  }
}"""
"""Parts of a page are fetched once it is idle; the service worker is, too."""


@dataclass
class Desk:
    """One person at one browser; what its console complains of is kept."""

    page: Page
    context: BrowserContext
    address: str
    complaints: list[str] = field(default_factory=list)

    def listen(self, message: ConsoleMessage) -> None:
        # A refused request is told by the console too; the page's own words about it are what a test looks at.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.complaints.append(message.text)

    def enters_as(self, name: str) -> "Desk":
        """Through the front door of the demo, by the button with the person's name."""
        self.page.goto(f"{self.address}/")
        self.page.get_by_role("button", name=name).click()
        self.page.wait_for_url(f"{self.address}/app/**")
        return self

    def signs_in(self, email: str, password: str = DEMO_PASSWORD) -> "Desk":
        self.page.goto(f"{self.address}/app/sign-in")
        self.page.get_by_label("E-mail address").fill(email)
        self.page.get_by_label("Password", exact=True).fill(password)
        self.page.get_by_role("button", name="Sign in").click()
        return self

    def loses_the_network(self) -> None:
        """After all that a page fetches by itself has come: what it says of what it could not get is not tested."""
        self.page.evaluate("navigator.serviceWorker.ready.then(() => null)")
        self.page.evaluate(NOTHING_COMES_ANY_MORE)
        self.context.set_offline(True)

    def has_no_barriers(self, where: str) -> None:
        """WCAG 2.2 AA as far as a machine can tell, and nothing wider than the screen."""
        self.page.evaluate(SETTLED)  # colours that are still fading in have no contrast yet
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = self.page.evaluate(
            "async () => (await axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']}))"
            ".violations.map(v => `${v.id}: ${v.nodes.map(n => n.target.join(' ')).join(' | ')}`)"
        )
        assert found == [], where
        width = self.page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
        assert width[0] <= width[1], f"{where} scrolls sideways"


def unfold_facts(page: Page) -> None:
    """Where there is little room, the facts of a ticket stand behind one line."""
    folded = page.get_by_role("button", name="Facts", expanded=False)
    page.locator("mu-ticket-facts").wait_for()
    if folded.is_visible():
        folded.click()


@pytest.fixture
def desk(browser: Browser, product: str) -> Iterator[Callable[..., Desk]]:
    """Make desks: `desk()` at a wide screen in the light, `desk(viewport=PHONE, color_scheme="dark")` and so on."""
    desks: list[Desk] = []

    def sit_down(**wishes: object) -> Desk:
        context = browser.new_context(
            **{"viewport": DESKTOP, "locale": "en-GB", "timezone_id": "Europe/London"} | wishes
        )
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        desk = Desk(page, context, product)
        page.on("console", desk.listen)
        page.on("pageerror", lambda error: desk.complaints.append(str(error)))
        desks.append(desk)
        return desk

    yield sit_down
    for desk in desks:
        desk.context.close()
    assert [complaint for desk in desks for complaint in desk.complaints] == []
