"""Chinese and English: messages are written in English in the code, and in Chinese in `translations/zh`.

`console.po` holds what the pages say (`make translations` collects it), `words.po` the names of outcomes, intents,
states and roles, which are English words in the code.
"""

from __future__ import annotations

import gettext
from functools import cache
from io import BytesIO

from babel import negotiate_locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from outreach.places import ROOT

CHINESE, ENGLISH = "zh", "en"
LANGUAGES = {CHINESE: "中文", ENGLISH: "English"}
TRANSLATIONS = ROOT / "src" / "outreach" / "web" / "console" / "translations"
CATALOGS = ("console.po", "words.po")


def choose(chosen: str | None, accepted: str | None) -> str:
    """The language somebody chose in the page, else the one their browser asks for, else Chinese."""
    if chosen in LANGUAGES:
        return chosen
    asked = [part.split(";")[0].strip().split("-")[0] for part in (accepted or "").split(",")]
    return negotiate_locale(asked, list(LANGUAGES)) or CHINESE


@cache
def translations(language: str) -> gettext.NullTranslations:
    """The messages of a language; compiled here, so that nothing can be out of date."""
    if language == ENGLISH:
        return gettext.NullTranslations()
    found = gettext.NullTranslations()
    for name in CATALOGS:
        catalog = _compiled(TRANSLATIONS / language / "LC_MESSAGES" / name)
        catalog.add_fallback(found)
        found = catalog
    return found


def _compiled(path: object) -> gettext.GNUTranslations:
    with open(str(path), "rb") as file:  # noqa: PTH123 - babel reads bytes
        catalog = read_po(file)
    compiled = BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
