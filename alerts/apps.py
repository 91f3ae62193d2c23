from django.apps import AppConfig


class AlertsConfig(AppConfig):
    name = "alerts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to the diary: the one place where the direction of imports turns round."""
        from alerts import intake  # noqa: PLC0415  models must be loaded first

        intake.listen()
