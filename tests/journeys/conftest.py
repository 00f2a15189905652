"""One browser for each module of journeys."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.stage import browsing


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsing() as opened:
        yield opened
