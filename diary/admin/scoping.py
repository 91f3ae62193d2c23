"""Who sees which rows: the one place that decides it."""

from typing import Any
from uuid import UUID

from django.contrib.admin import SimpleListFilter
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.db.models import ForeignKey, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from diary import accesses
from diary.admin.pages import ReadOnlyPages
from diary.models import Patient, User
from diary.queries import patients_of


def visible_patients(user: User | AnonymousUser) -> QuerySet[Patient]:
    """The patients an account may read: its own, or all for a superuser."""
    if not isinstance(user, User):
        return Patient.objects.none()
    return Patient.objects.all() if user.is_superuser else patients_of(user)


def cares_for(user: User | AnonymousUser, patient_id: UUID) -> bool:
    """Whether this account is a physician of the patient now."""
    return isinstance(user, User) and patients_of(user).filter(pk=patient_id).exists()


def physician_of(request: HttpRequest, patient_id: UUID) -> User:
    """Who acts; raise PermissionDenied for anybody who does not care for the patient now."""
    user = request.user
    if not isinstance(user, User) or not cares_for(user, patient_id):
        raise PermissionDenied
    return user


class OwnPatients(ReadOnlyPages):
    """Rows of the patients the physician cares for now, asked anew with every request."""

    patient_path = "patient"  # from the row to its patient
    read_as = ""  # what a read of a row is kept as; else the name of the model

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        if isinstance(request.user, User) and request.user.is_superuser:
            return rows
        return rows.filter(**{f"{self.patient_path}__in": visible_patients(request.user)})

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Any:
        """The row, for its page or an act; its patient can see that it was opened."""
        found = super().get_object(request, object_id, from_field)
        self._keep(request, [found], "_history" if request.path.endswith("/history/") else "")
        return found

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The list; the patients whose rows are on it can see that it was opened."""
        response: HttpResponse = super().changelist_view(request, extra_context)
        context = (response.context_data or {}) if isinstance(response, TemplateResponse) else {}
        if "cl" in context:
            # Asked for here, the rows are not asked for again when the page is written.
            self._keep(request, list(context["cl"].result_list), "_list")
        return response

    def _keep(self, request: HttpRequest, rows: list[Any], suffix: str) -> None:
        patient = "pk" if self.patient_path == "pk" else "patient_id"
        what: Any = (self.read_as or self.opts.model_name) + suffix
        by: Any = request.user
        try:
            accesses.record([getattr(row, patient) for row in rows], by=by, what=what)
        except IntegrityError:  # a patient was erased meanwhile
            raise Http404 from None

    def formfield_for_foreignkey(
        self, db_field: "ForeignKey[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> Any:
        """A choice of rows offers no more than the list of these rows shows."""
        pages = self.admin_site._registry.get(db_field.remote_field.model)  # noqa: SLF001
        remote = db_field.remote_field.model._default_manager  # noqa: SLF001
        kwargs["queryset"] = pages.get_queryset(request) if pages else remote.none()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class ChosenPatient(SimpleListFilter):
    """One patient's rows, by the id in the address; it offers no list of names."""

    title = "patient"
    parameter_name = "patient"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        chosen = _identifier(self.used_parameters.get(self.parameter_name))
        rows = (
            visible_patients(request.user).filter(pk=chosen) if chosen else Patient.objects.none()
        )
        return [(str(row.pk), str(row)) for row in rows.select_related("user")]

    def has_output(self) -> bool:
        # Not one's own patient must filter too: to nothing.
        return self.parameter_name in self.used_parameters

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() is None:
            return queryset
        chosen = _identifier(self.value())
        return queryset.filter(patient=chosen) if chosen else queryset.none()


def _identifier(text: Any) -> UUID | None:
    try:
        return UUID(str(text))
    except ValueError:
        return None
