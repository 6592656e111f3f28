"""The list of conversations: filters, words, saved views."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated
from urllib.parse import parse_qsl
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from outreach.clock import machine_now
from outreach.conversations import finding
from outreach.conversations.finding import Filters
from outreach.model import ConversationState
from outreach.rules.channel import Channel
from outreach.scripts import rating
from outreach.scripts.names import intents, outcomes
from outreach.staff import saved_views
from outreach.staff.permissions import Permission
from outreach.web.console import downloads
from outreach.web.console.bounds import plain
from outreach.web.console.desk import Desk, nothing
from outreach.web.console.guard import For
from outreach.web.console.reading import Asked, Sent, given
from outreach.web.console.rendering import link
from outreach.web.console.tables import Tables

router = APIRouter()

LIST = "/conversations"
RATINGS = range(rating.WORST, rating.BEST + 1)


@dataclass(frozen=True)
class NewView:
    """A search to be kept."""

    name: str = ""
    query: str = ""


@router.get(LIST + ".{form}")
def export(
    desk: Annotated[Desk, For(Permission.READ_CONVERSATIONS)], form: str, filters: Annotated[Filters, Asked(Filters)]
) -> Response:
    """All that match, as a file, without what was said; that they were taken away is in the audit."""
    form = downloads.form_of(form)
    with desk.runtime.sessions.begin() as db:
        every = replace(filters, after="")
        rows = finding.find(db, every, desk.person.branch_id, downloads.MOST_ROWS + 1).rows
        downloads.whole(rows)
        desk.note(db, "conversations_exported", asked=given(every), form=form, rows=len(rows))
    return downloads.table(Tables(desk.person, desk.language).conversations(rows), "conversations", form)


@router.get(LIST)
def list_conversations(
    desk: Annotated[Desk, For(Permission.READ_CONVERSATIONS)], filters: Annotated[Filters, Asked(Filters)]
) -> Response:
    """What matches, the newest first. That it was looked for is in the audit."""
    with desk.runtime.sessions.begin() as db:
        desk.note(db, "conversations_listed", asked=given(filters))
        found = finding.find(db, filters, desk.person.branch_id)
        choices = finding.choices(db, desk.person.branch_id)
        views = saved_views.of(db, desk.person.id)
    return desk.page(
        "conversations.html", found=found, choices=choices, views=views, filters=filters, outcomes=outcomes(),
        intents=intents(), grades=sorted({one.grade for one in outcomes().values()}), channels=list(Channel),
        states=list(ConversationState), ratings=RATINGS, names_shown=desk.person.may(Permission.SEE_NAMES),
    )  # fmt: skip


@router.post("/views")
def save_view(
    desk: Annotated[Desk, For(Permission.READ_CONVERSATIONS)], view: Annotated[NewView, Sent(NewView)]
) -> Response:
    """Keep the search under a name."""
    query = {name: plain(value) for name, value in parse_qsl(view.query) if name not in {"after", "done"}}
    with desk.runtime.sessions.begin() as db:
        kept = saved_views.save(db, desk.person.id, view.name, query, machine_now())
        if kept:
            desk.note(db, "view_saved", desk.person.id)
    return desk.go(link(LIST, query), done="saved" if kept else "view_not_saved")


@router.delete("/views/{view_id}")
def remove_view(desk: Annotated[Desk, For(Permission.READ_CONVERSATIONS)], view_id: UUID) -> Response:
    """Forget one of one's own."""
    with desk.runtime.sessions.begin() as db:
        saved_views.remove(db, desk.person.id, view_id)
        desk.note(db, "view_removed", view_id)
    return nothing()
