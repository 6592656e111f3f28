"""Where the project keeps what is read at run time: configuration, scripts, migrations."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CONFIG = ROOT / "config"
SCRIPTS = ROOT / "scripts_templates"
SEGMENTS = ROOT / "segments"
CAMPAIGNS = ROOT / "campaigns"
MIGRATIONS = ROOT / "migrations"
CORRECTIONS = ROOT / "data" / "corrections.yml"
