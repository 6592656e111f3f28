"""The audit page: what was done can be found, a page at a time, and only by those who may."""

from __future__ import annotations

from datetime import UTC, datetime

from outreach.model import AuditEntry

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)


def entries(product, count: int, **fields) -> None:
    with product.sessions.begin() as db:
        db.add_all(
            AuditEntry(at=NOON, **{"who": "li.na", "verb": "script_approved", "why": f"reason {n}", **fields})
            for n in range(count)
        )


def test_entries_are_shown_the_latest_first(product, signed_in):
    entries(product, 3)
    page = signed_in("admin").get("/audit")
    assert page.status_code == 200
    assert page.text.index("reason 2") < page.text.index("reason 0")
    assert "2026-11-24 12:00" in page.text


def test_a_filter_leaves_out_what_does_not_match(product, signed_in):
    entries(product, 1, who="li.na", why="hers")
    entries(product, 1, who="wang.wei", why="his")
    page = signed_in("admin").get(
        "/audit", params={"who": "wang.wei", "verb": "", "since": "", "until": "", "what": ""}
    )
    assert "his" in page.text
    assert "hers" not in page.text


def test_older_entries_are_on_the_next_page(product, signed_in):
    entries(product, 60)
    client = signed_in("admin")
    first = client.get("/audit")
    assert "reason 59" in first.text
    assert "reason 9<" not in first.text
    older = first.text.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0]
    assert "reason 9<" in client.get(older.replace("&amp;", "&")).text


def test_a_page_past_the_end_says_that_nothing_matches(product, signed_in):
    entries(product, 1)
    assert "No entry matches" in signed_in("admin").get("/audit?before=1").text


def test_a_date_that_is_none_is_named(signed_in):
    page = signed_in("admin").get("/audit?since=yesterday")
    assert (page.status_code, "since" in page.text) == (422, True)


def test_what_somebody_typed_is_shown_and_never_run(product, signed_in):
    entries(product, 1, who="<script>alert(1)</script>", why="<img src=x onerror=alert(1)>")
    page = signed_in("admin").get("/audit").text
    assert "<script>alert" not in page
    assert "<img src=x" not in page
