"""Pages that are read: nothing is added, changed or deleted here, by nobody."""

from typing import Any, NamedTuple

from django.contrib.admin import ShowFacets
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from unfold.admin import ModelAdmin

Cell = Any  # text is escaped by the template; only format_html makes it anything else


class Table(NamedTuple):
    """A titled table of a page; `more` is the address of all the rows."""

    title: str
    headers: list[str]
    rows: list[list[Cell]]
    more: str = ""


class Page(NamedTuple):
    """What a page about one row shows: pairs of a label and a value, and tables."""

    title: Cell
    facts: list[tuple[str, Cell]]
    tables: list[Table]
    extra: dict[str, Any] = {}


class ReadOnlyPages(ModelAdmin):
    """Lists and pages of a model, for reading."""

    actions: Any = []
    list_per_page = 50
    list_max_show_all = 200
    show_facets = ShowFacets.NEVER
    sortable_by: Any = ()
    page_template = "admin/diary/page.html"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Any:
        """The row, or the same 404 for one that is another's and one that never was."""
        found = super().get_object(request, object_id, from_field)
        if found is None:
            raise Http404
        return found

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The page of one row; there is no form on it."""
        subject = self._readable(request, object_id)
        return self.answer(request, subject, self.page(request, subject))

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """What happened to one row."""
        if not self.has_story and self.has_view_permission(request):
            raise Http404
        subject = self._readable(request, object_id)
        return self.answer(request, subject, self.story(request, subject), history=True)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        raise PermissionDenied

    def page(self, request: HttpRequest, subject: Any) -> Page:
        """What the page about one row shows."""
        raise NotImplementedError

    def story(self, request: HttpRequest, subject: Any) -> Page:
        """What the history of one row shows; without one there is no such page."""
        raise Http404

    @property
    def has_story(self) -> bool:
        """Whether rows of this kind have a history to show."""
        return type(self).story is not ReadOnlyPages.story

    def answer(
        self, request: HttpRequest, subject: Any, page: Page, *, history: bool = False
    ) -> TemplateResponse:
        """A page in the frame of the admin."""
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "subject": subject,
            "title": page.title,
            "page": page,
            "has_story": not history and self.has_story,
            "is_story": history,
            **page.extra,
        }
        return TemplateResponse(request, self.page_template, context)

    def _readable(self, request: HttpRequest, object_id: str) -> Any:
        if request.method not in ("GET", "HEAD") or not self.has_view_permission(request):
            raise PermissionDenied
        return self.get_object(request, unquote(object_id))


class OperatorPages(ReadOnlyPages):
    """What only those who run the service look at."""

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return bool(request.user.is_active and request.user.is_superuser)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)
