"""The questions about warning signs, for an app to ask; each is answered as the diary says."""

QUESTIONS = {
    "bladder": "小便有问题吗？比如排不出来、憋不住，或者感觉不到？",
    "bowel": "大便有问题吗？比如憋不住，或者感觉不到？",
    "saddle_numbness": "两腿之间或肛门周围发麻吗？",
    "both_legs_pain": "两条腿都有往下窜的疼痛吗？",
    "both_legs_weak_or_numb": "两条腿都没力气或者发麻吗？",
    "gait_unsteady": "走路不稳，或者腿发软吗？",
    "hands_clumsy": "双手变得不灵活吗？扣扣子或写字困难吗？",
    "sexual_change": "性生活中的感觉有变化吗？",
}
