"""Fill a store with invented conversations, by SQL: as many as one likes in minutes."""

from __future__ import annotations

import random
from datetime import datetime

import psycopg
from psycopg.types.json import Jsonb
from sqlmodel import Session

from outreach.campaigns import publication
from outreach.conversations import words
from outreach.model import Branch, Campaign, CampaignState, ScriptVersion
from outreach.scripts.names import intents, outcomes

TURNS = 5
"""Of each side: ten messages a conversation."""
DIALOGUES = 3_000
"""Different ones; every conversation has one of them, and a word that few others have."""
RARE = 20_000
DOUBTFUL = 0.47
"""One confidence in thirty or so lies below it."""
BANK = (
    "【XX银行】您好，我是张经理，系统提示您的信用卡尚未激活，想了解一下情况。", "现在办理可以享受9元洗车、9元看电影等优惠。",
    "您看今天上午还是下午方便来网点？带上身份证就行。", "好的，明天下午三点，城南支行，我们恭候您。", "没关系，祝您生活愉快。",
    "自动还款每月到期日从储蓄卡扣款，避免忘记还款影响征信。", "网点营业时间是周一至周五九点到五点。", "年费首年免收，刷满六次免次年。",
)  # fmt: skip
CUSTOMER = (
    "你们家额度太低不想用", "有什么优惠活动", "要带什么证件", "网点在哪里", "我考虑一下", "明天下午吧", "不用了谢谢", "有年费吗",
    "支付宝还款就行了", "最近太忙没空过去", "你是机器人吗", "好的，可以", "怎么激活", "别再发了", "积分能换什么礼品", "我在外地不方便",
)  # fmt: skip

BRANCHES, CAMPAIGNS, MANAGERS = 60, 80, 400

TALKS = """
CREATE UNLOGGED TABLE talk AS
SELECT n, uuidv7(make_interval(secs => n - %(size)s)) AS id, uuidv7() AS attempt_id, (n + 1) / 2 AS person,
    timestamptz '2026-01-01Z' + n * interval '300 days' / %(size)s AS opened_at,
    1 + (random() * (%(dialogues)s - 1))::int AS dialogue,
    (SELECT array_agg(id ORDER BY id) FROM campaign) [1 + (power(random(), 2) * (%(campaigns)s - 1))::int] AS campaign_id,
    (%(outcomes)s::text[])[1 + (power(random(), 2) * (cardinality(%(outcomes)s::text[]) - 1))::int] AS outcome,
    CASE WHEN random() < 0.8 THEN 'a' ELSE 'b' END AS variant, CASE WHEN random() < 0.9 THEN 'sms' ELSE 'voice' END AS channel
FROM generate_series(1, %(size)s) n
"""

PEOPLE = """
CREATE UNLOGGED TABLE person AS
SELECT n, uuidv7() AS id, (SELECT array_agg(id ORDER BY id) FROM branch) [1 + (random() * (%(branches)s - 1))::int] AS branch_id,
    '经理' || (1 + (random() * (%(managers)s - 1))::int) AS manager
FROM generate_series(1, (%(size)s + 1) / 2) n;
CREATE UNIQUE INDEX ON person (n);
INSERT INTO customer (id, name, zones, branch_id, manager, created_at)
SELECT id, '客户' || n, '[]', branch_id, manager, '2026-01-01Z' FROM person;
"""

ROWS = """
INSERT INTO attempt (id, campaign_id, customer_id, step, number, channel, script_version_id, offer, state, outcome, verdict, created_at, closed_at)
SELECT attempt_id, campaign_id, person.id, 'opening', 2 - talk.n %% 2, channel, %(version)s, '{}', 'closed', outcome, '{}', opened_at,
    opened_at + interval '1 hour'
FROM talk JOIN person ON person.n = talk.person;
INSERT INTO conversation (id, attempt_id, customer_id, channel, script_version_id, variant, state, outcome, flow_state, turn, failures, opened_at, closed_at)
SELECT talk.id, attempt_id, person.id, channel, %(version)s, variant, 'closed', outcome, '{"step": "benefits"}', 5, 0, opened_at,
    opened_at + interval '1 hour'
FROM talk JOIN person ON person.n = talk.person;
"""

MESSAGES = """
INSERT INTO message (id, conversation_id, customer_id, side, channel, text, media, at, state, starts_contact, after_call, confirmation,
    lines, tries, segments, verdict, answered_at, heard)
SELECT uuidv7(make_interval(secs => talk.n - %(size)s)), talk.id, person.id, line.side, talk.channel, line.text, 0, talk.opened_at + line.place * interval '1 minute',
    CASE line.side WHEN 'bank' THEN 'delivered' END, line.place = 1, false, false, '[]', 0, 1, '{}',
    CASE line.side WHEN 'customer' THEN talk.opened_at END, line.heard
FROM talk JOIN person ON person.n = talk.person JOIN line ON line.dialogue = talk.dialogue
WHERE talk.n > %(after)s AND talk.n <= %(until)s
"""

LISTED = """
INSERT INTO listing (conversation_id, opened_at, customer_id, campaign_id, script, version, variant, channel, state, outcome, grade, branch_id,
    manager, messages, intents, low_confidence, not_understood, refusing, flagged, reviewed, tags, words)
SELECT talk.id, opened_at, person.id, campaign_id, 'card_activation', 1, variant, channel, 'closed', outcome,
    (%(grades)s::jsonb) ->> outcome, branch_id, manager, 10, dialogue.intents, dialogue.doubtful, random() < 0.02, dialogue.refusing,
    random() < 0.003, random() < 0.05, CASE WHEN random() < 0.01 THEN ARRAY['典型'] ELSE '{}' END,
    dialogue.words || ('r' || (talk.n::bigint * 7919 %% %(rare)s))
FROM talk JOIN person ON person.n = talk.person JOIN dialogue ON dialogue.n = talk.dialogue
"""

WORK = """
INSERT INTO staff_task (id, kind, customer_id, conversation_id, due_at, note, state, created_at, done_at, result, result_note)
SELECT uuidv7(), 'handover', person.id, talk.id, opened_at + interval '1 day', '', CASE WHEN talk.n % 100 = 0 THEN 'open' ELSE 'done' END,
    opened_at, CASE WHEN talk.n % 100 > 0 THEN opened_at + interval '1 day' END, CASE WHEN talk.n % 100 > 0 THEN 'settled' END, ''
FROM talk JOIN person ON person.n = talk.person WHERE talk.n % 20 = 0;
INSERT INTO visit (id, customer_id, conversation_id, branch_id, date, part, party_size, state, booked_at)
SELECT uuidv7(), person.id, talk.id, branch_id, (opened_at + interval '2 days')::date, 'morning', 1, 'booked', opened_at
FROM talk JOIN person ON person.n = talk.person WHERE talk.n % 10 = 0;
INSERT INTO audit_entry (at, who, verb, what, why, details)
SELECT opened_at, 'reviewer.' || talk.n % 50, 'conversation_viewed', id, '', '{}' FROM talk ORDER BY talk.n;
UPDATE customer SET phone_bad_since = '2026-05-01Z' WHERE id IN (SELECT id FROM person WHERE n % 50 = 0)
"""
"""A task of every 20th conversation, one in five still open; a visit of every tenth; an act for each; every 50th number wrong."""

CHUNK = 100_000
"""Conversations whose messages are written in one statement."""


def begin(db: Session, now: datetime) -> ScriptVersion:
    """The few rows that everything hangs on; the script version that was talked by."""
    publication.publish_shipped(db, now)
    version = publication.published(db, "card_activation")
    day = now.date()
    db.add_all(Branch(name=f"第{n}支行", hours={}) for n in range(1, BRANCHES + 1))
    db.add_all(
        Campaign(
            name=f"campaign-{n}", script=version.script, script_version_id=version.id, channels=["sms"], starts_on=day,
            ends_on=day, pace=1, offer={}, definition={}, state=CampaignState.FINISHED, launched_at=now,
        )
        for n in range(1, CAMPAIGNS + 1)
    )  # fmt: skip
    return version


def fill(connection: psycopg.Connection, size: int, version: object) -> None:
    """Write `size` ended conversations of ten messages each, as the product leaves them."""
    given = {
        "size": size, "version": version, "branches": BRANCHES, "campaigns": CAMPAIGNS, "managers": MANAGERS,
        "dialogues": DIALOGUES, "rare": RARE, "outcomes": list(outcomes()),
        "grades": Jsonb({name: one.grade for name, one in outcomes().items()}),
    }  # fmt: skip
    # Neither triggers nor foreign keys: what is written fits together.
    connection.execute("SET session_replication_role = replica")
    connection.execute("SET statement_timeout = 0")
    for statements in (TALKS, PEOPLE, ROWS):
        for statement in statements.split(";"):
            if statement.strip():
                connection.execute(statement, given)
    _dialogues(connection)
    # A statement without parameters, so that its signs of percent are its own.
    connection.execute(WORK)
    for after in range(0, size, CHUNK):
        connection.execute(MESSAGES, given | {"after": after, "until": after + CHUNK})
    # An index of words is made much faster at once than row by row.
    definition = connection.execute("SELECT pg_get_indexdef('listing_words'::regclass)").fetchone()
    connection.execute("DROP INDEX listing_words")
    connection.execute(LISTED, given)
    connection.execute("SET maintenance_work_mem = '1GB'")
    connection.execute(definition[0])
    connection.execute("DROP TABLE talk, person, line, dialogue")
    for table in ("customer", "attempt", "conversation", "message", "listing", "staff_task", "visit", "audit_entry"):
        connection.execute(f"VACUUM ANALYZE {table}")


def _dialogues(connection: psycopg.Connection) -> None:
    chance, names = random.Random(6), list(intents())
    connection.execute("CREATE UNLOGGED TABLE line (dialogue int, place int, side text, text text, heard jsonb)")
    connection.execute(
        "CREATE UNLOGGED TABLE dialogue (n int, intents text[], doubtful bool, refusing bool, words text[])"
    )
    lines, dialogues = [], []
    for number in range(1, DIALOGUES + 1):
        texts, read, doubtful = [], set(), False
        for place in range(1, 2 * TURNS + 1):
            bank = place % 2 == 1
            text, heard = chance.choice(BANK if bank else CUSTOMER), {}
            if not bank:
                intent, confidence = chance.choice(names), round(chance.uniform(0.45, 1), 2)
                doubtful = doubtful or confidence < DOUBTFUL
                heard = {"intent": intent, "reading": intent, "confidence": confidence, "step": "benefits"}
                read.add(intent)
            texts.append(text)
            lines.append((number, place, "bank" if bank else "customer", text, Jsonb(heard)))
        refusing = bool({"deny", "opt_out"} & read)
        dialogues.append((number, sorted(read), doubtful, refusing, words.of_texts(texts)))
    for table, rows in (("line", lines), ("dialogue", dialogues)):
        with connection.cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    connection.execute("CREATE INDEX ON line (dialogue)")
    connection.execute("ANALYZE line")
