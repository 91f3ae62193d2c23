"""What a push endpoint may look like, judged before any name is looked up."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

MAX_LENGTH = 2_048

_SHAPE = re.compile(
    r"(?P<scheme>[a-z]+)://(?P<userinfo>[^/?#]*@)?(?P<host>\[[^\]/?#@]*\]|[^/?#@:\[\]]*)"
    r"(:(?P<port>[^/?#@]*))?(?P<target>/[A-Za-z0-9._~!$&'()*+,;=:@/?%-]*)"
)
_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_NAME = re.compile(rf"{_LABEL}(\.{_LABEL})*")
# A last label like this is read as (part of) an IPv4 address by some parser somewhere.
_NUMERIC_LABEL = re.compile(r"[0-9]+|0x[0-9a-f]*")
_RESERVED = re.compile(
    r"arpa|corp|example|home|internal|intranet|invalid|lan|local|localdomain|localhost|onion"
    r"|private|test"
)
_LOOPBACK = re.compile(r"http://127\.0\.0\.1:(?P<port>[1-9][0-9]{0,4})(?P<target>/[!-~]*)")


class EndpointRefused(ValueError):
    """The subscription cannot be used; `code` says why and quotes nothing of it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Endpoint:
    """An endpoint that has been checked, in the parts that a connection needs."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def origin(self) -> str:
        """Scheme and host, with the port only where it is not the usual one."""
        return f"{self.scheme}://{self.authority}"

    @property
    def authority(self) -> str:
        """Host, with the port only where it is not the usual one."""
        return self.host if self.scheme == "https" else f"{self.host}:{self.port}"


def check_endpoint(url: str, *, allowed_hosts: Iterable[str], allow_loopback: bool) -> None:
    """Raise EndpointRefused unless `url` is an https address of an allowed push service."""
    checked(url, allowed_hosts=allowed_hosts, allow_loopback=allow_loopback)


def checked(url: str, *, allowed_hosts: Iterable[str], allow_loopback: bool) -> Endpoint:
    """The parts of an endpoint that may be used; raise EndpointRefused."""
    if len(url) > MAX_LENGTH:
        raise EndpointRefused("endpoint_too_long")
    loopback = _LOOPBACK.fullmatch(url) if allow_loopback else None
    if loopback and int(loopback["port"]) < 65_536:
        return Endpoint("http", "127.0.0.1", int(loopback["port"]), loopback["target"])
    return _public(url, allowed_hosts)


def _public(url: str, allowed_hosts: Iterable[str]) -> Endpoint:
    # Own grammar: the library's parser drops tabs and line ends and repairs what it dislikes.
    parts = _SHAPE.fullmatch(url)
    if parts is None:
        raise EndpointRefused("endpoint_malformed")
    if parts["scheme"] != "https":
        raise EndpointRefused("endpoint_not_https")
    if parts["userinfo"] is not None:
        raise EndpointRefused("endpoint_userinfo")
    if parts["port"] not in {None, "443"}:
        raise EndpointRefused("endpoint_port")
    host = parts["host"].lower()
    _check_name(host)
    if not any(_allows(entry.strip().lower(), host) for entry in allowed_hosts):
        raise EndpointRefused("endpoint_host_not_allowed")
    return Endpoint("https", host, 443, parts["target"])


def _check_name(host: str) -> None:
    """Only a full name of the public tree, so that a careless allow-list entry opens nothing."""
    last = host.rpartition(".")[2]
    if host.startswith("[") or _NUMERIC_LABEL.fullmatch(last):
        raise EndpointRefused("endpoint_ip_literal")
    if len(host) > 253 or not _NAME.fullmatch(host):
        raise EndpointRefused("endpoint_malformed")
    if _RESERVED.fullmatch(last):
        raise EndpointRefused("endpoint_reserved_name")
    if last == host:
        raise EndpointRefused("endpoint_single_label")


def _allows(entry: str, host: str) -> bool:
    """Whether an entry of the allow-list covers a host; "*." stands for one label or more."""
    if entry.startswith("*."):
        # The dot stays in: "evilpush.apple.com" is not under "*.push.apple.com".
        return host.endswith(entry[1:]) and len(entry) > 2
    return host == entry
