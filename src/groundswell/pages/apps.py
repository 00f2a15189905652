from django.apps import AppConfig


class PagesConfig(AppConfig):
    name = "groundswell.pages"
    label = "pages"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """When the record changes, its pages are written anew, by the worker; when a petition's page is published, at once."""
        from wagtail.signals import page_published, page_unpublished  # noqa: PLC0415

        from groundswell.pages import authoring, models  # noqa: PLC0415
        from groundswell.pages.record import announcing  # noqa: PLC0415 (the queue's tables exist only now)

        announcing.register()
        page_published.connect(authoring.published, sender=models.PetitionPage)
        page_unpublished.connect(authoring.unpublished, sender=models.PetitionPage)
