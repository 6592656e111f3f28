"""What can be wrong with a document or its delivery, with Twilio's error codes."""

PARSE, SCHEMA, NO_URL, AUTO_MODEL = 12100, 12200, 11100, 13335
BAD_CALLER, BAD_NUMBER = 13214, 13223


class TroubleError(Exception):
    """The call's program cannot go on as it is."""

    def __init__(self, code: int, what: str, *, noted: bool = False) -> None:
        super().__init__(code, what)
        self.code, self.what = code, what
        self.noted = noted  # an alert has been kept already
