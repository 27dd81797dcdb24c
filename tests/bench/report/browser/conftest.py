"""A headless Chromium that reaches nothing, and pages opened in it."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, sync_playwright


def _chromium() -> str:
    names = (os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome")
    for name in filter(None, names):
        if found := shutil.which(name):
            return found
    pytest.fail(
        "the pages are tested in a real browser: install Debian's package chromium, or set "
        "CHROMIUM to the program of a Chromium or Chrome",
        pytrace=False,
    )


@pytest.fixture(scope="module")  # at its end the event loop goes, which is in the way of others
def browser() -> Iterator[Browser]:
    """One browser for all tests of pages."""
    # Root, as in a container, has no sandbox; the pages are our own.
    options = ["--disable-gpu", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=_chromium(), args=options)
        yield launched
        launched.close()


@dataclass
class Opened:
    """A page, and what it should not have done."""

    page: Page
    console: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)

    @property
    def misdeeds(self) -> list[str]:
        """Console messages, requests beyond the page itself, and dialogs."""
        return self.console + self.requests + self.dialogs


@pytest.fixture
def open_page(browser) -> Iterator[Callable[..., Opened]]:
    """A function that opens a file, waits until its plots are drawn, and watches it."""
    contexts = []

    def opened(path: Path, *, width: int = 1280, dark: bool = False) -> Opened:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light"
        )
        contexts.append(context)
        watched = Opened(context.new_page())

        def only_the_file(route: Route) -> None:
            if route.request.url == path.as_uri():
                route.continue_()
            else:
                watched.requests.append(route.request.url)
                route.abort()

        def refuse(dialog) -> None:
            watched.dialogs.append(dialog.message)
            dialog.dismiss()

        page = watched.page
        page.route("**/*", only_the_file)
        page.on("console", lambda message: watched.console.append(message.text))
        page.on("pageerror", lambda error: watched.console.append(str(error)))
        page.on("dialog", refuse)
        page.goto(path.as_uri())
        if page.locator("figure.plot").count():
            page.wait_for_function("document.documentElement.dataset.plots === 'drawn'")
        return watched

    yield opened
    for context in contexts:
        context.close()
