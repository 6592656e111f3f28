"""What a page says after something was done: `desk.go(path, done="saved")` shows it above the next page."""

from __future__ import annotations

from collections.abc import Mapping


def N_(message: str) -> str:  # noqa: N802 - gettext's name for "collect this for translation, translate it later"
    """Mark a message for translation."""
    return message


NOTICES: Mapping[str, str] = {
    "saved": N_("Saved."),
    "queue_empty": N_("Nothing is left in your queue."),
    "view_not_saved": N_("Not saved: give the view a name, and remove some where there are many."),
    "taken": N_("It is yours now."),
    "taken_over": N_("It is with you; the bot is silent."),
    "queued": N_("On its way."),
    "handed_back": N_("Handed back."),
    "erased": N_("What named the customer was erased."),
    "stopped": N_("Stopped."),
    "given_back": N_("Given back."),
    "finished": N_("Finished."),
    "moved": N_("The visit was moved."),
    "number_corrected": N_("The number is in use again."),
    "proposed": N_("Proposed. Somebody of compliance has to approve it."),
    "approved": N_("Approved and launched."),
    "rejected": N_("Sent back."),
    "paused": N_("Paused. Conversations under way go on."),
    "resumed": N_("It goes on."),
    "ended": N_("Ended. Conversations under way go on to their end."),
    "promoted": N_("Everybody not yet contacted gets this variant."),
    "version_proposed": N_("Proposed. Another person has to approve it before anybody hears it."),
    "version_approved": N_("In use. New conversations begin with it; those under way go on with theirs."),
    "version_rejected": N_("The version was sent back."),
    "version_restored": N_("In use again. New conversations begin with it."),
    "version_known": N_("This very content is a version already; nothing was proposed."),
    "account_changed": N_("The account was changed."),
    "account_disabled": N_("The account is disabled; nobody comes in with it any more."),
    "account_signed_out": N_("Every session of the account has ended."),
    "signed_out": N_("You are signed out."),
    "set_up": N_("Your account is ready. Sign in."),
    "sessions_ended": N_("Every other session of yours has ended."),
}
