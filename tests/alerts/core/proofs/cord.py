"""R02: unsteady legs and clumsy hands."""

from typing import Final

from tests.alerts.core.proofs.patients import SECOND, story
from tests.alerts.core.proofs.red_flags import NEW, OLD, answered, each, flags, known
from tests.alerts.core.proofs.shape import boundaries, cases
from tests.alerts.core.story import at, closed, profile

CORD, CHECK_CORD = "R02 opened 4", "R02 opened 3"
ARMS: Final = ["left_arm", "right_hand"]

CASES = cases(
    "R02",
    *each("R02", "opened 4", "gait_unsteady", answer=NEW),
    *each("R02", "opened 3", "hands_clumsy", answer=NEW),
    *each("R02", "opened 3", "gait_unsteady", "hands_clumsy", answer=OLD),
    ("hands-with-gait", answered(hands_clumsy=NEW, gait_unsteady=OLD), (CORD,)),
    ("hands-with-bladder", answered(hands_clumsy=NEW, bladder=OLD), (CORD,)),
    ("hands-with-bowel", answered(hands_clumsy=NEW, bowel=NEW), (CORD,)),
    ("hands-with-both-arms-numb", answered({"numb_regions": ARMS}, hands_clumsy=NEW), (CORD,)),
    (
        "hands-with-both-arms-weak-only",
        answered({"weak_regions": ARMS}, hands_clumsy=NEW),
        (CHECK_CORD,),
    ),
    (
        "hands-with-one-arm-numb",
        answered({"numb_regions": ["left_arm", "left_hand"]}, hands_clumsy=NEW),
        (CHECK_CORD,),
    ),
    ("hands-with-another-flag", answered(hands_clumsy=NEW, both_legs_pain=NEW), (CHECK_CORD,)),
    (
        "longstanding-hands-with-bladder",
        answered(hands_clumsy=OLD, bladder=NEW),
        (CHECK_CORD,),
    ),
    (
        "hands-with-a-known-gait",
        known("gait_unsteady", hands_clumsy=NEW, gait_unsteady=OLD),
        (CHECK_CORD,),
    ),
    ("both-arms-numb-alone", answered({"numb_regions": ARMS}), ()),
    ("flags-of-the-other-rule", answered(bladder=NEW, sexual_change=NEW), ()),
    ("known-hands", known("hands_clumsy", hands_clumsy=OLD), ()),
    (
        "the-region-does-not-change-the-level",
        story(profile(at(days=-1), region="lumbar"), flags(gait_unsteady=NEW)),
        (CORD,),
    ),
    (
        "it-rises-reminds-and-ends-by-a-close",
        story(
            *[flags(hands_clumsy=OLD), flags("f", 1, gait_unsteady=NEW)],
            *[flags("g", 13, gait_unsteady=NEW), closed("R02", at(hours=14))],
        ),
        (CHECK_CORD, "R02 raised 4", "R02 reminder 4", "R02 cleared 4"),
    ),
    text_keys={"4": "emergency.cord", "3": "doctor.check_cord"},
)


BOUNDARIES = boundaries(
    "R02",
    (
        "red_flags.remind_after",
        (
            story(flags(gait_unsteady=NEW), flags("f", 12 - 1 / 3600, gait_unsteady=NEW)),
            (CORD,),
        ),
        (
            story(flags(gait_unsteady=NEW), flags("f", 12, gait_unsteady=NEW)),
            (CORD, "R02 reminder 4"),
        ),
    ),
    step=SECOND,
)
