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
from rest_framework.exceptions import APIException, Throttled
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from alerts import device_test, devices, providers
from alerts.api import examples, schemas
from alerts.channels.webpush_keys import public_key
from alerts.models import DeviceKind, PushDevice
from diary.api.permissions import PatientRequest
from diary.wire import Draft

# Of each kind, the fields of which a body has exactly one.
_TARGETS = {
    "webpush": ("subscription",),
    "fcm": ("token", "installation_id"),
    "apns": ("token",),
}
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
    """A push target: `subscription` for webpush, `token` for apns, either of two for fcm.

    Firebase replaces registration tokens (`token`) by installation ids (`installation_id`).
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [examples.BROWSER, examples.PHONE, examples.PHONE_BY_INSTALLATION]
        }
    )
    server_fields = frozenset(
        {"id", "endpoint_host", "registered_at", "reachable", "off_since", "off_because"}
    )

    kind: Literal["webpush", "fcm", "apns"]
    subscription: Subscription | None = None
    token: Annotated[str, Field(min_length=1, max_length=4096)] | None = None
    installation_id: Annotated[str, Field(min_length=1, max_length=64)] | None = None
    name: Annotated[str, Field(max_length=100)] | None = None
    app_version: Annotated[str, Field(max_length=50)] | None = None

    @model_validator(mode="after")
    def _check_target(self) -> Self:
        given = {field for fields in _TARGETS.values() for field in fields if self._has(field)}
        wanted = _TARGETS[self.kind]
        if len(given) != 1 or not given <= set(wanted):
            message = "A {kind} device has a {wanted} and nothing else to send to."
            context = {"kind": self.kind, "wanted": " or an ".join(wanted)}
            raise PydanticCustomError("wrong_target", message, context)
        return self

    def _has(self, field: str) -> bool:
        return getattr(self, field) is not None

    def target(self) -> devices.Target:
        """The place to send to."""
        keys = self.subscription.keys if self.subscription else None
        return devices.Target(
            kind=DeviceKind.FCM_FID if self.installation_id else DeviceKind(self.kind),
            endpoint=self._endpoint(),
            p256dh=keys.p256dh if keys else "",
            auth=keys.auth if keys else "",
            name=self.name or "",
            app_version=self.app_version or "",
        )

    def _endpoint(self) -> str:
        if self.subscription:
            return self.subscription.endpoint
        return self.token or self.installation_id or ""


# An app knows Firebase as one, whatever it is addressed by.
_WIRE_KIND = {DeviceKind.FCM_FID: "fcm"}


def shown(device: PushDevice) -> dict[str, Any]:
    """A device as its owner sees it: never more of the endpoint than its host."""
    is_webpush = device.kind == DeviceKind.WEBPUSH
    return {
        "id": str(device.device_id),
        "kind": _WIRE_KIND.get(DeviceKind(device.kind), device.kind),
        "endpoint_host": urlsplit(device.endpoint).hostname if is_webpush else None,
        "name": device.name,
        "app_version": device.app_version,
        "registered_at": device.registered_at,
        "reachable": device.retired_at is None and providers.is_configured(device.channel),
        "off_since": device.retired_at,
        "off_because": device.retired_because or None,
    }


@extend_schema_view(get=extend_schema(responses=schemas.Device))
class DeviceList(ListAPIView[Any]):
    """Read the devices that messages go to, newest first.

    A device whose provider takes no messages for it any more stands here until the app registers
    or removes it: `reachable` is false, and `off_since` and `off_because` say more.
    """

    ordering = ("-registered_at", "-id")
    request: PatientRequest

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        page = self.paginate_queryset(devices.shown_to(self.request.patient)) or []
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
        device = devices.shown_to(request.patient).filter(device_id=device_id).first()
        if device is None:
            raise Http404
        return Response(shown(device))

    @extend_schema(responses=None)
    def delete(self, request: PatientRequest, device_id: UUID) -> Response:
        """Remove one device: no more messages go there."""
        if not devices.remove(patient_id=request.patient.pk, device_id=device_id):
            raise Http404
        return Response(status=status.HTTP_204_NO_CONTENT)


class Unreachable(APIException):
    """A device that no message can be sent to."""

    status_code = status.HTTP_409_CONFLICT
    default_detail = "No message can be sent to this device now."


class DeviceTest(APIView):
    """Send a test message to one device.

    202: it was handed over for sending, also in quiet hours; only the phone can tell whether it
    came. It says that it is a test. A device has a few tests an hour. 409: `device_off` or
    `channel_off`, see `reachable`.
    """

    @extend_schema(request=None, responses={202: schemas.Device, 400: None, 409: None, 429: None})
    def post(self, request: PatientRequest, device_id: UUID) -> Response:
        Draft.parse(request.data or {})  # there is nothing to say
        try:
            device = device_test.ask(patient_id=request.patient.pk, device_id=device_id)
        except PushDevice.DoesNotExist as error:
            raise Http404 from error
        except device_test.Unreachable as error:
            raise Unreachable(code=error.code) from error
        except device_test.TooManyTests as error:
            wait = error.wait.total_seconds()
            raise Throttled(wait, "Wait before the next test.", "too_many_tests") from error
        return Response(shown(device), status=status.HTTP_202_ACCEPTED)


class PushKey(APIView):
    """Read the server's public key, which a browser needs to subscribe."""

    @extend_schema(responses=schemas.PushKey)
    def get(self, request: PatientRequest) -> Response:
        private = settings.WEBPUSH_VAPID_PRIVATE_KEY
        return Response({"webpush": public_key(private) if private else None})
