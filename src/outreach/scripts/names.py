"""The fixed names that scripts, rules, outcomes and reports share; one copy of each catalogue in `config/`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from outreach import documents
from outreach.places import CONFIG

EVENTS = ("digit", "silence", "hang_up", "machine", "empty")
"""What a channel reports instead of words."""

DERIVED = ("nlu_fallback", "opt_out_unsure", "said_before", "secret_given")
"""Readings that no customer's words are labelled with: the model was not sure; they said it before; they gave a secret."""

EVENTS_OF: Mapping[str, frozenset[str]] = {
    "sms": frozenset({"digit", "empty"}),
    "voice": frozenset({"digit", "silence", "hang_up", "machine"}),
}
"""Which of them each channel can report."""

OWN_LINES: Mapping[str, tuple[str, ...]] = {
    "sms": ("rephrase", "rephrase_again"),
    "voice": (
        "rephrase",
        "rephrase_again",
        "hold_on",
        "callback_soon",
        "machine_message",
        "transfer_failed",
        "whisper",
    ),
}
"""Lines that no step names: what the core says when a reply was not understood, or a call takes a turn of its own."""

COLLECTED = ("visit_time",)
"""What a step can ask for."""

KEPT = ("visit_time", "callback_time", "party_size")
"""What a reply can put aside for later."""

DOES: Mapping[str, frozenset[str]] = {
    "book_visit": frozenset({"booked", "full", "closed", "past", "unclear", "which_branch", "branch_unknown"}),
    "cancel_visit": frozenset({"cancelled", "none"}),
    "request_callback": frozenset({"noted"}),
    "note_branch": frozenset({"noted", "several", "unknown"}),
    "hand_over": frozenset({"handed_over", "transferring"}),
    "withdraw_consent": frozenset({"withdrawn"}),
    "restore_consent": frozenset({"restored"}),
    "file_complaint": frozenset({"filed"}),
    "close_number": frozenset({"closed"}),
    "check_claim": frozenset({"filed"}),
    "stop_calls": frozenset({"stopped", "stopped_here"}),
    "stop_texts": frozenset({"stopped", "stopped_here"}),
}
"""What a step can ask the core to do, and the results the core answers with."""

RESULTS_OF_CALLS = frozenset({"transferring"})
"""Results that only a call can have."""

PROPOSES = ("rating_given", "party_size_stated", "machine_heard")
"""Events that a reply proposes beside its line, none of which changes the way."""

TASKS = ("activity", "referral", "card_lost", "closing", "late_reply", "claim_check")
"""Staff tasks that a reply can raise."""

FACTS = (
    "customer.name", "customer.surname", "customer.honorific",
    "card.tail", "card.product",
    "branch.name", "branch.address", "branch.hours",
    "manager.name", "manager.phone",
)  # fmt: skip
"""Facts about a customer that a script may declare."""

ALWAYS = ("bank.name", "bank.hotline", "bank.signature")
"""Facts about the bank, which every line may name."""

COMPUTED = (
    "visit.when",
    "visit.branch",
    "visit.address",
    "visit.people",
    "chosen.branch",
    "chosen.among",
    "callback.when",
    "offered.day",
    "opens.when",
    "call.recorded",
)
"""Facts that arise in the conversation, which every line may name."""

AFTER_REPLY_ONLY = ("card.tail", "branch.name", "branch.address", "branch.hours")
"""What an opening text must not contain: only after the customer has replied (compliance.md, Texts)."""


@dataclass(frozen=True)
class Outcome:
    """How an attempt can end."""

    name: str
    grade: str
    retry: str


@cache
def intents() -> tuple[str, ...]:
    """Every intent of the catalogue."""
    return tuple(documents.read_file(CONFIG / "intents.yml").root["intents"])


@cache
def examples() -> Mapping[str, tuple[str, ...]]:
    """How each intent sounds, by a few of its phrases."""
    listed = documents.read_file(CONFIG / "intents.yml").root["intents"]
    return {str(name): tuple(str(phrase) for phrase in entry.get("like", ())) for name, entry in listed.items()}


@cache
def outcomes() -> Mapping[str, Outcome]:
    """Every outcome of the catalogue, by name."""
    listed = documents.read_file(CONFIG / "outcomes.yml").root["outcomes"]
    return {str(name): Outcome(str(name), str(entry["grade"]), str(entry["retry"])) for name, entry in listed.items()}
