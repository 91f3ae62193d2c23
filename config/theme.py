"""The look of the physicians' pages."""

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static


def stylesheet(_request: HttpRequest) -> str:
    """Our own few rules, beside those of the theme."""
    return static("alerts/admin.css")


UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "Disc diary",
    "SITE_HEADER": "Disc diary",
    "SITE_SUBHEADER": "For physicians",
    "SITE_SYMBOL": "clinical_notes",
    "SITE_URL": None,
    "SHOW_VIEW_ON_SITE": False,
    "STYLES": [stylesheet],
    "LOGIN": {"form": "config.log_in.LogIn"},
    "SIDEBAR": {"navigation": "config.admin_site.navigation"},
    "COLORS": {
        "primary": {
            "50": "oklch(98.4% .014 180.72)",
            "100": "oklch(95.3% .051 180.801)",
            "200": "oklch(91% .096 180.426)",
            "300": "oklch(85.5% .138 181.071)",
            "400": "oklch(77.7% .152 181.912)",
            "500": "oklch(70.4% .14 182.503)",
            "600": "oklch(51.1% .096 186.391)",
            "700": "oklch(43.7% .078 188.216)",
            "800": "oklch(38.6% .063 188.416)",
            "900": "oklch(34% .055 188.5)",
            "950": "oklch(27.7% .046 192.524)",
        }
    },
}
