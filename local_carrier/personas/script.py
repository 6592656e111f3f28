"""What somebody has to say: a script of sentences for an agenda, for cues, and for the end."""

from pydantic import BaseModel, ConfigDict, Field

type Sentence = (
    str | list[str]
)  # a list is sent as several texts, or said as several sentences, one right after the other
type Seconds = tuple[float, float]  # product seconds: at least, at most


class Afterthought(BaseModel):
    """Something said some time after the bank had closed the conversation."""

    model_config = ConfigDict(extra="forbid")
    delay: Seconds
    say: list[Sentence]
    reopens: bool = False


class Script(BaseModel):
    """What somebody has to say, in writing or on the phone."""

    model_config = ConfigDict(extra="forbid")
    delay: Seconds = (20, 300)
    agenda: list[list[Sentence]] = []  # brought up in this order, once each, before cues are answered
    answers: dict[str, list[Sentence]] = {}  # by cue; the shared answers fill what is missing
    shares_answers: bool = True  # false: says nothing beyond its own words
    otherwise: list[Sentence] = []  # to words that ask nothing it knows
    closing: list[Sentence] = []  # the last word, when the bank closes
    closing_share: float = Field(default=1, ge=0, le=1)
    after: list[Afterthought] = []
    patience: int = 12  # times it answers before it stops

    def sentences(self) -> list[str]:
        """List everything that can be said from this script."""
        groups = [
            *self.agenda,
            *self.answers.values(),
            self.otherwise,
            self.closing,
            *(item.say for item in self.after),
        ]
        return [text for group in groups for sentence in group for text in texts_of(sentence)]


def texts_of(sentence: Sentence) -> list[str]:
    """Show the texts of a sentence: one, or several in a row."""
    return [sentence] if isinstance(sentence, str) else sentence
