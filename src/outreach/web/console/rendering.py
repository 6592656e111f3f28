"""Draw pages: Jinja2 with everything escaped, in the language asked for, times as the bank's people read them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cache
from gettext import NullTranslations
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from outreach.clock import local
from outreach.places import ROOT
from outreach.rules.redaction import mask_numbers, mask_phone
from outreach.said import translated
from outreach.web.console import languages
from outreach.web.console.asset_files import version
from outreach.web.console.navigation import NAVIGATION
from outreach.web.console.notices import N_, NOTICES

TEMPLATES = ROOT / "src" / "outreach" / "web" / "console" / "templates"
MASK = "*"
WEEKDAYS = (N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"), N_("Fri"), N_("Sat"), N_("Sun"))


class Pages:
    """Renders the templates of one console."""

    def __init__(self, console_url: str) -> None:
        self.console_url = console_url

    def render(self, template: str, request: Request, language: str, known: Mapping[str, Any]) -> str:
        """One page, or part of one, as HTML."""
        return (
            environment(language)
            .get_template(template)
            .render(
                language=language,
                languages=languages.LANGUAGES,
                path=request.url.path,
                query=dict(request.query_params),
                nonce=request.state.nonce,
                notice=NOTICES.get(request.query_params.get("done", "")),
                navigation=NAVIGATION,
                **known,
            )
        )


@cache
def environment(language: str) -> Environment:
    """The templates in one language."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True, extensions=["jinja2.ext.i18n"],
    )  # fmt: skip
    spoken = languages.translations(language)
    made.install_gettext_translations(spoken, newstyle=True)  # type: ignore[attr-defined]
    made.globals.update(asset=_asset, link=link)
    made.filters.update(
        when=when, day=day, clock=clock, masked=masked, discreet=mask_numbers, without_name=without_name, json_word=json_word, weekday=lambda value: spoken.gettext(WEEKDAYS[value.weekday()]), phone=phone, lasting=lambda span: lasting(span, spoken), instant=instant,
        rows=lambda pairs: [[spoken.gettext(str(name).replace("_", " ")), *values] for name, *values in pairs],
        spoken=lambda text: translated(text, spoken.gettext), way=lambda value: _way(spoken, str(value)),
        word=lambda value: word(spoken, value),
    )  # fmt: skip
    return made


def word(spoken: NullTranslations, value: object) -> str:
    """What people call a word of the code."""
    return "" if value is None else spoken.gettext(str(value).replace("_", " "))


def _way(spoken: NullTranslations, label: str) -> str:
    """What leads from one step of a script to another: some words mean more there than elsewhere."""
    words = label.replace("_", " ")
    named = spoken.gettext(f"way {words}")
    return spoken.gettext(words) if named == f"way {words}" else named


def when(instant: datetime | None) -> str:
    """2026-11-24 09:30, at the bank."""
    return f"{local(instant):%Y-%m-%d %H:%M}" if instant else ""


def clock(instant: datetime | None) -> str:
    """09:30:05, at the bank."""
    return f"{local(instant):%H:%M:%S}" if instant else ""


def day(value: date | None) -> str:
    """2026-11-24."""
    return f"{value:%Y-%m-%d}" if value else ""


def masked(name: str, *, shown: bool) -> str:
    """A customer's name, all but the family name hidden where it is not to be shown."""
    return name if shown or not name else name[0] + MASK * max(len(name) - 1, 1)


def without_name(words: str, name: str, *, shown: bool) -> str:
    """What was said, with the customer's whole name masked in it where it is not to be shown."""
    return words if shown or len(name) < len("王芳") else words.replace(name, masked(name, shown=False))


def phone(number: str) -> str:
    """A number as most may see it: 138****8000."""
    return mask_phone(number.removeprefix("+86"))


def lasting(span: timedelta, spoken: NullTranslations) -> str:
    """1:05:09, or 8 d 1:05:09, as long as something lasts."""
    clock = str(timedelta(seconds=span.seconds))
    return spoken.gettext("%(days)s d %(clock)s") % {"days": span.days, "clock": clock} if span.days else clock


def instant(value: datetime | None) -> str:
    """2026-11-24T09:30, at the bank, as a form's field takes it."""
    return f"{local(value):%Y-%m-%dT%H:%M}" if value else ""


def json_word(value: object) -> str:
    """A value of the audit's details, short."""
    return value if isinstance(value, str) else ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def link(path: str, query: Mapping[str, Any], **changed: Any) -> str:
    """A path with the fields of a query, some of them changed; empty ones are left out."""
    fields = {key: value for key, value in {**query, **changed}.items() if value not in (None, "", False)}
    return f"{path}?{urlencode(fields)}" if fields else path


def _asset(name: str) -> str:
    """The address of a file that pages are drawn with; it changes with the content."""
    return f"/assets/{name}?v={version(name)}"
