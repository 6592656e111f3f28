"""The bank's people at the console: accounts, sessions, one-time links, and failed tries to sign in."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary
from sqlmodel import Field, SQLModel

from outreach.model.columns import UtcTime, Word, new_id, one_of


class Role(StrEnum):
    """What somebody does at the bank; `staff.permissions` says what that allows."""

    AGENT = "agent"  #: answers customers and does the follow-up work
    REVIEWER = "reviewer"  #: reads conversations and says how good they were
    MARKETER = "marketer"  #: plans and runs campaigns
    COMPLIANCE = "compliance"  #: approves, answers for what was said, honours requests about data
    BRANCH_MANAGER = "branch_manager"  #: sees to the customers of one branch
    ADMIN = "admin"  #: sees to accounts, settings and the audit; reads no conversations


class StaffMember(SQLModel, table=True):
    """An account at the console. All its times are machine time: product time may be set."""

    __tablename__ = "staff_member"
    __table_args__ = (
        one_of("role", Role),
        CheckConstraint("role <> 'branch_manager' OR branch_id IS NOT NULL", name="branch_manager_has_a_branch"),
        CheckConstraint("login = lower(login)", name="login_lower_case"),
    )
    id: UUID = Field(default_factory=new_id, primary_key=True)
    login: str = Field(unique=True)
    name: str
    role: Role = Field(sa_type=Word(Role))
    branch_id: UUID | None = Field(default=None, foreign_key="branch.id")
    """Whoever has one sees the customers of this branch only."""
    password_hash: str | None = None
    """Argon2id; none until a link was used, and for those who sign in elsewhere (OIDC)."""
    secret_sealed: bytes | None = Field(default=None, sa_type=LargeBinary)
    """The second factor's secret (RFC 6238)."""
    code_counter: int | None = None
    """The time step of the last code that was taken, so that none is taken twice."""
    created_at: datetime = Field(sa_type=UtcTime)
    disabled_at: datetime | None = Field(default=None, sa_type=UtcTime)


class StaffSession(SQLModel, table=True):
    """Somebody signed in; known by the hash of a random token that only their browser holds. Machine time."""

    __tablename__ = "staff_session"
    token_hash: bytes = Field(primary_key=True, sa_type=LargeBinary)
    staff_id: UUID = Field(foreign_key="staff_member.id", index=True)
    started_at: datetime = Field(sa_type=UtcTime)
    seen_at: datetime = Field(sa_type=UtcTime)
    """The last request a person made; a page that refreshes itself does not count."""
    address: str = ""
    ended_at: datetime | None = Field(default=None, sa_type=UtcTime)


class SignInLink(SQLModel, table=True):
    """A link that lets somebody in without a password; known by its hash. Machine time."""

    __tablename__ = "sign_in_link"
    token_hash: bytes = Field(primary_key=True, sa_type=LargeBinary)
    staff_id: UUID = Field(foreign_key="staff_member.id", index=True)
    expires_at: datetime = Field(sa_type=UtcTime)
    sample: bool = False
    """Opens a sample account of the demo, as often as one likes; else it sets a password, once."""
    used_at: datetime | None = Field(default=None, sa_type=UtcTime)


class SignInFailure(SQLModel, table=True):
    """A try to sign in that failed; kept for as long as tries are counted. Machine time."""

    __tablename__ = "sign_in_failure"
    __table_args__ = (
        Index("sign_in_failure_of_login", "login", "at"),
        Index("sign_in_failure_from", "address", "at"),
    )
    id: UUID = Field(default_factory=new_id, primary_key=True)
    login: str
    address: str
    at: datetime = Field(sa_type=UtcTime)
