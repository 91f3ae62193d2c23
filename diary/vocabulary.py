"""The words of the diary: every value list of the contract, once."""

from typing import Final, Literal, get_args

Region = Literal["lumbar", "cervical", "both"]
Phase = Literal["acute", "healing", "chronic", "unknown"]
Severity = Literal["mild", "moderate", "severe", "unknown"]
ApprovalStatus = Literal["none", "patient_reported", "physician_confirmed"]
Contraindication = Literal[
    "bleeding_disorder",
    "anticoagulant",
    "osteoporosis",
    "tumour",
    "infection",
    "fracture",
    "spinal_instability",
    "spondylolisthesis",
    "cord_compression",
    "other_spinal",
]

BodyRegion = Literal[
    "saddle",  # inner thighs included
    "left_arm",
    "right_arm",
    "left_hand",
    "right_hand",
    "left_leg",
    "right_leg",
    "left_foot",
    "right_foot",
]
RedFlag = Literal[
    "bladder",
    "bowel",
    "saddle_numbness",
    "both_legs_pain",
    "both_legs_weak_or_numb",
    "gait_unsteady",
    "hands_clumsy",
    "sexual_change",
]
RedFlagAnswer = Literal["no", "new_or_worse", "unchanged_longstanding", "unknown"]
FunctionCheck = Literal[
    "heel_walk_left",
    "heel_walk_right",
    "toe_walk_left",
    "toe_walk_right",
    "grip_left",
    "grip_right",
    "buttons",
]
FunctionAnswer = Literal["can", "cannot", "unknown"]
GlobalChange = Literal["better", "same", "worse"]

Setting = Literal["professional", "self", "device"]
Provider = Literal["physiotherapist", "massage_therapist", "doctor", "spa", "other"]
Technique = Literal[
    "kneading",
    "pressing",
    "pushing",
    "grasping",
    "effleurage",
    "petrissage",
    "compression",
    "passive_stretch",
    "myofascial_release",
    "trigger_point",
    "lymphatic_drainage",
    "spinal_stretch",
    "spinal_twist",
    "manipulation",
    "shaking",
    "vibration",
    "bouncing",
    "roller_or_ball",
    "heat",
]
Pressure = Literal["light", "moderate", "deep"]
Site = Literal[
    "neck",
    "shoulders",
    "upper_back",
    "mid_back",
    "low_back",
    "buttocks",
    "hips",
    "thighs",
    "calves",
    "feet",
    "arms",
    "hands",
]
NeuroSymptom = Literal["numbness", "tingling", "radiating_pain"]

# A list counts once for each patient whose rows were on the page.
Accessed = Literal[
    "patient",
    "patient_history",
    "patient_list",
    "entry",
    "entry_history",
    "entry_list",
    "massage",
    "massage_history",
    "massage_list",
    "rejected_item",
    "rejected_item_list",
    "alert",
    "alert_list",
    "escalation",
    "escalation_list",
    "export",
]
ReaderRole = Literal["physician", "operator", "patient"]

RED_FLAGS: Final[tuple[RedFlag, ...]] = get_args(RedFlag)
FUNCTION_CHECKS: Final[tuple[FunctionCheck, ...]] = get_args(FunctionCheck)
