"""The API document as it is served: made once in a process, because to make it takes a while."""

from functools import lru_cache
from typing import Any

from django.http import HttpResponse
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.views import SpectacularAPIView
from rest_framework.request import Request


class ApiDocument(SpectacularAPIView):
    """What this API is, for whoever asks: nothing in it depends on who that is."""

    schema = None  # the document does not speak of itself

    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        renderer: Any = type(request.accepted_renderer)
        return HttpResponse(_rendered(renderer), content_type=renderer.media_type)


@lru_cache(maxsize=8)
def _rendered(renderer: Any) -> bytes:
    found: Any = SchemaGenerator().get_schema(request=None, public=True)
    written: bytes = renderer().render(found, renderer_context={})
    return written
