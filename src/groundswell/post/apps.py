from django.apps import AppConfig


class PostConfig(AppConfig):
    name = "groundswell.post"
    label = "post"
    default_auto_field = "django.db.models.BigAutoField"
