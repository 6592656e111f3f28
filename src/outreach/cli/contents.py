"""Every command, in the order of the help: where it is, and what it does. Its module is imported when it is called."""

from __future__ import annotations

from typing import NamedTuple


class Entry(NamedTuple):
    """A command, or the noun of several."""

    where: str
    """Module and name: a function is one command, a Typer app several."""
    says: str


COMMANDS = {
    "up": Entry("up:up", "Migrate the store, publish the shipped scripts and run everything, until Ctrl-C."),
    "demo": Entry(
        "demo:demo",
        "Two weeks of campaigns with invented customers: texts, calls, tries and follow-ups, watched until Ctrl-C.",
    ),
    "contact": Entry("contact:contact", "Contact one customer now, creating the record if needed."),
    "stop": Entry("stops:stop", "Stop sending: everything, one campaign or one carrier."),
    "start": Entry("stops:start", "Lift a stop."),
    "stops": Entry("stops:listing", "List the stops that stand, the latest first."),
    "tasks": Entry("work:tasks", "List open tasks, the most urgent first."),
    "visits": Entry("work:visits", "List booked visits by day."),
    "doctor": Entry(
        "doctor:doctor",
        "Check keys, clock, database, stops, processes, callbacks, calendar and disk; exit 1 when something is wrong.",
    ),
    "backup": Entry("backup:backup", "Write the whole store into one file, as of one moment, while everything runs."),
    "restore": Entry(
        "backup:restore",
        "Bring a store back, then ask the carrier what was sent, called and heard since: nothing is sent again.",
    ),
    "web": Entry("processes:web", "Serve the two doors: the carrier's webhooks and the bank's pages."),
    "worker": Entry("processes:worker", "Plan, send, answer and settle, until stopped."),
    "actions": Entry("processes:actions", "Serve the Rasa actions: script steps, times, answers."),
    "bot": Entry("processes:bot", "Serve Rasa: NLU and rules, on one internal channel."),
    "carrier": Entry(
        "processes:carrier",
        "Run the local carrier: Twilio's API for texts and calls on this machine, with handsets that answer.",
    ),
    "customers": Entry("customers:app", "Customers: import lists; show, export or erase one."),
    "facts": Entry("facts:app", "Bank facts: what customers did, as the bank's own systems saw it."),
    "managers": Entry("managers:app", "Managers: how many customers they have, and a fair assignment."),
    "targets": Entry("targets:app", "Targets: a campaign's goals, split to person and day."),
    "branches": Entry("branches:app", "Branches, and what customers call them."),
    "segments": Entry("segments:app", "Segments: named groups of customers."),
    "scripts": Entry("scripts:app", "Scripts (话术): lines, and what each answer leads to."),
    "campaign": Entry("campaign:app", "Campaigns: whom to reach, with which script, when."),
    "conversations": Entry("conversations:app", "What was said with customers."),
    "suppressions": Entry("suppressions:app", "Numbers that must not be reached."),
    "nlu": Entry("nlu:app", "What customers' words are read as."),
    "database": Entry("database:app", "The embedded database, and the store's schema."),
    "clock": Entry("clock:app", "Product time: show it, or move it with the local carrier."),
    "staff": Entry("staff:app", "Who may use the console."),
    "audit": Entry("audit:app", "Who did what, as it was written down."),
    "keys": Entry("keys:app", "The keys that numbers, recordings and second factors are sealed with."),
    "retention": Entry("retention:app", "How long each kind of record is kept (config/policy.yml)."),
}

PROCESSES = ("web", "worker", "actions", "bot", "carrier")
"""The commands that keep a log instead of printing an answer."""
