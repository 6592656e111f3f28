"""Run Rasa for the core: `uv run --project bot python -m bot.serve --port 5005 --interface 127.0.0.1`."""

from __future__ import annotations

import argparse
import sys

from bot.environment import MODELS, ROOT, prepare


def main() -> None:
    """Start `rasa run` with our channel, our tracker store and a quiet log."""
    options = argparse.ArgumentParser(prog="bot.serve", description=__doc__)
    options.add_argument("--port", type=int, default=5005)
    options.add_argument("--interface", default="127.0.0.1")
    options.add_argument("--model", default=str(MODELS), help="a model, or the folder whose newest is taken")
    given = options.parse_args()
    prepare()
    sys.argv = ["rasa", "run", "--interface", given.interface, "--port", str(given.port), "--model", given.model]
    sys.argv += ["--credentials", str(ROOT / "bot/credentials.yml"), "--endpoints", str(ROOT / "bot/endpoints.yml")]

    from rasa.__main__ import main as rasa  # noqa: PLC0415 - reads its environment on import

    rasa()


if __name__ == "__main__":
    main()
