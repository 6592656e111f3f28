"""The Gather verb: prompts, then what is said or pressed, then the action."""

from dataclasses import dataclass, replace

from local_carrier.calls import reports
from local_carrier.calls.line import Ear, over_before

from .document import Verb
from .program import Leave, Program
from .sounds import sound
from .troubles import AUTO_MODEL

SILENCE_SECONDS = 5  # Twilio's usual timeout
AUTO_SECONDS = 0.8  # of silence, after which an automatic end of speech is found
LONGEST_SPEECH = 60


@dataclass(frozen=True, slots=True)
class Answer:
    """What was gathered; no words and no keys when nothing was understood."""

    words: str = ""
    confidence: float = 0.0
    keys: str = ""

    def form(self) -> dict[str, str]:
        """Write what the action is told.

        SpeechResult=好的 明天下午三点  Confidence=0.91
        """
        if self.keys:
            return {"Digits": self.keys, "msg": "Gather"}
        if self.words:
            return {"SpeechResult": self.words, "Confidence": str(self.confidence), "msg": "Gather"}
        return {"msg": "Gather"}


async def perform_gather(program: Program, verb: Verb) -> Leave | None:
    """Ask, listen, and go where the answer leads; without an answer to the next verb."""
    inputs = verb.get("input", "dtmf").split()
    if "speech" in inputs and verb.get("speechTimeout") == "auto" and verb.get("speechModel", "default") == "default":
        program.warn(AUTO_MODEL, "speechTimeout auto needs a model that is not the default")
    answer = await _gather(program, verb, Ear.for_(speech="speech" in inputs, keys="dtmf" in inputs))
    if answer.words or answer.keys or verb.yes("actionOnEmptyResult", usual=False):
        return program.follow(verb, answer.form())
    return None


async def _gather(program: Program, verb: Verb, ear: Ear) -> Answer:
    line = program.line
    breaks_in = ear.began if verb.yes("bargeIn", usual=True) else None
    if breaks_in:
        line.attach(ear)
    try:
        for prompt in verb.inside:
            if not ear.began.is_set():
                await sound(program, prompt, breaks_in)
        await line.listen(ear)
        return await _listen(program, verb, ear)
    finally:
        line.ear = None


async def _listen(program: Program, verb: Verb, ear: Ear) -> Answer:
    line, patience = program.line, _seconds(verb, "timeout", SILENCE_SECONDS)
    answer, silence = Answer(), patience
    while ear.heard.qsize() or not await over_before(line.pause(silence), ear.began):
        utterance = await ear.heard.get()
        if not ear.heard.qsize():
            ear.began.clear()
        if utterance.keys:
            answer, done = _pressed(verb, answer, utterance.keys)
            if done:
                break
            silence = patience
        elif not answer.keys:  # once keys are pressed, words no longer count
            confidence = min(utterance.confidence, answer.confidence or 1.0)
            answer = replace(answer, words=f"{answer.words} {utterance.speech}".strip(), confidence=confidence)
            _tell_partial(program, verb, answer)
            silence = _seconds(verb, "speechTimeout", patience)
    return answer


def _pressed(verb: Verb, answer: Answer, keys: str) -> tuple[Answer, bool]:
    """Take keys one by one; tell whether that was the last."""
    pressed = answer.keys
    for key in keys:
        if key in verb.get("finishOnKey", "#"):
            return Answer(keys=pressed), True
        pressed += key
        if len(pressed) == verb.number("numDigits", 0):
            return Answer(keys=pressed), True
    return Answer(keys=pressed), False


def _tell_partial(program: Program, verb: Verb, answer: Answer) -> None:
    report = program.report(verb, "partialResultCallback")
    form = {"StableSpeechResult": answer.words, "UnstableSpeechResult": "", "Confidence": str(answer.confidence)}
    reports.send(program.carrier, program.call, report, reports.call_form(program.call) | form)


def _seconds(verb: Verb, name: str, usual: float) -> float:
    value = verb.get(name)
    if value == "auto":
        return AUTO_SECONDS if name == "speechTimeout" else SILENCE_SECONDS
    return float(value) if value else usual
