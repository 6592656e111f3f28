"""Lists as tables to take away: in the reader's language, names masked as on the page, never a whole number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from outreach.conversations.finding import Found
from outreach.conversations.task_list import TaskRow
from outreach.conversations.visit_list import VisitRow
from outreach.rules.redaction import mask_numbers
from outreach.spreadsheet import Column, TableOf
from outreach.staff.permissions import Permission
from outreach.staff.person import Person
from outreach.web.console import languages
from outreach.web.console.notices import N_
from outreach.web.console.rendering import day, masked, when, word


class Tables:
    """Makes tables for one reader."""

    def __init__(self, person: Person, language: str) -> None:
        self.person = person
        self.spoken = languages.translations(language)

    def tasks(self, rows: Sequence[TaskRow]) -> TableOf:
        """Tasks as the page lists them, with what came of those that are done."""
        titles = (
            N_("Due"), N_("Kind"), N_("Customer"), N_("Customer number"), N_("Branch"), N_("About"), N_("State"),
            N_("Whose"), N_("Done by"), N_("Done"), N_("Result"), N_("What was done"),
        )  # fmt: skip
        return self._table(N_("Tasks"), titles, [self._task(row) for row in rows])

    def visits(self, rows: Sequence[VisitRow]) -> TableOf:
        """Visits as the page lists them."""
        titles = (
            N_("Day"), N_("Time"), N_("Customer"), N_("Customer number"), N_("Branch"), N_("People"), N_("State"),
            N_("Said by"),
        )  # fmt: skip
        return self._table(N_("Visits"), titles, [self._visit(row) for row in rows])

    def conversations(self, rows: Sequence[Found]) -> TableOf:
        """Conversations as the page lists them, without what was said."""
        titles = (
            N_("Opened"), N_("Customer"), N_("Campaign"), N_("Script"), N_("Version"), N_("Variant"), N_("Channel"),
            N_("State"), N_("Outcome"), N_("Grade"), N_("Rating"), N_("Branch"), N_("Manager"), N_("Messages"),
            N_("Tags"), N_("Conversation (id)"),
        )  # fmt: skip
        return self._table(N_("Conversations"), titles, [self._conversation(row) for row in rows])

    def _task(self, row: TaskRow) -> tuple[Any, ...]:
        task = row.task
        name, number = (self._name(row.customer.name), self._number(row.customer.ref)) if row.customer else ("", "")
        return (
            when(task.due_at), self._word(task.kind), name, number, row.branch.name if row.branch else "", mask_numbers(task.note),
            self._word(task.state), task.owner or "", task.done_by or "", when(task.done_at), self._word(task.result),
            mask_numbers(task.result_note),
        )  # fmt: skip

    def _visit(self, row: VisitRow) -> tuple[Any, ...]:
        visit = row.visit
        time = f"{visit.hour:%H:%M}" if visit.hour else self._word(visit.part)
        number = self._number(row.customer.ref) if row.known_to(self.person.branch_id) else ""
        return (
            day(visit.date), time, self._name(row.customer.name), number, row.branch.name, visit.party_size,
            self._word(visit.state), visit.changed_by or "",
        )  # fmt: skip

    def _conversation(self, row: Found) -> tuple[Any, ...]:
        one = row.listing
        return (
            when(one.opened_at), self._name(row.customer), row.campaign or "", one.script, one.version, one.variant,
            self._word(one.channel), self._word(one.state), self._word(one.outcome), one.grade or "", one.rating,
            row.branch or "", one.manager or "", one.messages, " ".join(one.tags), str(one.conversation_id),
        )  # fmt: skip

    def _table(self, title: str, titles: Sequence[str], rows: Sequence[Sequence[Any]]) -> TableOf:
        return TableOf(self.spoken.gettext(title), [Column(self.spoken.gettext(one)) for one in titles], rows)

    def _name(self, name: str) -> str:
        return masked(name, shown=self.person.may(Permission.SEE_NAMES))

    def _number(self, ref: str | None) -> str:
        """The bank's own number of a customer, for those who may open the customer's page, where it stands, too."""
        return (ref or "") if self.person.may(Permission.READ_CUSTOMERS) else ""

    def _word(self, value: object) -> str:
        return word(self.spoken, value)
