"""The verbs of TwiML that are served, their attributes, and what may stand inside them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from .checks import METHOD, YES_NO, Check, address, anything, each_of, like, one_of, whole

SPOKEN = (
    "arb", "cmn-CN", "cmn-TW", "da-DK", "de-DE", "en-AU", "en-CA", "en-GB", "en-IN", "en-US", "es-ES", "es-MX", "fr-CA",
    "fr-FR", "hi-IN", "id-ID", "it-IT", "ja-JP", "ko-KR", "ms-MY", "nl-NL", "pl-PL", "pt-BR", "pt-PT", "ru-RU", "sv-SE",
    "th-TH", "tr-TR", "vi-VN", "yue-HK", "zh-CN", "zh-HK", "zh-TW",
)  # fmt: skip
RECOGNISED = (
    "cmn-Hans-CN", "cmn-Hans-HK", "cmn-Hant-TW", "yue-Hant-HK", "zh", "zh-TW", "zh-CN", "de-DE", "en-AU", "en-CA", "en-GB",
    "en-IN", "en-US", "es-ES", "es-MX", "fr-CA", "fr-FR", "hi-IN", "id-ID", "it-IT", "ja-JP", "ko-KR", "ms-MY", "pt-BR",
    "ru-RU", "th-TH", "vi-VN",
)  # fmt: skip
VOICE = (
    r"man|woman|alice|Polly\.[A-Z][a-zé]+(-Neural|-Generative)?"
    r"|Google\.[a-z]{2,3}-[A-Z]{2}-(Standard|Wavenet|Neural2)-[A-P]|Google\.[a-z]{2,3}-[A-Z]{2}-Chirp3-HD-[A-Z][a-z]+"
)
MODEL = (
    r"default|numbers_and_commands|phone_call|experimental_conversations|experimental_utterances"
    r"|googlev2_(long|short|telephony|telephony_short)|deepgram_nova-[23](-[a-z]+)?"
)
FOLLOWING = {"action": address, "method": METHOD}
RECORDING = {
    "recordingStatusCallback": address,
    "recordingStatusCallbackMethod": METHOD,
    "recordingStatusCallbackEvent": each_of("in-progress", "completed", "absent"),
}
TRACKS = one_of("inbound", "outbound", "both")
EVENTS = each_of("initiated", "ringing", "answered", "completed")
DIAL_RECORD = one_of(
    "do-not-record", "true", "false", "record-from-answer", "record-from-ringing", "record-from-answer-dual",
    "record-from-ringing-dual",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shape:
    """What one verb or noun may look like."""

    attributes: Mapping[str, Check] = field(default_factory=dict)
    inside: frozenset[str] = frozenset()
    words: bool = False  # text may stand inside


SPEAKING_TAGS = ("break", "emphasis", "lang", "p", "phoneme", "prosody", "s", "say-as", "sub", "w")
SSML = {f"Say/{tag}": Shape(dict.fromkeys(names, anything), frozenset(SPEAKING_TAGS), words=True) for tag, names in {
    "break": ("strength", "time"), "emphasis": ("level",), "lang": ("xml:lang",), "p": (), "phoneme": ("alphabet", "ph"),
    "prosody": ("volume", "rate", "pitch"), "s": (), "say-as": ("interpret-as", "format", "role"), "sub": ("alias",),
    "w": ("role",),
}.items()}  # fmt: skip

VERBS = {
    "Say": Shape(
        {"voice": like(VOICE), "language": one_of(*SPOKEN), "loop": whole(0, 1000)},
        frozenset(SPEAKING_TAGS),
        words=True,
    ),
    "Play": Shape({"loop": whole(0, 1000), "digits": like("[0-9*#wW]+")}, words=True),
    "Pause": Shape({"length": whole(0)}),
    "Gather": Shape(
        FOLLOWING
        | {
            "input": each_of("dtmf", "speech"),
            "language": one_of(*RECOGNISED),
            "hints": anything,
            "timeout": whole(0, 14_400, "auto"),
            "speechTimeout": whole(0, 14_400, "auto"),
            "maxSpeechTime": whole(1),
            "numDigits": whole(1, 1000),
            "finishOnKey": like("[0-9*#]*"),
            "partialResultCallback": address,
            "partialResultCallbackMethod": METHOD,
            "profanityFilter": YES_NO,
            "bargeIn": YES_NO,
            "actionOnEmptyResult": YES_NO,
            "speechModel": like(MODEL),
            "enhanced": YES_NO,
            "debug": YES_NO,
        },
        frozenset({"Say", "Play", "Pause"}),
    ),
    "Redirect": Shape({"method": METHOD}, words=True),
    "Hangup": Shape(),
    "Reject": Shape({"reason": one_of("rejected", "busy")}),
    "Record": Shape(
        FOLLOWING
        | RECORDING
        | {
            "timeout": whole(0),
            "finishOnKey": like("[0-9*#]*"),
            "maxLength": whole(1),
            "playBeep": YES_NO,
            "trim": one_of("trim-silence", "do-not-trim"),
        }
    ),
    "Dial": Shape(
        FOLLOWING
        | RECORDING
        | {
            "timeout": whole(1, 600),
            "callerId": like(r"\+[1-9]\d{6,14}"),
            "timeLimit": whole(1),
            "hangupOnStar": YES_NO,
            "answerOnBridge": YES_NO,
            "ringTone": like("[a-z]{2}|at|cl"),
            "record": DIAL_RECORD,
            "recordingTrack": TRACKS,
        },
        frozenset({"Number"}),
        words=True,
    ),
    "Start": Shape(inside=frozenset({"Recording"})),
    "Stop": Shape(inside=frozenset({"Recording"})),
}
NOUNS = {
    "Dial/Number": Shape(
        {
            "url": address,
            "method": METHOD,
            "sendDigits": like("[0-9*#wW]+"),
            "statusCallback": address,
            "statusCallbackMethod": METHOD,
            "statusCallbackEvent": EVENTS,
        },
        words=True,
    ),
    "Start/Recording": Shape(
        RECORDING | {"channels": one_of("mono", "dual"), "track": TRACKS, "trim": one_of("trim-silence", "do-not-trim")}
    ),
    "Stop/Recording": Shape(),
}
ROOT = Shape(inside=frozenset(VERBS))
