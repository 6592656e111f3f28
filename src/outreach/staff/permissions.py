"""What each role may do: one table. Every page of the console names one of these permissions.

To add a page, add its permission here; `tests/web/console/test_permissions.py` asks every route as every role.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from outreach.model import Role

AGENT, REVIEWER, MARKETER = Role.AGENT, Role.REVIEWER, Role.MARKETER
COMPLIANCE, BRANCH_MANAGER, ADMIN = Role.COMPLIANCE, Role.BRANCH_MANAGER, Role.ADMIN
EVERYBODY = frozenset(Role)


class Permission(StrEnum):
    """One thing that somebody may or may not do."""

    USE_CONSOLE = "use_console"  #: the frame of the pages, one's own account
    READ_CONVERSATIONS = "read_conversations"  #: lists, searches and transcripts
    HEAR_RECORDINGS = "hear_recordings"  #: the sound of calls
    REVIEW_CONVERSATIONS = "review_conversations"  #: notes, flags, tags, scores, corrected intents
    CORRECT_OUTCOMES = "correct_outcomes"  #: what came of a conversation, against what was recorded
    PLAN_SAMPLING = "plan_sampling"  #: which conversations are put before reviewers
    SEE_NAMES = "see_names"  #: customers' names, which are masked without it
    ANSWER_CUSTOMERS = "answer_customers"  #: texts of one's own, in the bot's stead
    DO_TASKS = "do_tasks"  #: callbacks, complaints, claims to check: the work that conversations leave
    KEEP_VISITS = "keep_visits"  #: who comes to a branch, came, did not come, or comes later
    CORRECT_NUMBERS = "correct_numbers"  #: the list of numbers that reach nobody, and what they should be
    READ_CUSTOMERS = "read_customers"  #: what is kept of a customer, what they agreed to and refused
    HONOUR_REQUESTS = "honour_requests"  #: a customer's data handed over, corrected, erased; a refusal lifted
    UNMASK = "unmask"  #: a customer's whole number, for a reason that the audit keeps
    WATCH_OPERATIONS = "watch_operations"  #: what waits, how late it is, what the carrier refuses
    STOP_SENDING = "stop_sending"  #: the kill switches
    LIFT_STOPS = "lift_stops"  #: let go on what was stopped
    READ_CAMPAIGNS = "read_campaigns"  #: campaigns of all branches, with their figures and reports
    RUN_CAMPAIGNS = "run_campaigns"  #: check, propose, resume; give everybody the better variant
    HOLD_CAMPAIGNS = "hold_campaigns"  #: pause or end one, which whoever sees something wrong should be able to
    APPROVE_CAMPAIGNS = "approve_campaigns"  #: what somebody else proposed; without it nobody is contacted
    READ_SCRIPTS = "read_scripts"  #: flows, wordings and versions; trying them, which contacts nobody
    PROPOSE_SCRIPTS = "propose_scripts"  #: a version from the shipped folder, or with other words
    PUBLISH_SCRIPTS = "publish_scripts"  #: approve or send back what somebody else proposed; go back to an earlier one
    READ_AUDIT = "read_audit"  #: who did what
    MANAGE_STAFF = "manage_staff"  #: accounts, roles and sessions of others


MATRIX: Mapping[Permission, frozenset[Role]] = {
    Permission.USE_CONSOLE: EVERYBODY,
    Permission.READ_CONVERSATIONS: frozenset({AGENT, REVIEWER, MARKETER, COMPLIANCE, BRANCH_MANAGER}),
    Permission.HEAR_RECORDINGS: frozenset({REVIEWER, COMPLIANCE, BRANCH_MANAGER}),
    Permission.REVIEW_CONVERSATIONS: frozenset({REVIEWER, COMPLIANCE, BRANCH_MANAGER}),
    Permission.CORRECT_OUTCOMES: frozenset({REVIEWER, COMPLIANCE}),
    Permission.PLAN_SAMPLING: frozenset({COMPLIANCE}),
    Permission.SEE_NAMES: frozenset({AGENT, COMPLIANCE, BRANCH_MANAGER}),
    Permission.ANSWER_CUSTOMERS: frozenset({AGENT, BRANCH_MANAGER}),
    Permission.DO_TASKS: frozenset({AGENT, COMPLIANCE, BRANCH_MANAGER}),
    Permission.KEEP_VISITS: frozenset({AGENT, BRANCH_MANAGER}),
    Permission.CORRECT_NUMBERS: frozenset({AGENT, COMPLIANCE, BRANCH_MANAGER}),
    Permission.READ_CUSTOMERS: frozenset({AGENT, COMPLIANCE, BRANCH_MANAGER}),
    Permission.HONOUR_REQUESTS: frozenset({COMPLIANCE}),
    Permission.UNMASK: frozenset({AGENT, COMPLIANCE, BRANCH_MANAGER}),
    Permission.WATCH_OPERATIONS: frozenset({MARKETER, COMPLIANCE, ADMIN}),
    Permission.STOP_SENDING: frozenset({MARKETER, COMPLIANCE, ADMIN}),
    Permission.LIFT_STOPS: frozenset({COMPLIANCE, ADMIN}),
    Permission.READ_CAMPAIGNS: frozenset({MARKETER, COMPLIANCE, ADMIN}),
    Permission.RUN_CAMPAIGNS: frozenset({MARKETER}),
    Permission.HOLD_CAMPAIGNS: frozenset({MARKETER, COMPLIANCE}),
    Permission.APPROVE_CAMPAIGNS: frozenset({COMPLIANCE}),
    Permission.READ_SCRIPTS: frozenset({REVIEWER, MARKETER, COMPLIANCE}),
    Permission.PROPOSE_SCRIPTS: frozenset({MARKETER}),
    Permission.PUBLISH_SCRIPTS: frozenset({COMPLIANCE}),
    Permission.READ_AUDIT: frozenset({COMPLIANCE, ADMIN}),
    Permission.MANAGE_STAFF: frozenset({ADMIN}),
}


def may(role: Role, permission: Permission) -> bool:
    """Decide whether a role has a permission."""
    return role in MATRIX[permission]
