"""Put the console's pages on the bank's door."""

from __future__ import annotations

from fastapi import FastAPI

from outreach.runtime import Runtime
from outreach.web.console import problems
from outreach.web.console.pages import (
    account,
    answering,
    assets,
    audit,
    campaign,
    campaign_draft,
    campaigns,
    conversation,
    conversations,
    customers,
    home,
    language,
    lost_contacts,
    oidc,
    operations,
    review,
    review_sheet,
    script,
    script_draft,
    script_trial,
    script_version,
    scripts,
    sign_in,
    staff,
    task,
    tasks,
    visits,
    welcome,
)
from outreach.web.console.rendering import Pages
from outreach.web.console.safety import Safety

PAGES = (
    assets,
    sign_in,
    oidc,
    welcome,
    language,
    home,
    conversations,
    conversation,
    answering,
    review,
    review_sheet,
    tasks,
    task,
    visits,
    customers,
    lost_contacts,
    operations,
    account,
    campaigns,
    campaign_draft,
    campaign,
    scripts,
    script,
    script_version,
    script_draft,
    script_trial,
    staff,
    audit,
)
"""Every page; each has a `router` whose routes name their permission."""


def add(app: FastAPI, runtime: Runtime) -> None:
    """Add every page, what keeps them safe, and what is said when something is wrong."""
    app.state.runtime = runtime
    runtime.checklist  # noqa: B018 - what is wrong in the file is said now, not on somebody's page
    app.state.pages = Pages(runtime.settings.console_url)
    app.add_middleware(Safety, origin=runtime.settings.console_url)
    problems.handle(app)
    for page in PAGES:
        app.include_router(page.router)
