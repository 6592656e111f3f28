from __future__ import annotations

from xml.etree import ElementTree as ET

from outreach.carrier import twiml


def test_an_empty_answer_says_nothing():
    document = ET.fromstring(twiml.empty())
    assert document.tag == "Response"
    assert list(document) == []
    assert not document.text
