"""`outreach conversations`: list, read and export what was said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer
from sqlmodel import col, select

from outreach.cli import store
from outreach.cli.output import AsJson, Stop, console, print_json, print_table
from outreach.clock import local
from outreach.conversations import transcript
from outreach.model import Attempt, Campaign, Conversation, Customer

app = typer.Typer(no_args_is_help=True)

Outcome = Annotated[str | None, typer.Option(help="Only this outcome; `open` for those still open.")]
CampaignName = Annotated[str | None, typer.Option("--campaign", help="Only this campaign.")]


@app.command("list")
def list_conversations(
    campaign: CampaignName = None,
    outcome: Outcome = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000)] = 50,
    as_json: AsJson = False,
) -> None:
    """List conversations, the newest first."""
    runtime = store.opened()
    rows = select(Conversation, Customer).join(Customer, col(Customer.id) == col(Conversation.customer_id))
    if campaign:
        rows = (
            rows.join(Attempt, col(Attempt.id) == col(Conversation.attempt_id))
            .join(Campaign, col(Campaign.id) == col(Attempt.campaign_id))
            .where(Campaign.name == campaign)
        )
    if outcome == "open":
        rows = rows.where(col(Conversation.outcome).is_(None))
    elif outcome:
        rows = rows.where(Conversation.outcome == outcome)
    with runtime.sessions.reading() as db:
        found = db.exec(rows.order_by(col(Conversation.opened_at).desc()).limit(limit)).all()
    listed = [
        {
            "id": one.id,
            "customer": customer.name,
            "channel": one.channel,
            "state": one.state,
            "outcome": one.outcome,
            "opened_at": one.opened_at,
            "turns": one.turn,
        }
        for one, customer in found
    ]
    if as_json:
        print_json(listed)
        return
    rows_shown = [
        (one["id"], one["customer"], one["channel"], one["state"], one["outcome"], f"{local(opened):%m-%d %H:%M}")
        for one, (conversation, _) in zip(listed, found, strict=True)
        for opened in (conversation.opened_at,)
    ]
    print_table("conversations", ("id", "customer", "channel", "state", "outcome", "opened"), rows_shown)


@app.command()
def show(conversation: Annotated[UUID, typer.Argument()], as_json: AsJson = False) -> None:
    """Show one conversation: both sides, what was heard, what came of it."""
    with store.opened().sessions.reading() as db:
        said = transcript.of(db, conversation)
        if said is None:
            raise Stop(f"no conversation {conversation}; list them with: outreach conversations list")
        customer = db.get_one(Customer, UUID(said["customer"])).name
    if as_json:
        print_json(said)
        return
    console.print(f"{customer} · {said['script']} {said['script_version']} · {said['channel']} · {said['state']}")
    for message in said["messages"]:
        who = "银行" if message["from"] == "bank" else "客户"
        heard = f"  [{message['intent']}]" if message["intent"] else ""
        console.print(f"{message['at'][:19]} {who} {message['text']}{heard}")
    if said["outcome"]:
        console.print(f"outcome {said['outcome']} (grade {said['grade']})")
    if said["rating"]:
        console.print(f"rating {said['rating']} of 5")
    for task in said["tasks"]:
        console.print(f"task {task['kind']} {task['state']} due {task['due']}")


@app.command()
def export(
    out: Annotated[Path, typer.Argument(help="File to write, one conversation a line (JSON lines).")],
    campaign: CampaignName = None,
) -> None:
    """Export conversations as JSON lines."""
    runtime = store.opened()
    chosen = select(Conversation.id)
    if campaign:
        chosen = (
            chosen.join(Attempt, col(Attempt.id) == col(Conversation.attempt_id))
            .join(Campaign, col(Campaign.id) == col(Attempt.campaign_id))
            .where(Campaign.name == campaign)
        )
    written = 0
    with runtime.sessions.reading() as db, out.open("w", encoding="utf-8") as file:
        for conversation_id in db.exec(chosen.order_by(col(Conversation.opened_at))).all():
            file.write(json.dumps(transcript.of(db, conversation_id), ensure_ascii=False) + "\n")
            written += 1
    console.print(f"{written} conversations in {out}")
