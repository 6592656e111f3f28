"""The bank's door: the staff console, detailed health and metrics. Bound to the inside."""

from __future__ import annotations

from typing import Any

import prometheus_client
from fastapi import FastAPI, Response

from outreach.runtime import Runtime
from outreach.web import health
from outreach.web.console import door


def build(runtime: Runtime) -> FastAPI:
    """The application of the bank's door."""
    app = FastAPI(title="Outreach: the bank's door", docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/health")
    def detailed_health() -> dict[str, Any]:
        """Every part with its word, the clock, the calendar and what waits."""
        return health.details(runtime)

    @app.get("/metrics")
    def metrics() -> Response:
        """What Prometheus reads."""
        health.measure(runtime)
        return Response(prometheus_client.generate_latest(), media_type=prometheus_client.CONTENT_TYPE_LATEST)

    door.add(app, runtime)
    return app
