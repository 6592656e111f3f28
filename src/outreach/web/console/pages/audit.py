"""Who did what: a search over the audit."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from fastapi.responses import Response

from outreach.staff import audit_search
from outreach.staff.audit_search import AuditFilters
from outreach.staff.permissions import Permission
from outreach.web.console.desk import Desk
from outreach.web.console.guard import For
from outreach.web.console.reading import Asked, given

router = APIRouter()


@router.get("/audit")
def search(
    desk: Annotated[Desk, For(Permission.READ_AUDIT)], filters: Annotated[AuditFilters, Asked(AuditFilters)]
) -> Response:
    """Entries that match, the latest first; that they were looked at is one of them from then on."""
    with desk.runtime.sessions.begin() as db:
        found, verbs = audit_search.find(db, filters), audit_search.verbs(db)
        desk.note(db, "audit_searched", asked=given(filters))
    return desk.page("audit.html", found=found, verbs=verbs, filters=filters)
