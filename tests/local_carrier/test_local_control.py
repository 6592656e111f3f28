"""The control API's door, and its clean start."""

import pytest
from carrier_on_test import SENDER

CUSTOMER = "+8613800000001"


@pytest.mark.parametrize(
    "headers",
    [{"Host": "bank.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}],
)
@pytest.mark.parametrize("path", ["/control/handsets", "/", "/phones/+8613800000001"])
def test_other_sites_and_names_stay_outside(carrier, headers, path):
    assert carrier.control.get(path, headers=headers).status_code == 403


def test_a_clean_start_forgets_texts_counts_and_faults(carrier):
    carrier.text(CUSTOMER)
    carrier.faults({"match": {"op": "create"}, "do": "refuse_500"})
    assert carrier.control.delete("/control/state").status_code == 204
    assert carrier.counters()["posts"] == 0
    assert carrier.control.get("/control/handsets").json()["total"] == 0
    assert carrier.control.get(f"/control/handsets/{CUSTOMER}").status_code == 404
    assert carrier.text(CUSTOMER).status == "queued"


def test_handsets_are_found_by_number_and_persona(carrier):
    carrier.text(CUSTOMER)
    carrier.pin("+8613900000002", "refuses_rudely")

    def found(query):
        return [h["number"] for h in carrier.control.get("/control/handsets", params={"q": query}).json()["handsets"]]

    assert found("138 0000") == [CUSTOMER]
    assert found("rudely") == ["+8613900000002"]
    assert found("没好气") == ["+8613900000002"]
    assert found("no such thing") == []


def test_a_handset_may_text_only_the_accounts_numbers(carrier):
    answer = carrier.control.post(f"/control/handsets/{CUSTOMER}/messages", json={"body": "好", "to": "+13125550100"})
    assert answer.status_code == 422
    assert carrier.say(CUSTOMER, "好", to=SENDER)["to"] == SENDER


@pytest.mark.parametrize("anchor", [{"rate": 0}, {"rate": 1e9}, {"now": "2026-01-01T00:00:00"}, {"speed": 2}])
def test_a_clock_that_makes_no_sense_is_refused(carrier, anchor):
    assert carrier.control.put("/control/clock", json=anchor).status_code == 422


def test_the_next_thing_to_happen_can_be_asked_for(carrier):
    assert carrier.control.get("/control/next").json() == {"due": None, "requests": 0, "texts": 0}
