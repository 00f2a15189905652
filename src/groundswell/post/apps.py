from django.apps import AppConfig


class PostConfig(AppConfig):
    name = "groundswell.post"
    label = "post"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """What somebody was sent follows them, when two rows turn out to be one person."""
        from groundswell.people.following import Rows, follow  # noqa: PLC0415 (models are ready only now)
        from groundswell.post import telling  # noqa: PLC0415
        from groundswell.post.wishes import Following  # noqa: PLC0415

        follow("letters", Rows("post_delivery", same="letter_id"))
        follow("wishes", Following())
        telling.register()
