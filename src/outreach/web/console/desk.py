"""What a route works with: the product behind it, who asks, and how to answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlmodel import Session

from outreach.model import AuditEntry
from outreach.runtime import Runtime
from outreach.staff.person import Person
from outreach.web.console import languages
from outreach.web.console.cookies import Cookies
from outreach.web.console.rendering import Pages

NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True)
class Lobby:
    """A request of somebody who may not have signed in."""

    request: Request

    @property
    def runtime(self) -> Runtime:
        """The product."""
        return self.request.app.state.runtime  # type: ignore[no-any-return]

    @property
    def cookies(self) -> Cookies:
        """The cookies."""
        return Cookies(self.runtime.settings.console_url)

    @property
    def address(self) -> str:
        """Where the request comes from."""
        return self.request.client.host if self.request.client else ""

    @property
    def language(self) -> str:
        """The language of the answer."""
        return languages.choose(self.cookies.language(self.request), self.request.headers.get("accept-language"))

    def page(self, template: str, status: int = 200, **known: Any) -> HTMLResponse:
        """Answer with a page, or with the part of one that htmx asked for."""
        return self._render(template, status, {"person": None, **known})

    def go(self, path: str, done: str | None = None) -> RedirectResponse:
        """Answer that it is done (a word of `notices`), and go to a page."""
        mark = f"{'&' if '?' in path else '?'}done={done}" if done else ""
        return RedirectResponse(path + mark, status_code=303)

    def _render(self, template: str, status: int, known: dict[str, Any]) -> HTMLResponse:
        pages: Pages = self.request.app.state.pages
        return HTMLResponse(pages.render(template, self.request, self.language, known), status_code=status)


@dataclass(frozen=True)
class Desk(Lobby):
    """A request of somebody who is signed in."""

    person: Person

    def page(self, template: str, status: int = 200, **known: Any) -> HTMLResponse:
        """Answer with a page, or with the part of one that htmx asked for."""
        return self._render(template, status, {"person": self.person, **known})

    def note(
        self, db: Session, verb: str, what: UUID | None = None, why: str = "", *, asked: Mapping[str, str] = NOTHING,
        **details: Any,
    ) -> None:  # fmt: skip
        """Write down what this person does, in the transaction that does it; `asked` is what they looked for."""
        entry = AuditEntry(
            at=self.runtime.clock.now(),
            who=self.person.login,
            verb=verb,
            what=what,
            why=why,
            details={**asked, **details},
        )
        db.add(entry)


def nothing() -> Response:
    """Answer without a body."""
    return Response(status_code=204)
