"""A model is trained again when what it depends on has changed, and only then."""

import pytest
from bot import train


def test_every_input_counts(tmp_path):
    (tmp_path / "data/nlu").mkdir(parents=True)
    (tmp_path / "config.yml").write_text("language: zh")
    (tmp_path / "data/nlu/yes.yml").write_text("好")
    seen = [train.fingerprint(tmp_path)]
    (tmp_path / "data/nlu/yes.yml").write_text("好的")
    seen.append(train.fingerprint(tmp_path))
    (tmp_path / "data/nlu/yes.yml").rename(tmp_path / "data/nlu/affirm.yml")
    seen.append(train.fingerprint(tmp_path))
    assert len(set(seen)) == 3


def test_what_is_no_input_does_not_count(tmp_path):
    before = train.fingerprint(tmp_path)
    (tmp_path / "README.md").write_text("read me")
    assert train.fingerprint(tmp_path) == before


def test_a_note_without_its_model_is_no_model(tmp_path):
    (tmp_path / "outreach.inputs").write_text("abc\n")
    assert train.made_from(tmp_path) is None
    (tmp_path / train.NAME).touch()
    assert train.made_from(tmp_path) == "abc"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--examples", "{folder}"], "--examples is for a candidate"),
        (["--candidate", "--examples", "{folder}/none"], "is no folder"),
    ],
)
def test_other_examples_are_for_a_candidate_and_must_be_there(options, said, tmp_path, monkeypatch, capsys):
    asked = [one.format(folder=tmp_path) for one in options]
    monkeypatch.setattr("sys.argv", ["bot.train", "--models", str(tmp_path / "models"), *asked])
    with pytest.raises(SystemExit):
        train.main()
    assert said in capsys.readouterr().err
    assert not (tmp_path / "models").exists()
