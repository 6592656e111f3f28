"""Forms as a browser sends them: the fields of the page, hidden ones among them."""

from __future__ import annotations

import html
import re

FORM = re.compile(r'<form method="post" action="(/[^"]+)">(.*?)</form>', re.DOTALL)
INPUT = re.compile(r'<input[^>]* name="([^"]+)" value="([^"]*)"')
TEXTAREA = re.compile(r'<textarea name="([^"]+)"[^>]*>(.*?)</textarea>', re.DOTALL)


def sent_again(client, told):
    """Send the form of a page that says what was not saved once more."""
    path, inside = FORM.search(told.text.split('class="door wide"')[1]).groups()
    fields = INPUT.findall(inside) + TEXTAREA.findall(inside)
    return client.post(path, data={name: html.unescape(value) for name, value in fields})
