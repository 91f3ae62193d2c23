"""An example at every JSON body and answer of the API document, taken from its model's."""

from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]
_METHODS = {"get", "put", "post", "patch", "delete"}
JSON = "application/json"


def with_examples(result: Json, **_: Any) -> Json:
    """Put the examples of each model where it is used; a postprocessing hook."""
    schemas = result["components"]["schemas"]
    for operation in _operations(result):
        for part in [operation.get("requestBody", {}), *operation["responses"].values()]:
            media = part.get("content", {}).get(JSON)
            if media and (found := _examples(media["schema"], schemas)):
                media["examples"] = {str(n): {"value": each} for n, each in enumerate(found, 1)}
    return result


def _operations(document: Json) -> Iterator[Json]:
    for path in document["paths"].values():
        yield from (operation for method, operation in path.items() if method in _METHODS)


def _examples(schema: Json, schemas: Json) -> list[Any]:
    """The examples of a model; of a page of it, one with the first of them."""
    model = schemas[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    if model.keys() >= {"examples"}:
        return list(model["examples"])
    items = model.get("properties", {}).get("results", {}).get("items")
    found = _examples(items, schemas) if items else []
    return [{"next": None, "previous": None, "results": found[:1]}] if found else []
