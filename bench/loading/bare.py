"""The least that Django can do for a write: a token, one insert and one upsert, one transaction.

The yardstick of `bench/entry_write.py`. Tables are made by `bench/loading/seed.py`.
"""

import json
import os
import uuid

import dj_database_url
import django
from django.conf import settings

if not settings.configured:
    settings.configure(
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF=__name__,
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
        DATABASES={
            "default": {
                **dj_database_url.parse(
                    os.environ["DATABASE_URL"], conn_max_age=60, conn_health_checks=True
                ),
                "OPTIONS": {"options": "-c synchronous_commit=on"},
            }
        },
    )
    django.setup()

from django.core.handlers.wsgi import WSGIHandler
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import path
from django.utils import timezone


class BareToken(models.Model):  # noqa: DJ008  nobody reads it
    key = models.TextField(primary_key=True)
    owner = models.IntegerField()

    class Meta:
        app_label = "bare"


class BareEntry(models.Model):  # noqa: DJ008  nobody reads it
    record = models.UUIDField(unique=True)
    owner = models.IntegerField()
    at = models.DateTimeField()
    body = models.JSONField()

    class Meta:
        app_label = "bare"


class BareWatch(models.Model):  # noqa: DJ008  nobody reads it
    owner = models.IntegerField(primary_key=True)
    due_at = models.DateTimeField()

    class Meta:
        app_label = "bare"


def write(request: HttpRequest, record: uuid.UUID) -> HttpResponse:
    key = request.headers["Authorization"].removeprefix("Bearer ")
    now, body = timezone.now(), json.loads(request.body)
    with transaction.atomic():
        owner = BareToken.objects.get(pk=key).owner
        BareEntry.objects.create(record=record, owner=owner, at=now, body=body)
        BareWatch.objects.bulk_create(
            [BareWatch(owner=owner, due_at=now)],
            update_conflicts=True,
            unique_fields=["owner"],
            update_fields=["due_at"],
        )
    response = JsonResponse({"id": str(record), **body}, status=201)
    response.headers["Content-Length"] = str(len(response.content))
    return response


def up(_: HttpRequest) -> HttpResponse:
    return HttpResponse("up")


urlpatterns = [path("api/v1/entries/<uuid:record>/", write), path("healthz", up)]
application = WSGIHandler()
