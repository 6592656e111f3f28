"""Train when something it depends on has changed: `uv run --project bot python -m bot.train`."""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from bot.environment import MODELS, ROOT, prepare

NAME = "outreach.tar.gz"
EXAMPLES = ("data/nlu", "data/rules")
INPUTS = ("config.yml", "domain.yml", *EXAMPLES, "bot/components", "bot/dictionary", "bot/uv.lock")
CORRECTIONS = "data/corrections.yml"
"""What staff put right: learned by a candidate only, which is measured before it is put in use."""


def main() -> None:
    """Train, unless the model at hand was made from the same inputs."""
    options = argparse.ArgumentParser(prog="bot.train", description=__doc__)
    options.add_argument("--force", action="store_true", help="train even if nothing has changed")
    options.add_argument("--models", type=Path, default=MODELS, help="where the model goes")
    options.add_argument(
        "--candidate",
        action="store_true",
        help="train from corrections, too, beside the model in use: models/candidate",
    )
    options.add_argument("--examples", type=Path, help="with --candidate: a folder to learn from instead of data/nlu")
    given = options.parse_args()
    if given.examples and not given.candidate:
        options.error("--examples is for a candidate: the model that is shipped learns from data/nlu")
    if given.examples and not given.examples.is_dir():
        options.error(f"--examples {given.examples} is no folder; name one that holds files like those of data/nlu")
    given.models.mkdir(parents=True, exist_ok=True)
    if given.candidate:
        with _alone(given.models):
            candidate = given.models / "candidate"
            candidate.mkdir(exist_ok=True)
            nlu, rules = EXAMPLES
            learned = [str(given.examples.resolve()) if given.examples else nlu, rules]
            train(candidate, fingerprint(ROOT), [*learned, *([CORRECTIONS] if (ROOT / CORRECTIONS).exists() else [])])
        print("compare it with the model in use: make eval PART=candidate; put it in use: make publish")  # noqa: T201
        return
    with _alone(given.models):
        wanted = fingerprint(ROOT)
        if not given.force and made_from(given.models) == wanted:
            print(f"{given.models / NAME} is up to date")  # noqa: T201 - a command
            return
        train(given.models, wanted)


def fingerprint(root: Path) -> str:
    """A hash over everything the model depends on: names and contents."""
    digest = hashlib.sha256()
    for path in sorted(_files(root)):
        digest.update(f"{path.relative_to(root)}\n".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def made_from(models: Path) -> str | None:
    """The fingerprint of the model that is there."""
    kept = _note(models)
    return kept.read_text(encoding="ascii").strip() if kept.exists() and (models / NAME).exists() else None


def train(models: Path, wanted: str, examples: Sequence[str] = EXAMPLES) -> None:
    """Train beside the old model and put the new one in its place at once."""
    prepare()
    # Two trainings in one tree would share Rasa's cache; the inputs' fingerprint does its work.
    os.environ["RASA_MAX_CACHE_SIZE"] = "0"
    os.chdir(ROOT)

    from rasa.__main__ import main as rasa  # noqa: PLC0415 - ten seconds, for a training only

    with tempfile.TemporaryDirectory(dir=models, prefix=".training-") as folder:
        sys.argv = ["rasa", "train", "--data", *examples, "--out", folder, "--fixed-model-name", NAME]
        rasa()
        # Forgotten first: a model that was put there by half is trained again.
        _note(models).unlink(missing_ok=True)
        (Path(folder) / NAME).replace(models / NAME)
    _note(models).write_text(f"{wanted}\n", encoding="ascii")


def _files(root: Path) -> Iterator[Path]:
    for name in INPUTS:
        path = root / name
        if path.is_dir():
            yield from (file for file in path.rglob("*") if file.is_file() and file.suffix != ".pyc")
        elif path.exists():
            yield path


def _note(models: Path) -> Path:
    return models / "outreach.inputs"


@contextmanager
def _alone(models: Path) -> Iterator[None]:
    with (models / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    main()
