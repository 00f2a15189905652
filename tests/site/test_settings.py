"""Settings that follow from others, so that a second installation needs to name its ports only."""

import pytest

from groundswell.site.settings import Settings


def test_links_and_post_of_a_demo_follow_its_ports() -> None:
    settings = Settings(mode="demo", listen="127.0.0.1:8190", inbound_listen="127.0.0.1:8191", base_url="", smtp="")
    assert (settings.base_url, settings.smtp) == ("http://127.0.0.1:8190", "smtp://127.0.0.1:8191")


@pytest.mark.parametrize("mode", ["production", "demo"])
def test_what_the_operator_names_stays(mode: str) -> None:
    settings = Settings(mode=mode, base_url="https://act.example.org/", smtp="smtps://relay.example.org")
    assert (settings.base_url, settings.smtp) == ("https://act.example.org", "smtps://relay.example.org")


def test_letters_of_an_installation_never_go_to_the_demo_receiver_by_default() -> None:
    assert Settings(mode="production", smtp="").smtp == "smtp://127.0.0.1:25"
