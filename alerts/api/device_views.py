"""Push devices over HTTP."""

from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.http import Http404
from drf_spectacular.utils import extend_schema, extend_schema_view
from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from alerts import devices, messages
from alerts.api import examples, schemas
from alerts.channels.webpush_keys import public_key
from alerts.models import DeviceKind, PushDevice
from diary.api.permissions import PatientRequest
from diary.wire import Draft

Key = Annotated[str, Field(min_length=1, max_length=256)]


class Keys(Draft):
    p256dh: Key
    auth: Key


class Subscription(Draft):
    """What a browser's PushManager gives; the expiration time is of no use here."""

    server_fields = frozenset({"expirationTime"})

    endpoint: Annotated[str, Field(min_length=1, max_length=2048)]
    keys: Keys


class DeviceBody(Draft):
    """A push target: `subscription` for webpush, `token` for fcm and apns."""

    model_config = ConfigDict(json_schema_extra={"examples": [examples.BROWSER, examples.PHONE]})
    server_fields = frozenset({"id", "endpoint_host", "registered_at", "reachable"})

    kind: Literal["webpush", "fcm", "apns"]
    subscription: Subscription | None = None
    token: Annotated[str, Field(min_length=1, max_length=4096)] | None = None
    name: Annotated[str, Field(max_length=100)] | None = None
    app_version: Annotated[str, Field(max_length=50)] | None = None

    @model_validator(mode="after")
    def _check_target(self) -> Self:
        wanted, other = "token", "subscription"
        if self.kind == "webpush":
            wanted, other = other, wanted
        if getattr(self, wanted) is None or getattr(self, other) is not None:
            message = "A {kind} device has a {wanted} and no {other}."
            context = {"kind": self.kind, "wanted": wanted, "other": other}
            raise PydanticCustomError("wrong_target", message, context)
        return self

    def target(self) -> devices.Target:
        """The place to send to."""
        keys = self.subscription.keys if self.subscription else None
        return devices.Target(
            kind=DeviceKind(self.kind),
            endpoint=self.subscription.endpoint if self.subscription else self.token or "",
            p256dh=keys.p256dh if keys else "",
            auth=keys.auth if keys else "",
            name=self.name or "",
            app_version=self.app_version or "",
        )


def shown(device: PushDevice) -> dict[str, Any]:
    """A device as its owner sees it: never more of the endpoint than its host."""
    is_webpush = device.kind == DeviceKind.WEBPUSH
    return {
        "id": str(device.device_id),
        "kind": device.kind,
        "endpoint_host": urlsplit(device.endpoint).hostname if is_webpush else None,
        "name": device.name,
        "app_version": device.app_version,
        "registered_at": device.registered_at,
        "reachable": messages.is_reachable(device),
    }


@extend_schema_view(get=extend_schema(responses=schemas.Device))
class DeviceList(ListAPIView[Any]):
    """Read the devices that messages go to, newest first."""

    ordering = ("-registered_at", "-id")
    request: PatientRequest

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        standing = PushDevice.objects.filter(patient=self.request.patient, retired_at=None)
        page = self.paginate_queryset(standing) or []
        return self.get_paginated_response([shown(device) for device in page])


class DeviceDetail(APIView):
    """Register or change, read, and remove one device."""

    @extend_schema(request=DeviceBody, responses={200: schemas.Device, 201: schemas.Device})
    def put(self, request: PatientRequest, device_id: UUID) -> Response:
        """Register a device, or change it.

        201: new. 200: changed. A device that another account had leaves that account.
        """
        device, is_new = devices.register(
            patient_id=request.patient.pk,
            device_id=device_id,
            target=DeviceBody.parse(request.data).target(),
        )
        code = status.HTTP_201_CREATED if is_new else status.HTTP_200_OK
        return Response(shown(device), status=code)

    @extend_schema(responses=schemas.Device)
    def get(self, request: PatientRequest, device_id: UUID) -> Response:
        """Read one device."""
        device = PushDevice.objects.filter(
            patient=request.patient, device_id=device_id, retired_at=None
        ).first()
        if device is None:
            raise Http404
        return Response(shown(device))

    @extend_schema(responses=None)
    def delete(self, request: PatientRequest, device_id: UUID) -> Response:
        """Remove one device: no more messages go there."""
        if not devices.remove(patient_id=request.patient.pk, device_id=device_id):
            raise Http404
        return Response(status=status.HTTP_204_NO_CONTENT)


class PushKey(APIView):
    """Read the server's public key, which a browser needs to subscribe."""

    @extend_schema(responses=schemas.PushKey)
    def get(self, request: PatientRequest) -> Response:
        private = settings.WEBPUSH_VAPID_PRIVATE_KEY
        return Response({"webpush": public_key(private) if private else None})
