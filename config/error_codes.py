"""Every code that an error can carry, and what it means to an app.

Tests read the source for codes and fail at one that stands in neither table.
"""

from typing import NamedTuple


class Code(NamedTuple):
    """The statuses that a code comes with, and what it says."""

    statuses: tuple[int, ...]
    meaning: str


CODES: dict[str, Code] = {
    "invalid": Code((400,), "Fields cannot be read; `errors` names each."),
    "invalid_json": Code((400,), "The body is no JSON, or JSON that can be read two ways."),
    "not_utf8": Code((400,), "The body is not UTF-8."),
    "bad_request": Code((400,), "The request as a whole cannot be read."),
    "parse_error": Code((400,), "The body cannot be read."),
    "invalid_limit": Code((400,), "`limit` is a whole number from 1 to 500."),
    "invalid_cursor": Code((400,), "This cursor is not one of ours: begin at the first page."),
    "invalid_order": Code((400,), "`order` is `asc` or `desc`."),
    "invalid_status": Code((400,), "`status` names no status of an alert."),
    "invalid_idempotency_key": Code(
        (400,), "The key is no printable ASCII of 1 to 255 characters."
    ),
    "invalid_days": Code((400,), "`days` is out of bounds."),
    "outdated_consent": Code((400,), "Only the required version can be agreed to: read it anew."),
    "not_authenticated": Code((401,), "There is no access token: log in."),
    "authentication_failed": Code((401,), "The access token is no longer valid: refresh it."),
    "consent_required": Code((403,), "Agree to the consent text first."),
    "not_a_patient": Code((403,), "This account is no patient's."),
    "reauthentication_required": Code(
        (403,), "Log in again or `POST /_allauth/app/v1/auth/reauthenticate`, then this again."
    ),
    "permission_denied": Code((403,), "This account may not do this."),
    "not_found": Code((404,), "Nothing of this patient is here."),
    "method_not_allowed": Code((405,), "This path does not know this method."),
    "not_acceptable": Code((406,), "No answer is made in the format that `Accept` asks for."),
    "id_taken": Code((409,), "The id has another body; `PUT` corrects it."),
    "id_of_other_type": Code((409,), "An entry and a massage cannot share an id."),
    "device_off": Code((409,), "The provider takes no messages for it: register it anew."),
    "channel_off": Code((409,), "This server has no access to the provider of this device."),
    "too_large": Code((413,), "The body is too large."),
    "unsupported_media_type": Code((415,), "The body is not `application/json`."),
    "idempotency_key_reused": Code((422,), "The key belongs to a request with another body."),
    "client_too_old": Code((426,), "This version of the app may no longer do this: update it."),
    "too_many_requests": Code((429,), "Too many requests: wait for `Retry-After` seconds."),
    "too_many_tests": Code((429,), "The device has had its tests of this hour."),
    "server_error": Code((500,), "Something went wrong here. Send the request again, later."),
    "unavailable": Code((503,), "Nothing was stored. Send it again after `Retry-After` seconds."),
}

# The codes of `errors`, which name one field each; all come with a 400.
FIELD_CODES: dict[str, str] = {
    "required": "The field is missing.",
    "unknown_field": "There is no such field.",
    "invalid_type": "The value has another type; a number in quotes is none.",
    "invalid_choice": "The value is none of the list.",
    "invalid_format": "The text has another form.",
    "min_value": "The number is too small.",
    "max_value": "The number is too large.",
    "min_length": "The text is too short.",
    "max_length": "The text is too long.",
    "max_items": "The list is too long.",
    "not_an_object": "A JSON object is needed here.",
    "read_only": "Only the physician sets this.",
    "id_mismatch": "The body names another id than the path.",
    "invalid_uuid": "The id is no UUID.",
    "invalid_time": "This is no RFC 3339 time.",
    "time_without_offset": "The time has no offset.",
    "time_out_of_range": "The time is before 2000, or there is no such time.",
    "invalid_date": "This is no date.",
    "unknown_timezone": "This is no IANA time zone.",
    "invalid_duration": "A massage ends after it starts, and within 8 hours.",
    "empty_entry": "An entry says at least one thing.",
    "empty_feedback": "Feedback says at least one thing.",
    "version_moved": "The record is no longer at `if_version`; of items of a sync.",
    "id_of_other_type": "The id belongs to a record of the other type; of items of a sync.",
    "too_many_devices": "The account has as many devices as it may have.",
    "too_far_ahead": "The plan lies too far ahead.",
    "token_malformed": "The token is none that this kind of device has.",
    "installation_id_malformed": "The installation id is none of Firebase.",
    "p256dh_invalid": "The key is no point of the curve P-256.",
    "auth_invalid": "The secret is not of 16 bytes.",
    "endpoint_too_long": "The endpoint is longer than 2,048 characters.",
    "endpoint_malformed": "The endpoint is no address.",
    "endpoint_not_https": "The endpoint is not https.",
    "endpoint_userinfo": "The endpoint names a user.",
    "endpoint_port": "The endpoint names a port.",
    "endpoint_host_not_allowed": "The endpoint's host is none of the known push services.",
    "endpoint_ip_literal": "The endpoint names a number in place of a host.",
    "endpoint_reserved_name": "The endpoint's host is no public name.",
    "endpoint_single_label": "The endpoint's host is no public name.",
    "wrong_target": "The target does not fit the kind of the device.",
}
