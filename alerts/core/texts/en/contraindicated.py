"""R10: what in a record speaks against a massage. No blame, and every massage may be entered."""

from collections.abc import Mapping

from alerts.core.texts.en.messages import NO_DOCTOR_TODAY
from alerts.core.texts.shape import Text

_CODES = {
    "cord_compression": "squeezed nerves in the spine",
    "fracture": "a broken bone in the spine",
    "tumour": "a growth in or near the spine",
    "infection": "an infection",
    "spinal_instability": "a spine that is not stable",
    "spondylolisthesis": "a bone in the spine that has slipped",
    "osteoporosis": "weak bones",
    "bleeding_disorder": "blood that does not clot well",
    "anticoagulant": "a blood thinner",
    "other_spinal": "one more illness of the spine",
    "recent_trauma": "an injury not long ago",
    "severe": "a severe disc problem",
    "open_hold": "advice to stop massage",
    "skin": "a skin problem at the same place",
    "reaction": "a skin problem after an oil or cream",
    "no_approval": "no go-ahead from a doctor",
}
_WHY = "For this massage, your record shows {codes}."
_STOP = "Stop massage for now."
_KEEP = "Keep entering each massage that you have."
_ASK = f"{_STOP} Wait until a doctor says that you can go on. {_KEEP}"
_WORSE = "Call your doctor today if you feel worse than before."
_NERVES = "Call your doctor today if you get weaker or more numb."
_BRUISE = "Call your doctor today if a big bruise or a swelling comes up."

_ADVICE: Mapping[str, str] = {
    "cord_compression": f"{_ASK} {_NERVES}",
    "fracture": f"{_ASK} {_WORSE}",
    "tumour": f"{_ASK} {_WORSE}",
    "infection": f"{_ASK} Call your doctor today if you have a fever or feel ill.",
    "spinal_instability": f"{_ASK} {_NERVES}",
    "spondylolisthesis": f"{_ASK} {_NERVES}",
    "osteoporosis": f"{_ASK} Call your doctor today if you get sudden strong pain.",
    "bleeding_disorder": f"{_ASK} {_BRUISE}",
    "anticoagulant": f"{_ASK} Do not stop a medicine on your own. {_BRUISE}",
    "other_spinal": f"{_ASK} {_WORSE}",
    "recent_trauma": (
        f"{_STOP} Wait until a doctor has looked at the injury and says you can go on. "
        f"{_KEEP} {_WORSE}"
    ),
    "severe": f"{_ASK} {_NERVES}",
    "open_hold": (
        f"{_STOP} Read the other message in the app, and do what it says. "
        f"Wait until it has ended or a doctor says you can go on. {_KEEP} {_WORSE}"
    ),
    "skin": (
        f"Stop massage at that place for now. Wait until the skin there has healed. {_KEEP} "
        "Show it to your doctor if it gets red, hot or wet."
    ),
    "reaction": (
        f"{_STOP} Wait until the skin has healed, then leave out that oil or cream. {_KEEP} "
        "Call your doctor if the skin gets worse. "
        "Call {emergency_number} at once if your face swells or you cannot breathe well."
    ),
    "no_approval": (
        f"{_STOP} Ask your doctor if you may have massage, and enter the answer in the app. "
        f"{_KEEP} {_WORSE}"
    ),
}


def _held(code: str) -> Text:
    """The text that names this code first; the reason names all that were found."""
    return Text(
        key=f"hold.contraindicated.{code}",
        version=1,
        level=2,
        title="Stop massage for now",
        advice=_ADVICE[code],
        why=_WHY,
        why_plain=_WHY.format(codes=_CODES[code]),
        phrases={"codes": _CODES},
    )


TEXTS = (
    *map(_held, _CODES),
    Text(
        key="adjust.product_allergy",
        version=1,
        level=1,
        title="Use another oil or cream",
        advice=(
            "Use another oil or cream next time. "
            "Show your list of allergies before the massage starts. "
            "Call your doctor if your skin itches or swells."
        ),
        why="The oil or cream of this massage is like something on your list of allergies.",
    ),
    Text(
        key="doctor.infection_fever",
        version=1,
        level=3,
        title="Call your doctor today",
        advice=(
            "Call your doctor today. Say that you have an infection and feel ill. "
            + NO_DOCTOR_TODAY
        ),
        why="Your record shows an infection, and you told us of a fever or that you feel ill.",
    ),
)
