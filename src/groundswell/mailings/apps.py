from django.apps import AppConfig


class MailingsConfig(AppConfig):
    name = "groundswell.mailings"
    label = "mailings"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """The record asks us which of our texts cite an entry, and tells us of new ones."""
        from groundswell.mailings import citing, outreach  # noqa: PLC0415 (tables exist only now)

        citing.register()
        outreach.plug_in()
