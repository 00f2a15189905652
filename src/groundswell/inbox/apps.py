from django.apps import AppConfig


class InboxConfig(AppConfig):
    name = "groundswell.inbox"
    label = "inbox"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """What came back from somebody follows them, when two rows turn out to be one person."""
        from groundswell.inbox import telling  # noqa: PLC0415 (models are ready only now)
        from groundswell.people.following import Rows, follow  # noqa: PLC0415

        follow("mails that came", Rows("inbox_incoming"))
        follow("full mailboxes", Rows("inbox_fullreport", same="incoming_id"))
        telling.register()
