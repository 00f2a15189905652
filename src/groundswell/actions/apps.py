from django.apps import AppConfig


class ActionsConfig(AppConfig):
    name = "groundswell.actions"
    label = "actions"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """The record asks us what cites an entry and tells us when a promise is kept; what people did follows who did it."""
        from groundswell.actions import citing, following, telling  # noqa: PLC0415 (tables exist only now)
        from groundswell.actions.acting import closing  # noqa: PLC0415

        citing.register()
        closing.register()
        following.register()
        telling.register()
