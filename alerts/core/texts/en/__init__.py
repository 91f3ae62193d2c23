"""English. Plain words, the action first; what each part may say is tested."""

from alerts.core.texts.en import (
    after_massage,
    contraindicated,
    dose,
    during_massage,
    education,
    messages,
    nerves,
    pain,
    questions,
    red_flags,
    service,
    staff,
)
from alerts.core.texts.shape import Catalogue, by_key

CATALOGUE = Catalogue(
    language="en",
    speaks=frozenset({"en"}),
    texts=by_key(
        *red_flags.TEXTS,
        *nerves.TEXTS,
        *pain.TEXTS,
        *during_massage.TEXTS,
        *after_massage.TEXTS,
        *contraindicated.TEXTS,
        *dose.TEXTS,
        *service.TEXTS,
    ),
    cards=by_key(*education.CARDS),
    grammar=messages.GRAMMAR,
    safety_net=messages.SAFETY_NET,
    safety_net_neck=messages.SAFETY_NET_NECK,
    if_still_so=messages.IF_STILL_SO,
    number_unknown=messages.NUMBER_UNKNOWN,
    headlines=messages.HEADLINES,
    push_lines=messages.PUSH_LINES,
    mails=messages.MAILS,
    clinic_mails=staff.MAILS,
    questions=questions.QUESTIONS,
    failures=staff.FAILURES,
)
