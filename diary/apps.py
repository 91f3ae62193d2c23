from django.apps import AppConfig

from diary import moments


class DiaryConfig(AppConfig):
    name = "diary"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Read times from the database quickly."""
        moments.listen()
