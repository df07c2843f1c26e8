"""A real Chromium, the system's own, and people who sign in with it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, sync_playwright

from addon.company import Company
from addon.signin.links import make_link
from sync.records import Person

NAMES = ("chromium", "chromium-browser", "google-chrome")


@contextmanager
def launched() -> Iterator[Browser]:
    """A browser, as long as it is used."""
    path = next(found for name in NAMES if (found := shutil.which(name)))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


def sign_in(company: Company, address: str, page: Page, who: Person) -> None:
    """By a link, as a person does it."""
    page.goto(address + "/signin/" + make_link(company, who).partition("/signin/")[2])
    page.get_by_role("button", name="Sign in").click()
