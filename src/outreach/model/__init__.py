"""The campaign store: one noun per file. Importing this package registers every table."""

from outreach.model.attempt import Attempt
from outreach.model.audit import AuditEntry
from outreach.model.bank_fact import BankFact, FactKind
from outreach.model.branch import Branch
from outreach.model.call import Call, CallTurn, Recording
from outreach.model.campaign import Campaign, CampaignState
from outreach.model.consent import Consent, Purpose
from outreach.model.conversation import Conversation, ConversationState
from outreach.model.correction import Correction
from outreach.model.customer import Account, Card, Customer, Gender
from outreach.model.database import Sessions, connect
from outreach.model.kept_report import KeptReport
from outreach.model.listing import Listing, ListingDue
from outreach.model.machine import ClockAnchor, DataKey, Heartbeat, InboundMark, SchemaFloor, SenderPace
from outreach.model.message import Message, Side
from outreach.model.outcome_correction import OutcomeCorrection
from outreach.model.publication import Decision, ScriptDecision, ScriptVersion
from outreach.model.review import Flag, Review, ReviewAssignment, ReviewSheet, SamplingPlan, StaffNote, Tag
from outreach.model.saved_view import SavedView
from outreach.model.staff import Role, SignInFailure, SignInLink, StaffMember, StaffSession
from outreach.model.suppression import Scope, Source, Stop, Suppression
from outreach.model.takeover import Takeover
from outreach.model.target import Aim, Target
from outreach.model.task import StaffTask, TaskKind, TaskResult, TaskState
from outreach.model.visit import Callback, Visit, VisitState

__all__ = [
    "Account", "Aim", "Attempt", "AuditEntry", "BankFact", "Branch", "Call", "CallTurn", "Callback", "Campaign",
    "CampaignState", "Card", "ClockAnchor", "Consent", "Conversation", "ConversationState", "Correction",
    "Customer", "DataKey", "Decision", "FactKind", "Flag", "Gender", "Heartbeat", "InboundMark", "KeptReport", "Listing", "ListingDue",
    "Message", "OutcomeCorrection", "Purpose", "Recording", "Review", "ReviewAssignment", "ReviewSheet", "Role",
    "SamplingPlan", "SavedView", "SchemaFloor", "Scope", "ScriptDecision", "ScriptVersion", "SenderPace", "Sessions", "Side",
    "SignInFailure", "SignInLink", "Source", "StaffMember", "StaffNote", "StaffSession", "StaffTask", "Stop",
    "Suppression", "Tag", "Takeover", "Target", "TaskKind", "TaskResult", "TaskState", "Visit", "VisitState",
    "connect",
]  # fmt: skip
