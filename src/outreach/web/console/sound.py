"""A recording on its way to a player, which asks for parts of it where somebody moves on to another place (RFC 9110, 14)."""

from __future__ import annotations

import io
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from os import stat_result
from typing import Any

import anyio
from fastapi.responses import FileResponse


class Sound(FileResponse):
    """Answers as for a file, parts of it included; the sound itself is never written to a disk unsealed."""

    def __init__(self, content: bytes, media_type: str, made_at: datetime) -> None:
        self.content = content
        size, made = len(content), int(made_at.timestamp())
        found = stat_result((stat.S_IFREG, 0, 0, 1, 0, 0, size, made, made, made))
        super().__init__("sound", media_type=media_type, stat_result=found)

    @asynccontextmanager
    async def _open_file(self) -> AsyncIterator[Any]:
        yield anyio.wrap_file(io.BytesIO(self.content))
