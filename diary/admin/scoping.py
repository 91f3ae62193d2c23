"""Who sees which rows: the one place that decides it."""

from typing import Any
from uuid import UUID

from django.contrib.admin import SimpleListFilter
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db.models import ForeignKey, QuerySet
from django.http import HttpRequest

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

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)
        if isinstance(request.user, User) and request.user.is_superuser:
            return rows
        return rows.filter(**{f"{self.patient_path}__in": visible_patients(request.user)})

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
