"""Import a customer list: good rows are stored, bad rows named, and doing it again changes nothing.

Rows are stored in batches, each in one transaction, so an import that is killed can simply be run again. It never
lifts a suppression, never revives a consent that was withdrawn, and never brings an erased customer back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import batched
from pathlib import Path

import stamina
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from outreach.campaigns import customer_row, list_file
from outreach.campaigns.customer_changes import Changes
from outreach.campaigns.customer_columns import CUSTOMER_LIST
from outreach.campaigns.customer_known import Found, Known
from outreach.campaigns.customer_row import CustomerRow
from outreach.campaigns.list_columns import Refusal
from outreach.campaigns.list_file import Row, RowsOfList
from outreach.campaigns.list_lines import refused
from outreach.clock import local
from outreach.model import Sessions
from outreach.model.sealing import Sealer

BATCH = 1_000
"""Rows in one transaction."""
MOST_REFUSED = 200_000
"""Problems that are kept; a file with more is not a customer list, or has the wrong mapping."""
LOCK = 7_236_418_002
"""The advisory lock under which one import at a time stores a batch."""
ONCE = "每位客户、每个号码只留一行"


@dataclass
class Imported:
    """What came of an import."""

    stored: int = 0
    """New or changed customers."""
    updated: int = 0
    """Those of them that the store had before."""
    unchanged: int = 0
    refused: list[Refusal] = field(default_factory=list)
    refused_rows: int = 0
    without_consent: int = 0
    """Stored, but not contactable on any channel."""
    unproven_consent: int = 0
    """Rows that say 是 without a date or a source: no proof, no consent."""
    unread: tuple[str, ...] = ()
    """Headers of columns that were left out."""

    def add(self, batch: Imported) -> None:
        """Count another batch."""
        self.stored += batch.stored
        self.updated += batch.updated
        self.unchanged += batch.unchanged
        self.refused += batch.refused
        self.refused_rows += batch.refused_rows
        self.without_consent += batch.without_consent
        self.unproven_consent += batch.unproven_consent


def import_customers(
    sessions: Sessions,
    sealer: Sealer,
    now: datetime,
    path: Path,
    mapping: Mapping[str, str] | None = None,
    progress: Callable[[int], None] = lambda _rows: None,
    begun: Callable[[RowsOfList], None] = lambda _list: None,
) -> Imported:
    """Import a list; raises Refused when the file or its headers cannot be read.

    `begun` is told of the list before its first row, `progress` how many rows each batch had.
    """
    imported = Imported()
    importer = _Importer(sessions, sealer, now)
    with list_file.rows(path, CUSTOMER_LIST, mapping) as listed:
        imported.unread = listed.unread
        begun(listed)
        for batch in batched(listed, BATCH):
            imported.add(importer.store(batch))
            progress(len(batch))
            if len(imported.refused) > MOST_REFUSED:
                problem = f"there are more than {MOST_REFUSED:,} problems; {imported.stored:,} customers were stored"
                raise refused(path, "rows", problem, "the right file, or --mapping for its headers", batch[-1][0])
    return imported


class _Importer:
    """Stores batch after batch, remembering which numbers and customers the file has named."""

    def __init__(self, sessions: Sessions, sealer: Sealer, now: datetime) -> None:
        self._sessions, self._sealer, self._now = sessions, sealer, now
        self._today = local(now).date()
        self._lines: dict[bytes | str, int] = {}

    def store(self, batch: Sequence[Row]) -> Imported:
        """Store the good rows of a batch in one transaction."""
        came = Imported()
        good: list[Found] = []
        for line, cells in batch:
            row = customer_row.read(line, cells, self._today)
            if isinstance(row, CustomerRow):
                found = self._sealer.find(row.number.e164)
                repeated = self._repeated(row, found)
                if repeated is None:
                    good.append((row, found))
                    continue
                row = [repeated]
            came.refused += row
            came.refused_rows += 1
        if good:
            came.add(self._commit(good))
        return came

    def _repeated(self, row: CustomerRow, found: bytes) -> Refusal | None:
        ref = row.values.get("id")
        for key, name, value in ((found, "phone", row.number.e164), (ref, "id", ref)):
            if key is not None and (first := self._lines.get(key)):
                return CUSTOMER_LIST.refusal(row.line, name, str(value), f"与第{first}行重复", ONCE)
        self._lines[found] = row.line
        if ref is not None:
            self._lines[ref] = row.line
        return None

    # Somebody may enter the same customer by hand at the same moment; the second look finds them.
    @stamina.retry(on=IntegrityError, attempts=3)
    def _commit(self, batch: Sequence[Found]) -> Imported:
        came = Imported()
        with self._sessions.begin() as db:
            db.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
            known = Known(db, batch)
            changes = Changes(known, self._sealer, self._now)
            for row, found in batch:
                if wrong := changes.refusal(row, found):
                    came.refused.append(wrong)
                    came.refused_rows += 1
                    continue
                before = len(changes)
                customer = changes.add(row, found)
                stands, unproven = changes.agree(row, customer)
                changed = len(changes) > before
                came.stored += changed
                came.updated += changed and known.customer(row, found) is not None
                came.unchanged += not changed
                came.without_consent += not stands
                came.unproven_consent += unproven
            changes.write(db)
        return came
