"""Which endpoints a browser may register."""

import pytest

from alerts.channels.webpush import EndpointRefused, check_endpoint

SERVICES = (
    "fcm.googleapis.com",
    "updates.push.services.mozilla.com",
    "*.push.apple.com",
    "*.notify.windows.com",
)


@pytest.mark.parametrize(
    "url",
    [
        "https://fcm.googleapis.com/fcm/send/dGVzdA:APA91b-x_y",
        "https://FCM.googleapis.com/fcm/send/x",
        "https://fcm.googleapis.com:443/fcm/send/x",
        "https://updates.push.services.mozilla.com/wpush/v2/gAAAAAB~x==",
        "https://web.push.apple.com/QGx",
        "https://wns2-par02p.notify.windows.com/w/?token=BQYAA%2bx",
    ],
)
def test_an_endpoint_of_a_known_service_is_taken(url: str) -> None:
    check_endpoint(url, allowed_hosts=SERVICES, allow_loopback=False)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://fcm.googleapis.com/x", "endpoint_not_https"),
        ("ftp://fcm.googleapis.com/x", "endpoint_not_https"),
        ("file:///etc/passwd", "endpoint_not_https"),
        ("//fcm.googleapis.com/x", "endpoint_malformed"),
        ("fcm.googleapis.com/x", "endpoint_malformed"),
        ("", "endpoint_malformed"),
        ("https://fcm.googleapis.com", "endpoint_malformed"),
        ("https://fcm.googleapis.com/x y", "endpoint_malformed"),
        ("https://fcm.googleapis.com/x\r\nHost: a", "endpoint_malformed"),
        ("https://fcm.goo\tgleapis.com/x", "endpoint_malformed"),
        (" https://fcm.googleapis.com/x", "endpoint_malformed"),
        ("https://fcm.googleapis.com/x\n", "endpoint_malformed"),
        ("https://fcm.googleapis.com/x#y", "endpoint_malformed"),
        ("https:\\\\fcm.googleapis.com/x", "endpoint_malformed"),
        ("https://evil.net\\@fcm.googleapis.com/x", "endpoint_userinfo"),
        ("https://fcm.googleapis.com./x", "endpoint_malformed"),
        ("https:///x", "endpoint_malformed"),
        ("https://fcm.googleapis.com:80/x", "endpoint_port"),
        ("https://fcm.googleapis.com:8443/x", "endpoint_port"),
        ("https://fcm.googleapis.com:/x", "endpoint_port"),
        ("https://fcm.googleapis.com:0443/x", "endpoint_port"),
        ("https://user@fcm.googleapis.com/x", "endpoint_userinfo"),
        ("https://fcm.googleapis.com@10.0.0.1/x", "endpoint_userinfo"),
        ("https://fcm.googleapis.com:443@evil.net/x", "endpoint_userinfo"),
        ("https://127.0.0.1/x", "endpoint_ip_literal"),
        ("https://2130706433/x", "endpoint_ip_literal"),
        ("https://0x7f000001/x", "endpoint_ip_literal"),
        ("https://0177.0.0.1/x", "endpoint_ip_literal"),
        ("https://127.1/x", "endpoint_ip_literal"),
        ("https://0x7f.1/x", "endpoint_ip_literal"),
        ("https://[::1]/x", "endpoint_ip_literal"),
        ("https://[::ffff:127.0.0.1]/x", "endpoint_ip_literal"),
        ("https://localhost/x", "endpoint_reserved_name"),
        ("https://push.localhost/x", "endpoint_reserved_name"),
        ("https://metadata.google.internal/x", "endpoint_reserved_name"),
        ("https://printer.local/x", "endpoint_reserved_name"),
        ("https://redis/x", "endpoint_single_label"),
        ("https://fcm.googleapis.com.evil.net/x", "endpoint_host_not_allowed"),
        ("https://evilfcm.googleapis.com/x", "endpoint_host_not_allowed"),
        ("https://evilpush.apple.com/x", "endpoint_host_not_allowed"),
        ("https://push.apple.com/x", "endpoint_host_not_allowed"),
        ("https://web.push.apple.com.evil.net/x", "endpoint_host_not_allowed"),
        ("https://xn--fcm-googlapis-9pb.com/x", "endpoint_host_not_allowed"),
        ("https://fcm.googleap\u0131s.com/x", "endpoint_malformed"),
        ("https://fcm\u3002googleapis\u3002com/x", "endpoint_malformed"),
        ("https://fcm.googleapis.com%2eevil.net/x", "endpoint_malformed"),
        ("http://127.0.0.1:8000/x", "endpoint_not_https"),
        pytest.param(
            "https://fcm.googleapis.com/" + "x" * 2_022, "endpoint_too_long", id="2049-characters"
        ),
    ],
)
def test_anything_else_is_refused_with_a_reason(url: str, code: str) -> None:
    with pytest.raises(EndpointRefused) as refusal:
        check_endpoint(url, allowed_hosts=SERVICES, allow_loopback=False)
    assert refusal.value.code == code


def test_the_longest_endpoint_is_taken() -> None:
    url = "https://fcm.googleapis.com/" + "x" * 2_021
    assert len(url) == 2_048
    check_endpoint(url, allowed_hosts=SERVICES, allow_loopback=False)


@pytest.mark.parametrize("entry", ["*", "*.", "", "*.local", "localhost", "10.0.0.1"])
def test_a_careless_allow_list_entry_opens_nothing_inside(entry: str) -> None:
    for host in ("localhost", "db.local", "10.0.0.1", "redis"):
        with pytest.raises(EndpointRefused):
            check_endpoint(f"https://{host}/x", allowed_hosts=[entry], allow_loopback=False)


def test_loopback_is_one_address_over_http_with_a_port() -> None:
    check_endpoint("http://127.0.0.1:4000/x", allowed_hosts=(), allow_loopback=True)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/x",
        "http://127.0.0.1:0/x",
        "http://127.0.0.1:70000/x",
        "http://127.0.0.2:4000/x",
        "http://localhost:4000/x",
        "http://[::1]:4000/x",
        "http://10.0.0.1:4000/x",
        "https://127.0.0.1:4000/x",
        "http://127.0.0.1:4000@10.0.0.1/x",
    ],
)
def test_loopback_lets_nothing_else_in(url: str) -> None:
    with pytest.raises(EndpointRefused):
        check_endpoint(url, allowed_hosts=SERVICES, allow_loopback=True)
