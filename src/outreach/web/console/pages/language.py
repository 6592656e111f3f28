"""The language of the pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter
from fastapi.responses import Response

from outreach.web.console.desk import Lobby
from outreach.web.console.guard import Anybody
from outreach.web.console.pages.sign_in import own_path
from outreach.web.console.reading import Sent

router = APIRouter()


@dataclass(frozen=True)
class Choice:
    """A language, and the page it was chosen on."""

    language: Literal["zh", "en"]
    back: str = "/"


@router.post("/language")
def choose_language(lobby: Annotated[Lobby, Anybody()], choice: Annotated[Choice, Sent(Choice)]) -> Response:
    """Show everything in a language from now on."""
    answer = lobby.go(own_path(choice.back))
    lobby.cookies.speak(answer, choice.language)
    return answer
