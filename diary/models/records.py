"""Records: diary entries and massages, each row the current version; versions are its events.

A column is named like the wire field; a member of a wire object is `<object>_<member>`.
"""

from datetime import timedelta
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from diary import vocabulary as words
from diary.models.constraints import choices, one_of, score, scores, some_of
from diary.models.feed import in_feed, place_in_feed, place_index
from diary.models.history import with_history
from diary.models.people import Patient, User

CLOCK_SKEW = timedelta(minutes=10)


def _answer(vocabulary: Any) -> "models.CharField[str | None, str | None]":
    return models.CharField(max_length=22, choices=choices(vocabulary), null=True, blank=True)


def _several(vocabulary: Any) -> "ArrayField[list[str] | None, list[str] | None]":
    word = models.CharField(max_length=18, choices=choices(vocabulary))
    return ArrayField(word, null=True, blank=True)


def _yes_no() -> "models.BooleanField[bool | None, bool | None]":
    return models.BooleanField(null=True, blank=True)


class Record(models.Model):
    """What an entry and a massage share."""

    patient = models.ForeignKey(Patient, on_delete=models.PROTECT, related_name="%(class)s_set")
    record_id = models.UUIDField()  # the app's id, unique for this patient only
    version = models.PositiveIntegerField(default=1)
    received_at = models.DateTimeField()  # our clock, at the newest version the rules look at
    changed_at = models.DateTimeField()  # our clock, at the newest version of any kind
    changed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    deleted_at = models.DateTimeField(null=True, blank=True)  # the tombstone
    position = place_in_feed()
    utc_offsets = models.JSONField(default=dict)  # minutes east of UTC, for each time as sent
    note = models.TextField(null=True, blank=True)  # noqa: DJ001  null is unanswered

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.record_id)


@in_feed()
@with_history(but=["position"])
class Entry(Record):
    """What was felt at `symptom_at`; scores 0-10, null = unanswered."""

    symptom_at = models.DateTimeField()
    recorded_at = models.DateTimeField(null=True, blank=True)  # the phone's clock
    pain = score()
    numbness = score()
    weakness = score()
    limb_pain = score()
    numb_regions = _several(words.BodyRegion)
    weak_regions = _several(words.BodyRegion)
    red_flags_bladder = _answer(words.RedFlagAnswer)
    red_flags_bowel = _answer(words.RedFlagAnswer)
    red_flags_saddle_numbness = _answer(words.RedFlagAnswer)
    red_flags_both_legs_pain = _answer(words.RedFlagAnswer)
    red_flags_both_legs_weak_or_numb = _answer(words.RedFlagAnswer)
    red_flags_gait_unsteady = _answer(words.RedFlagAnswer)
    red_flags_hands_clumsy = _answer(words.RedFlagAnswer)
    red_flags_sexual_change = _answer(words.RedFlagAnswer)
    function_checks_heel_walk_left = _answer(words.FunctionAnswer)
    function_checks_heel_walk_right = _answer(words.FunctionAnswer)
    function_checks_toe_walk_left = _answer(words.FunctionAnswer)
    function_checks_toe_walk_right = _answer(words.FunctionAnswer)
    function_checks_grip_left = _answer(words.FunctionAnswer)
    function_checks_grip_right = _answer(words.FunctionAnswer)
    function_checks_buttons = _answer(words.FunctionAnswer)
    muscle_wasting = _yes_no()
    flare_today = _yes_no()
    activities_limited = _yes_no()
    fall_or_injury = _yes_no()
    fever_unwell = _yes_no()
    skin_problem_sites = _several(words.Site)
    after_massage_massage = models.UUIDField(null=True, blank=True)  # the app's id of a massage
    after_massage_soreness = score()
    after_massage_global_change = _answer(words.GlobalChange)
    after_massage_new_neuro = _yes_no()

    class Meta:
        verbose_name_plural = "entries"
        constraints = [
            # The same entry posted twice at once is one entry.
            models.UniqueConstraint(fields=["patient", "record_id"], name="one_entry_per_id"),
            scores(
                "pain",
                "numbness",
                "weakness",
                "limb_pain",
                "after_massage_soreness",
                name="entry_scores_0_to_10",
            ),
            one_of(
                *(f"red_flags_{flag}" for flag in words.RED_FLAGS),
                words=words.RedFlagAnswer,
                name="entry_red_flags_known",
            ),
            one_of(
                *(f"function_checks_{check}" for check in words.FUNCTION_CHECKS),
                words=words.FunctionAnswer,
                name="entry_function_checks_known",
            ),
            one_of(
                "after_massage_global_change", words=words.GlobalChange, name="entry_change_known"
            ),
            some_of(
                numb_regions=words.BodyRegion,
                weak_regions=words.BodyRegion,
                skin_problem_sites=words.Site,
                name="entry_regions_known",
            ),
        ]
        indexes = [
            models.Index(fields=["patient", "symptom_at"], name="entry_of_patient"),
            place_index("entry_in_feed"),
        ]

    @property
    def clock_suspect(self) -> bool:
        """The phone's clock ran more than 10 minutes ahead of ours."""
        return self.symptom_at > self.received_at + CLOCK_SKEW


@in_feed()
@with_history(but=["position"])
class Massage(Record):
    """One massage from `started_at` to `ended_at`; null = unanswered."""

    started_at = models.DateTimeField()
    ended_at = models.DateTimeField()
    setting = models.CharField(max_length=12, choices=choices(words.Setting))
    provider = _answer(words.Provider)
    techniques = _several(words.Technique)
    pressure = _answer(words.Pressure)
    sites = _several(words.Site)
    over_disc = _yes_no()
    neutral_position = _yes_no()
    stopped_early = _yes_no()
    exercise_same_day = _yes_no()
    product = models.CharField(max_length=200, null=True, blank=True)  # noqa: DJ001  unanswered
    pain_before = score()
    pain_during_max = score()
    neuro_during = _several(words.NeuroSymptom)
    heavy_lifting_ended_at = models.DateTimeField(null=True, blank=True)
    sitting_minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    sitting_ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            # The same massage posted twice at once is one massage.
            models.UniqueConstraint(fields=["patient", "record_id"], name="one_massage_per_id"),
            models.CheckConstraint(
                condition=Q(
                    ended_at__gt=F("started_at"),
                    ended_at__lte=F("started_at") + timedelta(hours=8),
                ),
                name="massage_within_8_hours",
            ),
            scores("pain_before", "pain_during_max", name="massage_scores_0_to_10"),
            one_of("setting", words=words.Setting, name="massage_setting_known"),
            one_of("provider", words=words.Provider, name="massage_provider_known"),
            one_of("pressure", words=words.Pressure, name="massage_pressure_known"),
            some_of(
                techniques=words.Technique,
                sites=words.Site,
                neuro_during=words.NeuroSymptom,
                name="massage_lists_known",
            ),
        ]
        indexes = [
            models.Index(fields=["patient", "ended_at"], name="massage_of_patient"),
            place_index("massage_in_feed"),
        ]

    @property
    def clock_suspect(self) -> bool:
        """The phone's clock ran more than 10 minutes ahead of ours."""
        return self.ended_at > self.received_at + CLOCK_SKEW
