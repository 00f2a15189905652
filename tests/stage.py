"""What journeys are played on: a demo of its own that stays while it is needed, a browser, one person's visit."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from groundswell.inbox.mailbox import Mailbox
from tests.ports import free_port

COMMAND = [sys.executable, "-c", "import sys; from groundswell.cli import main; sys.exit(main())"]
CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
NEEDS_CHROMIUM = pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="no Chromium here: apt install chromium")
SIZES = pytest.mark.parametrize("width", [390, 1280])
SCRIPT = pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
_QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"]


class Demo:
    """One demo installation in a folder of its own."""

    def __init__(self, folder: Path, **more: str) -> None:
        self.folder, self.password = folder, ""
        web, mail = free_port(), free_port()
        self.address = f"http://127.0.0.1:{web}"
        self.environment = {
            **os.environ, "GROUNDSWELL_DATA": str(folder), "GROUNDSWELL_MODE": "demo", "GROUNDSWELL_BASE_URL": self.address,
            "GROUNDSWELL_LISTEN": f"127.0.0.1:{web}", "GROUNDSWELL_INBOUND_LISTEN": f"127.0.0.1:{mail}",
            "GROUNDSWELL_SMTP": f"smtp://127.0.0.1:{mail}", **more,
        }  # fmt: skip

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [*COMMAND, *arguments], env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            start_new_session=True,
        )  # fmt: skip

    def run(self, *arguments: str, seconds: float = 280) -> tuple[int, str]:
        child = self.start(*arguments)
        out, _ = child.communicate(timeout=seconds)
        return child.returncode, out

    @contextmanager
    def staying(self) -> Iterator[str]:
        """The letter is out and everything runs, for as long as it is needed; gives what the demo said. Ctrl-C ends it well."""
        child = self.start("demo")
        said = ""
        try:
            assert child.stdout
            while "Ctrl-C ends it" not in said:
                line = child.stdout.readline()
                assert line, said
                said += line
            found = re.search(r"password: (\S+)", said)
            assert found, said
            self.password = found[1]
            yield said
        finally:
            with suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGINT)
            rest, _ = child.communicate(timeout=60)
        assert child.returncode == 0, rest

    def arrived(self) -> Counter[str]:
        return Counter(Mailbox(self.folder / "mailbox").fingerprints())

    def kill(self, child: subprocess.Popen[str]) -> None:
        """kill -9 of every process at once, as a power switch for programs."""
        with suppress(psutil.NoSuchProcess):
            main = psutil.Process(child.pid)
            for process in (main, *main.children(recursive=True)):
                with suppress(psutil.NoSuchProcess):
                    process.kill()
        child.communicate()


class Visit:
    """One person's browser; remembers every address it asked for."""

    def __init__(self, browser: Browser, demo: Demo, width: int, script: bool = True, scheme: Any = "light") -> None:
        self.demo, self.asked = demo, []  # type: tuple[Demo, list[str]]
        self.context = browser.new_context(
            viewport={"width": width, "height": 844}, java_script_enabled=script, color_scheme=scheme
        )
        self.page: Page = self.context.new_page()
        self.page.on("request", lambda request: self.asked.append(request.url))

    def __enter__(self) -> "Visit":
        return self

    def __exit__(self, *_: object) -> None:
        foreign = [url for url in self.asked if not url.startswith(self.demo.address)]
        self.context.close()
        assert foreign == [], "requests go to our own host only"

    def go(self, path: str) -> Page:
        self.page.goto(path if path.startswith("http") else self.demo.address + path)
        return self.page


@contextmanager
def browsing() -> Iterator[Browser]:
    """Debian's Chromium, asking nobody for anything by itself; where there is none, the test says so and is skipped."""
    if not Path(CHROMIUM).exists():
        pytest.skip("no Chromium here: apt install chromium")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=_QUIET)
        yield opened
        opened.close()


def until(true: Callable[[], object], otherwise: str = "it never became so", seconds: float = 60) -> None:
    """Wait for what comes by itself."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, otherwise
        time.sleep(0.1)
