"""The pages' background work."""

from datetime import UTC, datetime

from django.conf import settings
from django.core.management import call_command
from procrastinate.contrib.django import app

from groundswell.mailings.queries import house_sender
from groundswell.pages.following import develop, follow_up
from groundswell.pages.handed_over import publish_hand_overs
from groundswell.pages.masthead import House
from groundswell.post.tasks import deliver_letter


@app.periodic(cron="*/5 * * * *")
@app.task(name="pages.publish_hand_overs", queue="post", pass_context=False)
def publish(timestamp: int = 0) -> None:
    """Target's pages and dossiers as files; ended links go. Asked for by the office, and every five minutes."""
    installation, sender = settings.GROUNDSWELL, house_sender()
    house = House(sender.organisation if sender else "Groundswell", sender.privacy_url if sender else "/", installation.base_url)
    publish_hand_overs(
        published=installation.published_folder, handed_over=installation.handover_folder, house=house, now=datetime.now(UTC)
    )


@app.periodic(cron="* * * * *")
@app.task(queue="pages", pass_context=False)
def publish_scheduled(timestamp: int) -> None:
    """Once a minute: publish and take back what its author scheduled."""
    call_command("publish_scheduled")


@app.periodic(cron="* * * * *")
@app.task(name="pages.follow_up", queue="pages", lock="follow up", queueing_lock="follow up", pass_context=False)
def follow_up_actions(timestamp: int = 0) -> None:
    """Once a minute: what follows from what people did, beside their signature."""
    for letter_id in follow_up(settings.GROUNDSWELL, datetime.now(UTC)):
        deliver_letter.defer(letter_id=letter_id)


@app.periodic(cron="* * * * *")
@app.task(name="pages.develop", queue="pages", lock="develop", queueing_lock="develop", pass_context=False)
def develop_photos(timestamp: int = 0) -> None:
    """Once a minute, one round at a time: photos that came are made plain."""
    develop(settings.GROUNDSWELL, datetime.now(UTC))
