"""Twilio's error answers: a code, a sentence, and the HTTP status they travel with."""

from typing import Any

from fastapi.responses import JSONResponse

REFUSALS: dict[int, tuple[int, str]] = {
    10004: (429, "Call concurrency limit exceeded"),
    20001: (400, "{detail}"),
    20003: (401, "Authenticate"),
    20004: (405, "Method not allowed"),
    20009: (409, "Cannot delete this resource before it is complete"),
    20404: (404, "The requested resource {detail} was not found"),
    20429: (429, "Too Many Requests"),
    20500: (500, "Internal Server Error"),
    21201: (400, "No 'To' number is specified"),
    21205: (400, "Url parameter is required."),
    21210: (400, "The source phone number provided, {detail}, is not yet verified for your account."),
    21211: (400, "Invalid 'To' Phone Number: {detail}"),
    21212: (400, "Invalid 'From' Phone Number: {detail}"),
    21213: (400, "No 'From' number is specified"),
    21214: (400, "'To' phone number cannot be reached: {detail}"),
    21215: (400, "Account not authorized to call {detail}."),
    21216: (400, "Account not allowed to call {detail}"),
    21217: (400, "Phone number does not appear to be valid: {detail}"),
    21218: (400, "Invalid ApplicationSid: {detail}"),
    21220: (400, "Call is not in-progress. Cannot redirect."),
    21408: (
        400,
        "Permission to send an SMS has not been enabled for the region indicated by the 'To' number: {detail}",
    ),
    21602: (400, "Message body is required."),
    21603: (400, "A 'From' phone number is required."),
    21604: (400, "A 'To' phone number is required."),
    21606: (
        400,
        "The 'From' phone number {detail} is not a valid, message-capable Twilio phone number for this destination.",
    ),
    21609: (400, "The 'StatusCallback' URL {detail} is not a valid URL."),
    21610: (400, "Attempt to send to unsubscribed recipient"),
    21611: (429, "This 'From' number has exceeded the maximum number of queued messages"),
    21612: (400, "The 'To' phone number: {detail}, is not currently reachable using the 'From' phone number via SMS."),
    21614: (400, "'To' number is not a valid mobile number: {detail}"),
    21617: (400, "The concatenated message body exceeds the 1600 character limit."),
    21624: (400, "Invalid validity period value"),
    21701: (400, "The Messaging Service does not exist: {detail}"),
    30400: (400, "Parameters are not valid"),
    30409: (409, "This message cannot be canceled"),
    35118: (400, "MessagingServiceSid is required to schedule a message"),
}


class RefusedError(Exception):
    """The carrier refused a request, with Twilio's code."""

    def __init__(self, code: int, detail: str = "", *, headers: dict[str, str] | None = None) -> None:
        super().__init__(code)
        self.code, self.detail, self.headers = code, detail, headers

    def response(self) -> JSONResponse:
        """Word the refusal as Twilio does."""
        status, sentence = REFUSALS[self.code]
        body: dict[str, Any] = {
            "code": self.code,
            "message": sentence.format(detail=self.detail),
            "more_info": f"https://www.twilio.com/docs/errors/{self.code}",
            "status": status,
        }
        return JSONResponse(body, status, headers=self.headers)


def masked(number: str) -> str:
    """Hide a number's last four digits, as Twilio's sentences do."""
    return number[:-4] + "XXXX"
