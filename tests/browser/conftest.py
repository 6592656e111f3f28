"""The console in real Chromium: served by uvicorn on a port of its own, every page kept as a screenshot and checked by axe."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, expect

from outreach import runtime
from outreach.clock import Anchor, Clock, machine_now
from outreach.model import Role
from outreach.places import ROOT
from outreach.queue import NoQueue
from outreach.runtime import Runtime
from outreach.settings import Settings
from outreach.web import bank_door
from outreach.web.console.cookies import SESSION
from tests.conftest import TUESDAY
from tests.web.console.conftest import session_of

SCREENSHOTS = ROOT / "build" / "screenshots"
AXE = ROOT / "console_assets" / "node_modules" / "axe-core" / "axe.min.js"
DESK, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
COMPLAINT_SECONDS = 60
LONGEST_WAIT = 60_000
"""Milliseconds; pages take a fraction of a second, and more where the machine has much else to do."""
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]

expect.set_options(timeout=LONGEST_WAIT)

AsRole = Callable[..., "Seat"]


@dataclass
class Seat:
    """Somebody in front of a browser."""

    page: Page
    base: str
    complaints: list[str] = field(default_factory=list)

    def go(self, path: str) -> Page:
        self.page.goto(self.base + path)
        return self.page

    def expect_complaint(self, status: int) -> None:
        """The browser notes an answer that is an error, a little after the page is there: wait for that and nothing else."""
        deadline = time.monotonic() + COMPLAINT_SECONDS
        while not self.complaints and time.monotonic() < deadline:
            self.page.wait_for_timeout(20)
        assert self.complaints
        assert [one for one in self.complaints if str(status) not in one] == []
        self.complaints.clear()

    def look(self, name: str) -> None:
        """Keep what is seen at a desk and on a phone, and let axe find what some people could not use."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self.page.wait_for_load_state()
        for where, size in (("desk", DESK), ("phone", PHONE)):
            self.page.set_viewport_size(size)
            self.page.screenshot(path=SCREENSHOTS / f"{name}-{where}.png", full_page=True)
            wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide <= 0, f"{name} on a {where} is {wide} pixels wider than the window"
            self.page.evaluate(AXE.read_text(encoding="utf-8"))
            found = self.page.evaluate("tags => axe.run({runOnly: tags})", RULES)["violations"]
            told = [
                f"{one['id']}: {node['html'][:160]} {node['failureSummary'][:240]}"
                for one in found
                for node in one["nodes"]
            ]
            assert told == [], f"{name} on a {where}"
        self.page.set_viewport_size(DESK)
        assert self.complaints == [], name


@pytest.fixture
def product(database_url: str, tmp_path: Path) -> Iterator[Runtime]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    built = runtime.build(
        Settings(database_url=database_url, data_dir=tmp_path, twilio_api_base="http://127.0.0.1:9", console_port=port)
    )
    built.__dict__["queue"] = NoQueue()
    built.__dict__["clock"] = Clock.fixed(Anchor(machine_now(), TUESDAY))
    yield built
    built.sessions.engine.dispose()


@pytest.fixture
def console(product: Runtime) -> Iterator[str]:
    """The address of the console."""
    settings = product.settings
    server = uvicorn.Server(
        uvicorn.Config(bank_door.build(product), host="127.0.0.1", port=settings.console_port, log_level="warning")
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.02)
    yield settings.console_url
    server.should_exit = True
    thread.join()


@pytest.fixture
def seated(product: Runtime, console: str, chromium: Browser) -> Iterator[AsRole]:
    """Somebody of a role, signed in; nobody for None."""
    contexts: list[BrowserContext] = []

    def seat(role: str | None, language: str = "zh-CN", **fields) -> Seat:
        context = chromium.new_context(base_url=console, locale=language, viewport=DESK)
        context.set_default_timeout(LONGEST_WAIT)
        contexts.append(context)
        if role:
            token = session_of(product, Role(role), **fields)
            context.add_cookies(
                [{"name": SESSION, "value": token, "url": console, "httpOnly": True, "sameSite": "Lax"}]
            )
        one = Seat(context.new_page(), console)
        one.page.on("console", lambda said: one.complaints.append(said.text) if said.type == "error" else None)
        one.page.on("pageerror", lambda error: one.complaints.append(str(error)))
        return one

    yield seat
    for context in contexts:
        context.close()


def pytest_collection_modifyitems(items) -> None:
    for item in items:
        if "tests/browser" in str(item.path):
            item.add_marker(pytest.mark.browser)
