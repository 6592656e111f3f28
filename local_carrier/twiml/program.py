"""Performing documents on a line, one verb after the other, until they end the call or it ends otherwise."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urljoin

from local_carrier.calls.asking import ask
from local_carrier.calls.call import Call, Report, Source
from local_carrier.calls.line import Who
from local_carrier.calls.speaking import speaking_seconds
from local_carrier.carrier import Carrier
from local_carrier.webhook import Alert

from .document import Verb, read
from .troubles import NO_URL, TroubleError

APPLICATION_ERROR = (
    "很抱歉，应用程序出现错误，再见。"  # Twilio says it in English: "We are sorry, an application error has occurred."
)


@dataclass(frozen=True, slots=True)
class Leave:
    """The document is left: for another one, or for good."""

    to: Source | None = None


type Perform = Callable[["Program", Verb], Awaitable[Leave | None]]


class Program:
    """What the bank's side of one call does."""

    def __init__(self, carrier: Carrier, call: Call, verbs: Mapping[str, Perform]) -> None:
        self.carrier, self.call, self.line = carrier, call, call.line
        self.url = ""  # of the document that is performed
        self.verbs = verbs
        self.hung_up = False  # by the document
        self._fell_back = False

    async def run(self, source: Source) -> None:
        """Perform a document and whatever it leads to."""
        step: Source | None = source
        while step is not None:
            url = step.url
            try:
                verbs = read(step.twiml or await ask(self.carrier, self.call, step))
                self.url = url or self.url
                step = await self._perform(verbs)
            except TroubleError as trouble:
                step = self._instead(trouble, url)
                if step is None:
                    self.line.write(Who.CARRIER, APPLICATION_ERROR)
                    await self.line.pause(speaking_seconds(APPLICATION_ERROR))

    def follow(self, verb: Verb, form: Mapping[str, str]) -> Leave:
        """Leave for a verb's action, or, without one, for the same document again."""
        url = self.absolute(verb.get("action"))
        return Leave(Source(url, verb.get("method", "POST"), form=tuple(form.items())))

    def absolute(self, url: str) -> str:
        """Complete an address from the document's own."""
        if whole := urljoin(self.url, url):
            return whole
        raise TroubleError(NO_URL, "the document came without an address, so an action needs one")

    def report(self, verb: Verb, name: str, events: frozenset[str] = frozenset({"completed"})) -> Report:
        """Read a callback's address, method and events from a verb."""
        url = verb.get(name)
        told = verb.get(name + "Event")
        return Report(
            self.absolute(url) if url else "",
            verb.get(name + "Method", "POST"),
            frozenset(told.split()) if told else events,
        )

    def warn(self, code: int, what: str) -> None:
        """Keep an alert; the call goes on."""
        self.carrier.webhooks.alerts.append(Alert(code, self.url, what, 1))

    async def _perform(self, verbs: tuple[Verb, ...]) -> Source | None:
        for verb in verbs:
            if left := await self.verbs[verb.name](self, verb):
                self.hung_up = left.to is None
                return left.to
        return None

    def _instead(self, trouble: TroubleError, url: str) -> Source | None:
        """Find what is performed in place of a document that failed; once in a call there is the fallback."""
        if not trouble.noted:
            self.carrier.webhooks.alerts.append(Alert(trouble.code, url, trouble.what, 1))
        fallback = self.call.wishes.fallback
        if self._fell_back or not fallback.url:
            return None
        self._fell_back = True
        told = (("ErrorCode", str(trouble.code)), ("ErrorUrl", url))
        return Source(fallback.url, fallback.method, form=told)
