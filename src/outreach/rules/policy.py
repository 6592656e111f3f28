"""The bank's policy: windows, caps, countries, budgets and retention, as read from config/policy.yml.

The figures in `Field(...)` are the bounds: a bank may set them tighter, and loosening one is a change of this file that compliance reviews.
"""

import hashlib
from dataclasses import dataclass, fields
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from outreach import documents
from outreach.documents import Refused
from outreach.explained import Explained
from outreach.rules.destinations import Countries
from outreach.rules.retention import Keep, Retention
from outreach.rules.windows import Window, Windows

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

STRICT = ConfigDict(
    extra="forbid"
)  # an unknown key is a spelling mistake, and the setting that was meant would be lost


@dataclass(frozen=True, kw_only=True)
class Caps:
    """How often the bank may contact a customer of its own accord, over all campaigns."""

    __pydantic_config__ = STRICT
    calls_per_day: Annotated[int, Field(strict=True, ge=1, le=1)]
    contacts_per_7_days: Annotated[int, Field(strict=True, ge=1, le=3)]


@dataclass(frozen=True, kw_only=True)
class Answers:
    """What counts as an answer, and how many may leave by themselves."""

    __pydantic_config__ = STRICT
    window_hours: Annotated[int, Field(strict=True, ge=1, le=24)]
    automatic_per_hour: Annotated[int, Field(strict=True, ge=1, le=10)]


@dataclass(frozen=True, kw_only=True)
class FollowUp:
    """When silence becomes an outcome."""

    __pydantic_config__ = STRICT
    no_reply_hours: Annotated[int, Field(strict=True, ge=1, le=168)]


@dataclass(frozen=True, kw_only=True)
class Text:
    """How long one text may be."""

    __pydantic_config__ = STRICT
    most_segments: Annotated[int, Field(strict=True, ge=1, le=2)]


@dataclass(frozen=True, kw_only=True)
class Ages:
    """Who is too young to be reached, and from when on extra care is due."""

    __pydantic_config__ = STRICT
    minimum_years: Annotated[int, Field(strict=True, ge=18, le=120)]
    care_from_years: Annotated[int, Field(strict=True, ge=18, le=65)]
    care_highest_product_risk: Annotated[int, Field(strict=True, ge=0, le=2)]


@dataclass(frozen=True, kw_only=True)
class Policy:
    """Everything the rules compare with; one value per file content, named by its hash."""

    __pydantic_config__ = STRICT
    version: Literal[1]
    contact_windows: Windows
    caps: Caps
    answers: Answers
    follow_up: FollowUp
    text: Text
    ages: Ages
    countries: Countries
    retention: Retention
    hash: str  # sha256 of the file, stored with every verdict


class PolicyError(Explained):
    """The policy file cannot be used."""


def read_policy(path: Path | str) -> Policy:
    """Read and check the policy; an error names the file, the key and what would be right."""
    path = Path(path)
    try:
        written = path.read_bytes()
        content = documents.plain(documents.read(written.decode("utf-8-sig"), str(path)).root)
    except (OSError, UnicodeError) as error:
        msg = f"{path}: cannot be read: {error}"
        raise PolicyError(msg) from error
    except Refused as refused:
        raise PolicyError(str(refused)) from None
    if "hash" in content:
        msg = f"{path}: hash: unknown key; it is computed from the file"
        raise PolicyError(msg)
    try:
        return TypeAdapter(Policy).validate_python(content | {"hash": hashlib.sha256(written).hexdigest()})
    except ValidationError as error:
        raise PolicyError("\n".join(f"{path}: {_sentence(problem)}" for problem in error.errors())) from error


def _sentence(problem: "ErrorDetails") -> str:
    """Say what is wrong with one setting and what would be right."""
    *_, key = where = [str(part) for part in problem["loc"]]
    if problem["type"] != "unexpected_keyword_argument":
        return f"{'.'.join(where)}: {problem['msg']} (found {problem['input']!r})"
    meant = get_close_matches(key, _KEYS, n=1)
    return f"{'.'.join(where)}: unknown key; {f'write {meant[0]}' if meant else 'take it out'}"


# Every setting's name, to find the one that a misspelt key means.
_PARTS = (Policy, Windows, Window, Caps, Answers, FollowUp, Text, Ages, Keep)
_KEYS = [setting.name for part in _PARTS for setting in fields(part)]
