"""What a model reads: `uv run --project bot python -m bot.read MODEL < texts.json > readings.json`.

In: ["下午吧", …]. Out: [{"intent": "inform_time", "ranking": [["inform_time", 0.93], …]}, …], in the same order.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

from bot.environment import prepare

RUNNERS_UP = 5


def main() -> None:
    """Read every text with one model."""
    options = argparse.ArgumentParser(prog="bot.read", description=__doc__)
    options.add_argument("model", type=Path)
    given = options.parse_args()
    texts = json.load(sys.stdin)
    prepare()
    with redirect_stdout(sys.stderr):  # Rasa and Jieba print, too
        answer = asyncio.run(readings(given.model, texts))
    json.dump(answer, sys.stdout, ensure_ascii=False)


async def readings(model: Path, texts: list[str]) -> list[dict[str, Any]]:
    """The intent and the ranking for each text."""
    from rasa.core.agent import Agent  # noqa: PLC0415 - the environment comes first
    from rasa.core.channels.channel import UserMessage  # noqa: PLC0415
    from rasa.utils.log_utils import configure_structlog  # noqa: PLC0415

    configure_structlog()  # or Rasa prints every text
    agent = Agent.load(str(model))
    parsed = [await agent.processor.parse_message(UserMessage(text)) for text in texts]
    return [{"intent": one["intent"]["name"], "ranking": _ranking(one)} for one in parsed]


def _ranking(parsed: dict[str, Any]) -> list[list[Any]]:
    return [
        [entry["name"], entry["confidence"]] for entry in parsed["intent_ranking"] if entry["name"] != "nlu_fallback"
    ][:RUNNERS_UP]


if __name__ == "__main__":
    main()
