"""`outreach scripts`: check, play, draw, test and publish scripts."""

from __future__ import annotations

import difflib
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from outreach.campaigns import publication, script_gate
from outreach.campaigns.publication import NotPublished
from outreach.cli import playing, scratch, store, transcripts
from outreach.cli.output import AsJson, Stop, complain, console, print_json, print_table
from outreach.cli.person import By
from outreach.cli.stage import PHONE, SAMPLE_CUSTOMER
from outreach.cli.transcripts import Talk
from outreach.clock import local
from outreach.dialogue.port import Dialogue
from outreach.documents import Problem, Refused
from outreach.scripts import catalog, checks, drawing

app = typer.Typer(no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="The script's folder in scripts_templates/.")]
OptionalName = Annotated[str | None, typer.Argument(help="The script's folder; all where left out.")]
Channel = Annotated[str, typer.Option(help="sms or voice.")]


@app.command()
def check(name: OptionalName = None, as_json: AsJson = False) -> None:
    """Refuse what must not be published, with file and line; exit 1 when something is wrong."""
    bank = store.build().house.bank
    problems: list[Problem] = []
    for script in [name] if name else catalog.names():
        try:
            problems += checks.check_files(script, catalog.files(script), bank)
        except Refused as refused:
            problems += refused.problems
    if as_json:
        print_json([problem.__dict__ for problem in problems])
    else:
        for problem in problems:
            complain(str(problem))
        if not problems:
            console.print("nothing wrong")
    if problems:
        raise typer.Exit(1)


@app.command()
def play(
    name: Name,
    channel: Channel = "sms",
    keep: Annotated[str | None, typer.Option(help="Save the talk as a transcript test of this name.")] = None,
) -> None:
    """Talk to a script in the terminal. By text an empty line ends it; by voice it is a silence, 按9 a key, 挂断 the end."""
    script = catalog.load(name)
    if channel not in script.channels:
        raise Stop(f"{name} has no wording for {channel}; it has {', '.join(script.channels)}")
    now = datetime.fromisoformat("2026-11-24T09:30:00+08:00")
    with scratch.bot() as dialogue, scratch.stage(now, dialogue) as stage:
        inputs = playing.call(stage, name) if channel == "voice" else playing.texts(stage, name)
        if keep:
            path = transcripts.FOLDER / name / f"{keep}.txt"
            talk = Talk(path, f"# {keep}", name, channel, SAMPLE_CUSTOMER, {}, local(now), tuple(inputs))
            with scratch.stage(now, dialogue) as again:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(transcripts.play(talk, again, PHONE), encoding="utf-8")
            console.print(f"kept in {path}")


@app.command()
def draw(name: Name) -> None:
    """Print the flow as a Mermaid diagram."""
    typer.echo(drawing.mermaid(catalog.load(name).flow))


@app.command()
def test(
    name: OptionalName = None,
    record: Annotated[bool, typer.Option(help="Write what comes out into the files.")] = False,
) -> None:
    """Play every transcript again and show what differs; exit 1 when something does."""
    differing = 0
    chosen = transcripts.files(name)
    if not chosen:
        raise Stop(
            f"no transcripts under {transcripts.FOLDER / (name or '')}; keep one with: outreach scripts play NAME --keep NAME"
        )
    with scratch.bot() as dialogue, scratch.template() as like:
        for path in chosen:
            differing += _differs(path, dialogue, like, record)
    console.print(f"{len(chosen)} transcripts, {differing} {'rewritten' if record else 'differ'}")
    if differing and not record:
        raise typer.Exit(1)


def _differs(path: Path, dialogue: Dialogue, like: str, record: bool) -> bool:
    talk = transcripts.read(path)
    with scratch.stage(talk.now, dialogue, like) as stage:
        played = transcripts.play(talk, stage, PHONE)
    kept = path.read_text(encoding="utf-8")
    if played == kept:
        return False
    if record:
        path.write_text(played, encoding="utf-8")
    else:
        lines = difflib.unified_diff(kept.splitlines(), played.splitlines(), str(path), "played", lineterm="")
        console.print("\n".join(lines))
    return True


@app.command()
def propose(name: Name, by: By) -> None:
    """Keep a snapshot of the folder for another person to approve."""
    runtime = store.opened()
    try:
        with runtime.sessions.begin() as db:
            version = script_gate.propose(db, runtime.house.bank, name, catalog.files(name), by, runtime.clock.now())
    except NotPublished as error:
        raise Stop(str(error)) from None
    if version.approved_at:
        console.print(f"{name} {version.version} (number {version.number}) was approved already; nothing was proposed")
        return
    console.print(f"{name} {version.version} (number {version.number}) waits for approval by another person")


@app.command()
def approve(
    name: Name, by: By, version: Annotated[str | None, typer.Option(help="The newest proposal where left out.")] = None
) -> None:
    """Publish a proposed version; new conversations begin with it."""
    runtime = store.opened()
    try:
        with runtime.sessions.begin() as db:
            approved = script_gate.approve(db, runtime.house.bank, name, by, runtime.clock.now(), version)
    except NotPublished as error:
        raise Stop(str(error)) from None
    console.print(f"{name} {approved.version} is published")


@app.command()
def restore(
    name: Name,
    by: By,
    version: Annotated[str, typer.Option(help="An approved version, as `scripts versions` lists it.")],
    why: Annotated[str, typer.Option(help="Why; kept with it.")],
) -> None:
    """Put an earlier version into use again; new conversations begin with it."""
    runtime = store.opened()
    try:
        with runtime.sessions.begin() as db:
            script_gate.restore(db, runtime.house.bank, name, version, by, why, runtime.clock.now())
    except NotPublished as error:
        raise Stop(str(error)) from None
    console.print(f"{name} {version} is in use again")


@app.command()
def versions(name: Name, as_json: AsJson = False) -> None:
    """List the versions of a script: who, when, and what changed against the one before."""
    with store.opened().sessions.reading() as db:
        known = publication.versions(db, name)
    if not known:
        raise Stop(f"no version of {name}; propose one with: outreach scripts propose {name} --by NAME")
    older = {one.number: before for one, before in zip(known, [*known[1:], None], strict=True)}
    listed = [
        {
            "number": one.number,
            "version": one.version,
            "proposed_by": one.proposed_by,
            "proposed_at": one.proposed_at,
            "approved_by": one.approved_by,
            "approved_at": one.approved_at,
            "changed": publication.changed(older[one.number], one),
        }
        for one in known
    ]
    if as_json:
        print_json(listed)
    else:
        columns = ("number", "version", "proposed_by", "proposed_at", "approved_by", "approved_at", "changed")
        print_table(name, columns, [[one[column] for column in columns] for one in listed])
