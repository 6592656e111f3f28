"""The IncomingPhoneNumbers resource: which numbers the account owns and where their texts go."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request

from local_carrier.carrier import Carrier, OwnedNumber
from local_carrier.clock import machine_now
from local_carrier.message import API_VERSION, rfc2822
from local_carrier.refusals import RefusedError

from .access import admit, read_form, text
from .paging import page_of

CHANGED_BY = {
    "FriendlyName": "friendly_name",
    "SmsUrl": "sms_url",
    "SmsMethod": "sms_method",
    "SmsFallbackUrl": "sms_fallback_url",
    "SmsFallbackMethod": "sms_fallback_method",
    "StatusCallback": "status_callback",
    "StatusCallbackMethod": "status_callback_method",
}

router = APIRouter(prefix="/2010-04-01/Accounts/{account_sid}/IncomingPhoneNumbers")
Admitted = Annotated[Carrier, Depends(admit)]


@router.get(".json")
async def list_numbers(request: Request, carrier: Admitted) -> dict[str, Any]:
    """List the account's numbers; PhoneNumber and FriendlyName narrow it."""
    query = request.query_params
    rows = [
        number
        for number in carrier.numbers.values()
        if query.get("PhoneNumber", "").lstrip("+ ") in number.number
        and query.get("FriendlyName") in (None, number.fields["friendly_name"])
    ]
    account = carrier.settings.account_sid
    return page_of(
        rows,
        query,
        request.url.path,
        key="incoming_phone_numbers",
        sid=lambda n: n.sid,
        show=lambda n: _shown(n, account),
    )


@router.get("/{sid}.json")
async def fetch(request: Request, sid: str, carrier: Admitted) -> dict[str, Any]:
    """Show one number."""
    return _shown(_found(carrier, sid, request), carrier.settings.account_sid)


@router.post("/{sid}.json")
async def update(request: Request, sid: str, carrier: Admitted) -> dict[str, Any]:
    """Change where a number's texts go."""
    number = _found(carrier, sid, request)
    form = await read_form(request)
    changes = {CHANGED_BY[key]: text(form, key) for key in form if key in CHANGED_BY}
    _check(changes)
    number.fields |= changes
    number.updated = rfc2822(machine_now())
    return _shown(number, carrier.settings.account_sid)


def _check(changes: Mapping[str, str]) -> None:
    for name, value in changes.items():
        if name.endswith("_method") and value not in ("GET", "POST"):
            raise RefusedError(20001, f"{name} must be GET or POST")
        if name.endswith(("_url", "_callback")) and value and not value.startswith(("http://", "https://")):
            raise RefusedError(20001, f"{name} is not a valid URL")


def _found(carrier: Carrier, sid: str, request: Request) -> OwnedNumber:
    for number in carrier.numbers.values():
        if number.sid == sid:
            return number
    raise RefusedError(20404, request.url.path)


def _shown(number: OwnedNumber, account_sid: str) -> dict[str, Any]:
    return {
        "account_sid": account_sid,
        "address_requirements": "none",
        "address_sid": None,
        "api_version": API_VERSION,
        "beta": False,
        "bundle_sid": None,
        "capabilities": {"voice": True, "sms": True, "mms": True, "fax": False},
        "date_created": number.created,
        "date_updated": number.updated,
        "emergency_address_sid": None,
        "emergency_address_status": "unregistered",
        "emergency_status": "Inactive",
        "identity_sid": None,
        "origin": "twilio",
        "phone_number": number.number,
        "sid": number.sid,
        "sms_application_sid": None,
        "status": "in-use",
        "trunk_sid": None,
        "type": "local",
        "uri": f"/{API_VERSION}/Accounts/{account_sid}/IncomingPhoneNumbers/{number.sid}.json",
        **number.fields,
    }
