"""The questions about warning signs, for an app to ask; each is answered as the diary says."""

QUESTIONS = {
    "bladder": (
        "Do you have trouble with your bladder? Can you not pass water, or not hold it, or not "
        "feel it?"
    ),
    "bowel": "Do you have trouble with your bowel? Can you not hold it, or not feel it?",
    "saddle_numbness": "Do you feel numb between your legs, or around your back passage?",
    "both_legs_pain": "Do you have pain that runs down both legs?",
    "both_legs_weak_or_numb": "Are both legs weak or numb?",
    "gait_unsteady": "Are you unsteady when you walk, or do your legs give way?",
    "hands_clumsy": "Are your hands clumsy? Is it hard to do up buttons or to write?",
    "sexual_change": "Has feeling changed during sex?",
}
