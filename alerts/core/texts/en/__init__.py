"""English. Plain words, the action first; what each part may say is tested."""

from alerts.core.texts.en import after_massage, messages, red_flags, service
from alerts.core.texts.shape import Catalogue

CATALOGUE = Catalogue(
    language="en",
    tags=(),
    texts={**red_flags.TEXTS, **after_massage.TEXTS, **service.TEXTS},
    safety_net=messages.SAFETY_NET,
    safety_net_neck=messages.SAFETY_NET_NECK,
    if_still_so=messages.IF_STILL_SO,
    number_unknown=messages.NUMBER_UNKNOWN,
    headlines=messages.HEADLINES,
    push_lines=messages.PUSH_LINES,
    mails=messages.MAILS,
)
