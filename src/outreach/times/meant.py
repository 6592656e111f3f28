"""Which of the times in a message the customer means: not those they decline, and after a correction the corrected."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from outreach.times.corrections import taken_back
from outreach.times.declined import declined
from outreach.times.gives_way import gives_way
from outreach.times.groups import Group
from outreach.times.named import Named


def meant(text: str, groups: list[Group]) -> list[Group]:
    """The mentions that stand, in the order of the corrections: each list overrules the ones before it."""
    refused = [group for group in groups if declined(text, group, groups)]
    accepted = [group for group in groups if group not in refused and not _refused_later(group, refused)]
    left = [group for group in accepted if not _yields(text, group, groups, accepted)]
    standing = [one for group in left or accepted for one in group]
    dropped = [group for group in groups if group not in (left or accepted)]
    standing = sorted([*_still_meant(dropped, standing), *standing], key=lambda one: one.start)
    edges = [-1, *taken_back(text, groups), len(text) + 1]
    parts = ([one for one in standing if first <= one.start < last] for first, last in pairwise(edges))
    return [part for part in parts if part]


def _refused_later(group: Group, refused: Sequence[Group]) -> bool:
    """Whether the day of a group is turned down further on: 明天吧，哦，明天我有事."""
    return any(
        one[0].start > group[0].start and [day.date for day in one] == [day.date for day in group if day.date]
        for one in refused
    )


def _yields(text: str, group: Group, groups: list[Group], accepted: list[Group]) -> bool:
    return gives_way(text, group, groups, [other for other in accepted if other is not group])


def _still_meant(dropped: Sequence[Group], standing: Sequence[Named]) -> list[Named]:
    """What stands of groups that do not: 明天下午不行，上午可以 is still about tomorrow."""
    finer = any(one.part or one.hour for one in standing)
    days = [one for group in dropped for one in group if one.date and any(other.part or other.hour for other in group)]
    parts = [one for group in dropped for one in group if one.part and any(other.hour for other in group)]
    return [
        *(days[-1:] if finer and not any(one.date for one in standing) else []),
        *(parts[-1:] if any(one.hour for one in standing) and not any(one.part for one in standing) else []),
    ]
