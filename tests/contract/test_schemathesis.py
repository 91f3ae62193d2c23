"""Requests made up from the API document: none breaks the server, no answer is undeclared.

CONTRACT_EXAMPLES=500 makes it long, CONTRACT_SEED=7 another.
"""

import json
import os
from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, seed, settings
from schemathesis import checks

from config.error_codes import CODES, FIELD_CODES
from config.wsgi import application
from diary import limits
from diary.models import Patient
from tests.config.document import made, parts
from tests.contract.stock import Ids, one_of_everything
from tests.phones import Phone, access_token

EXAMPLES = int(os.environ.get("CONTRACT_EXAMPLES", "20"))
SEED = int(os.environ.get("CONTRACT_SEED", "1"))

pytestmark = pytest.mark.slow

contract = schemathesis.openapi.from_dict(made())
contract.app = application
# The borders of every field are 4,000 requests more: for the long run.
contract.config.phases.coverage.enabled = "CONTRACT_EXAMPLES" in os.environ
held = [
    checks.not_a_server_error,
    *checks.CHECKS.get_by_names(
        [
            "status_code_conformance",
            "content_type_conformance",
            "response_headers_conformance",
            "response_schema_conformance",
        ]
    ),
]


@pytest.fixture
def token(patient: Patient, monkeypatch: pytest.MonkeyPatch) -> str:
    """An access token whose phone may ask as often as it likes."""
    monkeypatch.setattr(limits, "check", lambda _: None)
    return access_token(patient.user)


@pytest.fixture
def ids(token: str) -> Iterator[Ids]:
    """One of everything; from then on the server leaves the test's connection open."""
    found = one_of_everything(Phone(token))  # the client of tests connects the signals anew
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield found
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


_turn = count()


@contract.parametrize()
@seed(SEED)
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_no_request_finds_a_gap_in_the_contract(case: Any, token: str, ids: Ids) -> None:
    known = ids.get(case.operation.path.split("/")[3], {})
    if next(_turn) % 2:  # half of the requests name what is there, and are no repetitions
        case.path_parameters = {**(case.path_parameters or {}), **known}
        case.headers.pop("Idempotency-Key", None)
    answer = case.call(headers={"Authorization": f"Bearer {token}"})
    case.validate_response(answer, checks=held)
    if answer.headers.get("content-type", [""])[0].endswith("json"):
        _check_codes(json.loads(answer.content))


def _check_codes(said: Any) -> None:
    """Every code of a problem, of its fields and of the items of a sync is a listed one."""
    for part in parts(said):
        if part.keys() >= {"title", "status", "code"}:
            assert part["status"] in CODES[part["code"]].statuses
        elif part.keys() >= {"pointer", "code"}:
            assert part["code"] in FIELD_CODES
