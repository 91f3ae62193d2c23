"""A text in Simplified Chinese."""

from functools import partial

from alerts.core.texts.shape import Text

LANGUAGE = "zh-Hans"
told = partial(Text, language=LANGUAGE)
