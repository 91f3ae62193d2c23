"""How the API document is derived from the views.

A view names its body and its answer, both pydantic models. Problem answers, pages, ids,
summaries and the log-in follow from what the view is.
"""

from typing import Any, Literal, get_args, get_origin

import uritemplate
from drf_spectacular.drainage import warn
from drf_spectacular.extensions import OpenApiAuthenticationExtension, OpenApiSerializerExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ComponentRegistry, ResolvedComponent
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

from alerts.api import massage_schemas, schemas
from config.app_versions import DEPRECATED
from config.openapi_models import WRITTEN
from config.openapi_names import operation_id
from config.openapi_problems import DEPRECATION_HEADERS, reference
from diary import vocabulary

Json = dict[str, Any]
_DESCRIPTIONS = {
    "200": "Done.",
    "201": "Created.",
    "202": "Accepted.",
    "204": "Done; the answer has no body.",
    "304": "Not changed; the answer has no body.",
}
_IDS = {
    "record_id": "Made by the app; unique for this patient.",
    "device_id": "Made by the app, once for each installation.",
    "alert_id": "From the list of alerts, or from a push message.",
}
_PAGE = [
    OpenApiParameter(
        "limit",
        {"type": "integer", "minimum": 1, "maximum": 500, "default": 100},
        description="How many on one page.",
    ),
    OpenApiParameter("cursor", str, description="Use the `next` address of the page before."),
    OpenApiParameter(
        "order",
        {"type": "string", "enum": ["desc", "asc"], "default": "desc"},
        description="`desc`: newest first. `asc`: oldest first.",
    ),
]


class Schema(AutoSchema):
    """One operation, as its view and the rules of this API make it."""

    def get_operation(
        self, path: str, path_regex: str, path_prefix: str, method: str, registry: ComponentRegistry
    ) -> Json | None:
        operation: Json | None = super().get_operation(
            path, path_regex, path_prefix, method, registry
        )
        if operation is None:
            return None
        operation["description"] = self.get_description().partition("\n")[2].strip()
        answers = operation["responses"]
        for code, answer in answers.items():
            answer["description"] = _DESCRIPTIONS.get(code)
        for status in [*map(int, answers), *self._problems(operation)]:
            if status >= 400:
                answers[str(status)] = reference(status)
        operation["responses"] = dict(sorted(answers.items()))
        if (self.method, path) in DEPRECATED:
            _deprecate(operation)
        return operation

    def _problems(self, operation: Json) -> list[int]:
        """What can go wrong in an operation of this shape."""
        found = [401, 403, 406, 426, 429, 503]
        inputs = {parameter["in"] for parameter in operation.get("parameters", [])}
        if "query" in inputs:
            found.append(400)
        if "path" in inputs:  # at a PUT, which makes what is not there, only for what is no id
            found.append(404)
        if "requestBody" in operation:
            found += [400, 413, 415]
        return found

    def get_operation_id(self) -> str:
        return operation_id(self.method, self.path, is_list=self._is_list_view())

    def get_summary(self) -> str:
        return self.get_description().partition("\n")[0].rstrip(".")

    def get_override_parameters(self) -> list[Any]:
        ids = [
            OpenApiParameter(name, OpenApiTypes.UUID, "path", description=_IDS[name])
            for name in uritemplate.variables(self.path)
        ]
        return [*ids, *(_PAGE if self._is_list_view() else [])]

    def get_paginated_name(self, serializer_name: str) -> str:
        return f"{serializer_name}Page"

    def resolve_serializer(self, serializer: Any, *rest: Any) -> ResolvedComponent:
        """The component of a model; a write is answered with more than the record."""
        if self.method in ("POST", "PUT"):
            serializer = WRITTEN.get(serializer, serializer)
        return super().resolve_serializer(serializer, *rest)

    def _get_request_for_media_type(
        self, serializer: Any, direction: Any = "request"
    ) -> tuple[Json | None, bool]:
        """The body of a PATCH is the model itself: no copy of it in which all is optional."""
        if serializer is None:
            return None, False
        component = self.resolve_serializer(serializer, direction)
        return component.ref, "required" in component.schema


def _deprecate(operation: Json) -> None:
    operation["deprecated"] = True
    for code, answer in operation["responses"].items():
        if code < "300":
            answer["headers"] = DEPRECATION_HEADERS | answer.get("headers", {})


class _AsWritten(GenerateJsonSchema):
    """No titles that only repeat names, and everything in the order of the code."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False

    def sort(self, value: Any, parent_key: str | None = None) -> Any:
        return value


class Models(OpenApiSerializerExtension):
    """Pydantic models as components, their value lists under the names of the vocabulary."""

    target_class = BaseModel
    match_subclasses = True
    priority = 1  # before the one that comes with the library

    def get_name(self, auto_schema: AutoSchema, direction: str) -> str:
        return str(self.target.__name__)

    def get_identity(self, auto_schema: AutoSchema, direction: str) -> type[BaseModel]:
        return BaseModel  # a nested model is known by its name only

    def map_serializer(self, auto_schema: AutoSchema, direction: str) -> Json:
        schema = self.target.model_json_schema(
            ref_template="#/components/schemas/{model}",
            mode="validation" if direction == "request" else "serialization",
            schema_generator=_AsWritten,
        )
        nested = schema.pop("$defs", {})
        for name, part in nested.items():
            _register(auto_schema.registry, name, _named(part, auto_schema.registry))
        named: Json = _named(schema, auto_schema.registry)
        return named


# Every value list that has a name, under its values.
_LISTS = {
    get_args(words): name
    for module in (vocabulary, schemas, massage_schemas)
    for name, words in vars(module).items()
    if get_origin(words) is Literal
}


def _union(members: list[Json]) -> Json:
    """One of several, or one and null; a whole number is a number.

    Generators read `anyOf` of several as all of them at once.
    """
    number, integer, null = ({"type": name} for name in ("number", "integer", "null"))
    found = [member for member in members if member != integer or number not in members]
    is_several = len([member for member in found if member != null]) > 1
    return {"oneOf" if is_several else "anyOf": found}


def _named(schema: Any, registry: ComponentRegistry) -> Any:
    """The same schema with a reference in place of every value list that has a name."""
    match schema:
        case {"anyOf": [*members], **rest}:
            return _named(rest, registry) | _union(_named(members, registry))
        case {"enum": [*values]} if name := _LISTS.get(tuple(values)):
            _register(registry, name, {"type": "string", "enum": values})
            return {"$ref": f"#/components/schemas/{name}"}
        case dict():
            return {
                key: _named(part, registry)
                for key, part in schema.items()
                if (key, part) != ("default", None)  # null says "not answered", as leaving out does
            }
        case list():
            return [_named(part, registry) for part in schema]
        case _:
            return schema


def _register(registry: ComponentRegistry, name: str, schema: Json) -> None:
    component = ResolvedComponent(name, ResolvedComponent.SCHEMA, schema, BaseModel)
    if component in registry and registry[component].schema != schema:
        warn(f"Two models are called {name}, and they differ.")
    registry.register_on_missing(component)


class Bearer(OpenApiAuthenticationExtension):
    """The access token of the log-in."""

    target_class = "config.authentication.BearerAuthentication"
    name = "bearer"

    def get_security_definition(self, auto_schema: AutoSchema) -> Json:
        return {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "JWT",
            "description": "The `access_token` that `/_allauth/app/v1/auth/login` answers with.",
        }
