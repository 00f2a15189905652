"""axe on a page that stands still: while something fades in, every colour of it is another one than it will be."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

_STILL = """async () => {
    const soon = (time) => new Promise((done) => setTimeout(done, time));
    const moving = () => document.getAnimations().filter(
        (each) => each.playState === "running" && each.effect.getComputedTiming().endTime < 10000);
    let rest = 0;
    for (let look = 0; look < 60 && rest < 2; look += 1) {
        await soon(50);
        rest = moving().length ? 0 : rest + 1;
    }
}"""
"""Two looks after each other at which nothing moves; three seconds at most."""


def axe(page: Page, context: str | None = None, options: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    """What axe finds, once nothing moves any more."""
    page.wait_for_load_state()
    page.evaluate(_STILL)
    found: list[dict[str, Any]] = Axe().run(page, context=context, options=options).response["violations"]
    return found
