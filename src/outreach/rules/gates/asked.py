"""The question that every gate answers."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from outreach.rules.cadence import free_from
from outreach.rules.campaign_hours import CampaignHours
from outreach.rules.contact import Contact, Reach, Standing
from outreach.rules.policy import Caps, Policy
from outreach.rules.quiet_hours import next_permitted

if TYPE_CHECKING:
    from outreach.calendar import Calendar


@dataclass(frozen=True)
class Asked:
    """Whether this contact may be made, with all that has to be known to say so."""

    contact: Contact
    reach: Reach
    standing: Standing
    now: datetime
    policy: Policy
    calendar: Calendar

    def __post_init__(self) -> None:
        """Refuse a time without a zone."""
        if self.now.utcoffset() is None:
            raise ValueError("now must have a time zone")

    def is_answer(self) -> bool:
        """Decide whether this answers the customer's own recent words, which is not a contact by the bank."""
        heard = self.reach.last_heard_at
        recent = timedelta(hours=self.policy.answers.window_hours)
        return self.contact.started_by == "customer" and heard is not None and self.now - heard <= recent

    def is_confirmation(self) -> bool:
        """Decide whether this is the one line that a customer is owed after an opt-out or a complaint."""
        return self.contact.confirmation and self.contact.purpose == "service" and self.is_answer()

    def opens(self, earliest: datetime) -> datetime | None:
        """Find the first instant from `earliest` on at which window and caps leave room; None after the campaign's end."""
        contact, reach = self.contact, self.reach
        free = earliest
        if not contact.invited:
            free = free_from(contact.channel, reach.recent_contacts, reach.zones, earliest, self.caps())
        found = self._permitted(free)
        return None if found is None or self.is_over(found) else self._at_its_time(found)

    def _permitted(self, earliest: datetime) -> datetime | None:
        zones, hours = self.reach.zones, self.hours()
        return next_permitted(earliest, self.contact.channel, zones, self.policy, self.calendar, hours)

    def _at_its_time(self, found: datetime) -> datetime:
        """Put off to another day, it keeps its time of day, unless that day is closed from then on or it would be too late."""
        wanted, last = self.contact.time_of_day, self.contact.begun_by
        local = found.astimezone(ZoneInfo(self.reach.zones[0]))
        if wanted is None or local.time() >= wanted:
            return found
        later = self._permitted(datetime.combine(local.date(), wanted, local.tzinfo))
        if later is None or later.astimezone(local.tzinfo).date() > local.date():
            return found
        return found if last is not None and later > last else later

    def hours(self) -> CampaignHours | None:
        """The campaign's own hours; a time that the customer named goes before them, not before the policy's."""
        return None if self.contact.invited else self.standing.hours

    def caps(self) -> Caps:
        """The bank's caps, or the campaign's where it keeps tighter ones."""
        caps, own = self.policy.caps, self.standing.contacts_per_7_days
        return caps if own is None else replace(caps, contacts_per_7_days=min(own, caps.contacts_per_7_days))

    def is_over(self, at: datetime) -> bool:
        """Decide whether the campaign's last day has passed at an instant in some zone of the number."""
        last = self.standing.ends_on
        return last is not None and max(at.astimezone(ZoneInfo(zone)).date() for zone in self.reach.zones) > last

    def dates(self) -> list[date]:
        """List today's date in each zone of the number."""
        return [self.now.astimezone(ZoneInfo(zone)).date() for zone in self.reach.zones]
