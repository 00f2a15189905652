from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "groundswell.campaigns"
    label = "campaigns"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Contact persons follow who they are when two in the list are one."""
        from groundswell.campaigns import following, telling  # noqa: PLC0415 (tables exist only now)

        following.register()
        telling.register()
