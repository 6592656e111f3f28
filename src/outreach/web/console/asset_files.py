"""The files that pages are drawn with: ours, and those of packages from npm (`console_assets/`). Nothing else is served."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from outreach.places import ROOT

OURS = ROOT / "src" / "outreach" / "web" / "console" / "assets"
PACKAGES = ROOT / "console_assets" / "node_modules"

FILES: Mapping[str, Path] = {
    "pico.css": PACKAGES / "@picocss" / "pico" / "css" / "pico.min.css",
    "htmx.js": PACKAGES / "htmx.org" / "dist" / "htmx.min.js",
    "echarts.js": PACKAGES / "echarts" / "dist" / "echarts.min.js",
    "console.css": OURS / "console.css",
    "console.js": OURS / "console.js",
    "charts.js": OURS / "charts.js",
    "icon.svg": OURS / "icon.svg",
}


@cache
def version(name: str) -> str:
    """Some letters of the content's hash: a changed file has a new address, so browsers may keep the old for ever."""
    return hashlib.sha256(FILES[name].read_bytes()).hexdigest()[:12]


def missing() -> list[str]:
    """Files that are not there; `make environments` installs the packages."""
    return [name for name, path in FILES.items() if not path.exists()]
