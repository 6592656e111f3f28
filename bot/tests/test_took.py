"""What a turn took is told part by part."""

import re

from bot.channels.took import Took


def test_each_part_is_named_in_order():
    took = Took()
    for part in ("nlu", "rules", "action"):
        took.part(part)
    assert re.fullmatch(r"nlu;dur=\d+\.\d\d, rules;dur=\d+\.\d\d, action;dur=\d+\.\d\d", str(took))
