"""The signature that Twilio puts on every request to the bank."""

import base64
import hashlib
import hmac
from collections.abc import Mapping


def sign(auth_token: str, url: str, form: Mapping[str, str]) -> str:
    """Sign the full URL, without its fragment, followed by the form's keys and values in the order of the keys."""
    signed = url + "".join(key + form[key] for key in sorted(form))
    digest = hmac.new(auth_token.encode(), signed.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()
