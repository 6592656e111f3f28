"""`outreach segments`: list, check and preview segments."""

from __future__ import annotations

from typing import Annotated

import typer

from outreach.campaigns import segments
from outreach.campaigns.segment_fields import FIELDS
from outreach.cli import store
from outreach.cli.output import AsJson, complain, console, print_json, print_table
from outreach.documents import Refused

app = typer.Typer(no_args_is_help=True)

Name = Annotated[str, typer.Argument(help="A segment's name, or the path of its file.")]


@app.command("list")
def list_segments(as_json: AsJson = False) -> None:
    """List the segments with their titles."""
    listed = [(name, segments.read(name).title) for name in segments.names()]
    if as_json:
        print_json([{"segment": name, "title": title} for name, title in listed])
    else:
        print_table("segments", ("segment", "title"), listed)


@app.command()
def check(name: Annotated[str | None, typer.Argument(help="All where left out.")] = None) -> None:
    """Check segment files; exit 1 when one cannot be used."""
    wrong = 0
    for one in [name] if name else segments.names():
        try:
            segments.read(one)
        except Refused as refused:
            wrong += len(refused.problems)
            complain(str(refused))
    if wrong:
        raise typer.Exit(1)
    console.print("nothing wrong")


@app.command()
def preview(name: Name, sample: Annotated[int, typer.Option(min=0, max=100)] = 5, as_json: AsJson = False) -> None:
    """Count a segment's customers and show some of them."""
    runtime = store.opened()
    segment = segments.read(name)
    with runtime.sessions.reading() as db:
        count, some = segments.preview(db, segment, runtime.clock.now(), sample)
    if as_json:
        shown = [{"id": one.id, "ref": one.ref, "name": one.name} for one in some]
        print_json({"segment": segment.name, "count": count, "sample": shown})
        return
    console.print(f"{segment.title}: {count} customers")
    print_table("sample", ("客户号", "姓名", "客户经理"), [(one.ref, one.name, one.manager) for one in some])


@app.command()
def fields(as_json: AsJson = False) -> None:
    """List what a segment can ask about, and the ops."""
    known = {name: field.kind.__name__ for name, field in FIELDS.items()}
    if as_json:
        print_json({"fields": known, "ops": list(segments.COMPARISONS)})
        return
    print_table("fields", ("field", "value"), known.items())
    console.print(f"ops: {', '.join(segments.COMPARISONS)}")
