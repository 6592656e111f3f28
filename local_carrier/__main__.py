"""The command line: python -m local_carrier --port 8010."""

import argparse
import sys
from dataclasses import replace

import uvicorn

from . import settings
from .app import build
from .personas import cast
from .wire import Cuttable

STOP_SECONDS = 3  # a request that the fault plan lets hang must not hold up the end


def main(arguments: list[str] | None = None) -> int:
    """Run the carrier until it is stopped."""
    options = _options().parse_args(arguments)
    try:
        told = replace(
            settings.account(),
            seed=options.seed,
            inbound_url=options.inbound_url,
            regions=frozenset(options.regions.split(",")),
            keywords=options.keywords == "on",
            delivery_seconds=options.delivery_seconds,
            requests_per_second=options.requests_per_second,
            texts_per_second=options.texts_per_second,
            calls_per_second=options.calls_per_second,
            calls_at_once=options.calls_at_once,
            dialled=options.dialled,
        )
        people = cast.load(options.personas)
    except (settings.MissingSettingsError, cast.BadPersonaError, OSError) as error:
        sys.stderr.write(f"local carrier: {error}\n")
        return 2
    app = Cuttable(build(told, people))
    # Access logs carry customers' numbers, so there are none.
    uvicorn.run(
        app,
        host=options.host,
        port=options.port,
        access_log=False,
        log_level="warning",
        lifespan="on",
        timeout_graceful_shutdown=STOP_SECONDS,
    )
    return 0


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("local_carrier", description="A Twilio for texts and calls on this machine.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8010)
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same people and the same luck")
    parser.add_argument("--inbound-url", default="", help="where the owned numbers post what handsets send")
    parser.add_argument("--personas", help="a YAML file of weights by persona, or none: nobody answers by itself")
    parser.add_argument(
        "--keywords", choices=["on", "off"], default="on", help="the carrier's own STOP, START and HELP"
    )
    parser.add_argument("--regions", default=settings.REGIONS, help="countries that may be texted and called")
    parser.add_argument("--delivery-seconds", type=float, default=settings.DELIVERY_SECONDS)
    parser.add_argument("--requests-per-second", type=float, default=settings.REQUESTS_PER_SECOND, help="0: no limit")
    parser.add_argument("--texts-per-second", type=float, default=0, help="how fast one number sends; 0: no limit")
    parser.add_argument(
        "--calls-per-second", type=float, default=settings.CALLS_PER_SECOND, help="above it calls queue; 0: no limit"
    )
    parser.add_argument("--calls-at-once", type=int, default=0, help="above it calls are refused; 0: no limit")
    parser.add_argument(
        "--dialled", choices=["answer", "busy", "no_answer", "invalid"], default="answer", help="what comes of a <Dial>"
    )
    parser.add_argument("--data", help="accepted for symmetry with other processes; everything is kept in memory")
    return parser


if __name__ == "__main__":
    sys.exit(main())
