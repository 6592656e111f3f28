"""Run Rasa for the core: `uv run --project bot python -m bot.serve --port 5005 --interface 127.0.0.1`."""

from __future__ import annotations

import argparse
from typing import Any

from bot.environment import MODELS, ROOT, prepare


def main() -> None:
    """Serve our channel with our agent, and a quiet log."""
    options = argparse.ArgumentParser(prog="bot.serve", description=__doc__)
    options.add_argument("--port", type=int, default=5005)
    options.add_argument("--interface", default="127.0.0.1")
    options.add_argument("--model", default=str(MODELS), help="a model, or the folder whose newest is taken")
    given = options.parse_args()
    prepare()
    application(given.model).run(host=given.interface, port=given.port, access_log=False)


def application(model: str) -> Any:
    """What `rasa run` would serve, with an agent of ours."""
    # Rasa reads its environment on import.
    from rasa.core.run import configure_app, create_http_input_channels  # noqa: PLC0415
    from rasa.utils import endpoints  # noqa: PLC0415
    from rasa.utils.common import configure_logging_and_warnings  # noqa: PLC0415
    from rasa.utils.log_utils import configure_structlog  # noqa: PLC0415

    from bot.turns.agent import TurnAgent  # noqa: PLC0415

    configure_logging_and_warnings()
    configure_structlog()  # without it, every text would be printed
    channels = create_http_input_channels(None, str(ROOT / "bot/credentials.yml"))
    actions = endpoints.read_endpoint_config(str(ROOT / "bot/endpoints.yml"), "action_endpoint")
    app = configure_app(channels, enable_api=False)

    async def load(app: Any, _loop: Any) -> None:
        app.ctx.agent = TurnAgent.of(model, actions.url)

    async def close(app: Any, _loop: Any) -> None:
        await app.ctx.agent.close()

    app.register_listener(load, "before_server_start")
    app.register_listener(close, "after_server_stop")
    return app


if __name__ == "__main__":
    main()
