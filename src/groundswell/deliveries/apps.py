from django.apps import AppConfig


class DeliveriesConfig(AppConfig):
    name = "groundswell.deliveries"
    label = "deliveries"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """The post office asks us for the names when it sends a drip's mail; a drip follows its address."""
        from groundswell.deliveries import telling  # noqa: PLC0415 (models are ready only now)
        from groundswell.deliveries.drip_letter import KIND, enclose  # noqa: PLC0415
        from groundswell.people.following import Rows, follow  # noqa: PLC0415
        from groundswell.post.enclosures import register  # noqa: PLC0415

        register(KIND, enclose)
        follow("drips", Rows("deliveries_drip", same="petition_id"))
        telling.register()
