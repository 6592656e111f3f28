"""How words sound, so that what is misheard or mistyped still meets: 成南 is 城南, 高兴区 is 高新区."""

from __future__ import annotations

from functools import lru_cache

MERGED = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ing", "in"), ("eng", "en"), ("ang", "an"))
"""Sounds that many speakers and most recognisers do not keep apart."""


@lru_cache(maxsize=4096)
def sounds(words: str) -> tuple[str, ...]:
    """One sound for each character, without tones; what is no Chinese character stands for itself."""
    from pypinyin import lazy_pinyin

    return tuple(_merged(lazy_pinyin(character)[0]) for character in words)


def _merged(sound: str) -> str:
    if sound.startswith("l") and len(sound) > 1:
        sound = f"n{sound[1:]}"
    for apart, together in MERGED:
        sound = sound.replace(apart, together)
    return sound
