"""What stands around the operations of the API document."""

from pathlib import Path
from typing import Any

_INTRODUCTION = Path(__file__).with_name("openapi_introduction.md")
_TAGS = {
    "entries": "The diary: what was felt, and when.",
    "massages": "What was done, and when.",
    "sync": "Both ways at once, for an app that works offline.",
    "clearance": "Before a massage: may it be given, and how.",
    "summary": "The last days at one look.",
    "rules": "What the server looks for, why, and what it says; for use offline too.",
    "alerts": "What the rules found in the diary, and what to do.",
    "devices": "Where push messages go.",
    "push-key": "What a browser needs to subscribe.",
    "export": "Everything held about the patient, to take along.",
    "me": "The profile, the consent, and the end of both.",
}

SPECTACULAR: dict[str, Any] = {
    "TITLE": "Disc diary",
    "VERSION": "1",
    "DESCRIPTION": _INTRODUCTION.read_text(encoding="utf-8"),
    "EXTERNAL_DOCS": {
        "url": "https://docs.allauth.org/en/latest/headless/openapi-specification/",
        "description": "Sign-up, log-in and tokens: django-allauth's headless API",
    },
    "TAGS": [{"name": name, "description": text} for name, text in _TAGS.items()],
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "POSTPROCESSING_HOOKS": [
        "config.openapi_problems.with_problems",
        "config.openapi_examples.with_examples",
    ],
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    # The validator's badge would be loaded from a foreign host.
    "SWAGGER_UI_SETTINGS": {
        "deepLinking": True,
        "validatorUrl": None,
        "defaultModelsExpandDepth": 0,
    },
}
