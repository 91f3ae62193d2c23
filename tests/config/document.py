"""The API document as a reader of it sees it, and answers held against it."""

import json
import re
from collections.abc import Iterator
from typing import Any

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer
from jsonschema import Draft202012Validator, FormatChecker

from tests.phones import Answer, Phone

Json = Any
METHODS = ("get", "put", "post", "patch", "delete")


def _has_an_offset(value: object) -> bool:
    pattern = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)"
    return not isinstance(value, str) or re.fullmatch(pattern, value) is not None


formats = FormatChecker(["uuid", "date"])
formats.checks("date-time")(_has_an_offset)


def parts(node: Json) -> Iterator[dict[str, Any]]:
    """Every object of a document, at any depth."""
    if isinstance(node, dict):
        yield node
    children = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    for child in children:
        yield from parts(child)


def made() -> Json:
    """The document as it stands in JSON."""
    found: Any = SchemaGenerator().get_schema(request=None, public=True)
    return json.loads(OpenApiJsonRenderer().render(found, renderer_context={}))


class Document:
    """What `/api/schema/` says; in it, a member that no schema names is refused."""

    def __init__(self, content: Json) -> None:
        self.content = content
        self.schemas = content["components"]["schemas"]
        for schema in parts(self.schemas):
            if isinstance(schema.get("properties"), dict):
                schema.setdefault("additionalProperties", False)

    def operations(self) -> dict[tuple[str, str], Json]:
        """Every operation under its method and path."""
        return {
            (method.upper(), path): operation
            for path, item in self.content["paths"].items()
            for method, operation in item.items()
            if method in METHODS
        }

    def at(self, reference: str) -> Json:
        """What a reference leads to."""
        found = self.content
        for name in reference.removeprefix("#/").split("/"):
            found = found[name]
        return found

    def complaints(self, value: Json, schema: Json) -> list[str]:
        """What is wrong with a value, by a schema of this document."""
        whole = {**schema, "components": self.content["components"]}
        found = Draft202012Validator(whole, format_checker=formats).iter_errors(value)
        return [f"{error.json_path}: {error.message}" for error in found]

    def check(self, answer: Answer, method: str, path: str) -> None:
        """Fail unless the document has this answer of this operation, status and all."""
        said = self.operations()[method, path]["responses"][str(answer.status_code)]
        said = self.at(said["$ref"]) if "$ref" in said else said
        if "content" not in said:
            assert answer.content == b""
            return
        schema = said["content"][answer["Content-Type"].partition(";")[0]]["schema"]
        if answer["Content-Type"].endswith("json"):
            complaints = self.complaints(json.loads(answer.getvalue()), schema)
            assert complaints == [], (method, path, complaints[:5])


class Reader:
    """A phone whose every answer is held against the document."""

    def __init__(self, phone: Phone, document: Document) -> None:
        self.phone, self.document = phone, document

    def call(self, method: str, path: str, body: Json = None, *, status: int, **ids: str) -> Json:
        """Send a request to a path of the document, and give back the checked answer."""
        template = f"/api/v1/{path.partition('?')[0]}"
        answer = self.phone.send(method, path.format(**ids), body)
        assert answer.status_code == status, answer.content
        self.document.check(answer, method, template)
        content = answer.getvalue()
        return json.loads(content) if content else None
