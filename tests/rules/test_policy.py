import hashlib
from datetime import time

import pytest

from outreach.rules import Channel, PolicyError, read_policy
from outreach.rules.destinations import may_carry
from outreach.rules.windows import Span, read_span

from .people import POLICY, POLICY_FILE

SHIPPED = POLICY_FILE.read_text(encoding="utf-8")


def changed(tmp_path, old, new):
    assert old in SHIPPED
    path = tmp_path / "policy.yml"
    path.write_text(SHIPPED.replace(old, new, 1), encoding="utf-8")
    return path


def test_the_shipped_policy_is_what_the_bank_decided():
    assert [str(span) for span in POLICY.contact_windows.of(Channel.SMS).local_hours] == ["08:00-20:30"]
    assert [str(span) for span in POLICY.contact_windows.of(Channel.VOICE).local_hours] == [
        "09:00-12:00",
        "14:00-20:00",
    ]
    assert (POLICY.caps.calls_per_day, POLICY.caps.contacts_per_7_days) == (1, 3)
    assert (POLICY.answers.window_hours, POLICY.answers.automatic_per_hour) == (24, 10)
    assert (POLICY.follow_up.no_reply_hours, POLICY.text.most_segments, POLICY.ages.minimum_years) == (72, 2, 18)


def test_the_hash_names_the_file_s_content(tmp_path):
    assert POLICY.hash == hashlib.sha256(POLICY_FILE.read_bytes()).hexdigest()
    assert read_policy(changed(tmp_path, "no_reply_hours: 72", "no_reply_hours: 48")).hash != POLICY.hash


def test_a_tighter_policy_is_accepted(tmp_path):
    tighter = read_policy(changed(tmp_path, '["09:00-12:00", "14:00-20:00"]', '["10:00-11:30"]'))
    assert tighter.contact_windows.voice.local_hours == (Span(time(10), time(11, 30)),)
    assert (
        read_policy(changed(tmp_path, "contacts_per_7_days: 3", "contacts_per_7_days: 1")).caps.contacts_per_7_days == 1
    )


WRONG = [
    ('"08:00-20:30"', '"08:00-21:00"', "contact_windows.sms", "stay within 08:00-20:30"),
    ('"09:00-12:00", "14:00-20:00"', '"09:00-20:00"', "contact_windows.voice", "stay within 09:00-12:00, 14:00-20:00"),
    ('["08:00-20:30"]', "[8]", "contact_windows.sms.local_hours.0", 'write it as "09:00-12:00"'),
    ('"08:00-20:30"', '"20:00-09:00"', "contact_windows.sms.local_hours.0", "end after it begins"),
    ('["08:00-20:30"]', "[]", "contact_windows.sms.local_hours", "at least 1 item"),
    ("weekends: true", "weekends: 'yes'", "contact_windows.sms.weekends", "valid boolean"),
    ("calls_per_day: 1", "calls_per_day: 2", "caps.calls_per_day", "less than or equal to 1"),
    ("calls_per_day: 1", "calls_per_day: '1'", "caps.calls_per_day", "valid integer"),
    ("calls_per_day: 1", "calls_per_day: true", "caps.calls_per_day", "valid integer"),
    ("contacts_per_7_days: 3", "contacts_per_7_days: 4", "caps.contacts_per_7_days", "less than or equal to 3"),
    (
        "contacts_per_7_days: 3",
        "contacts_per_week: 3",
        "caps.contacts_per_week",
        "unknown key; write contacts_per_7_days",
    ),
    ("version: 1", "version: 1\nzebra: 1", "zebra", "unknown key; take it out"),
    ("contacts_per_7_days: 3", "", "caps.contacts_per_7_days", "equired"),
    ("days: forever", "days: true", "retention.suppressions.days", "0 or more, or forever"),
    ("automatic_per_hour: 10", "automatic_per_hour: 11", "answers.automatic_per_hour", "less than or equal to 10"),
    ("minimum_years: 18", "minimum_years: 17", "ages.minimum_years", "greater than or equal to 18"),
    ("twilio: [service] ", "twilio: [marketing] ", "countries", "may not carry marketing there"),
    (
        "    local: [marketing, service]       #",
        "    twilio: [service]\n    local: [marketing, service] #",
        "countries",
        "list each country",
    ),
    ("[marketing, service]", "[advertising]", "countries.CN.local.0", "'marketing' or 'service'"),
    ("  SG:", "  Singapore:", "countries.Singapore.[key]", "should match pattern"),
    ("days: 1825", "days: 30", "retention", "consents: days may be from 1095 to forever"),
    ("bot_tracker:      {days: 0", "bot_tracker:      {days: 1", "retention", "bot_tracker: days may be from 0 to 0"),
    ("  exports: ", "  exportz: ", "retention", "missing ['exports'], unknown ['exportz']"),
    ("days: 7, why", "days: -1, why", "retention.import_files.days", "0 or more, or forever"),
    ("version: 1", "version: 2", "version", "should be 1"),
    ("version: 1", "version: 1\nhash: abc", "hash", "unknown key"),
]


@pytest.mark.parametrize(("old", "new", "key", "right"), WRONG)
def test_a_wrong_setting_names_file_key_and_what_is_right(tmp_path, old, new, key, right):
    path = changed(tmp_path, old, new)
    with pytest.raises(PolicyError) as error:
        read_policy(path)
    assert f"{path}: {key}" in str(error.value)
    assert right in str(error.value)


def test_a_file_that_is_missing_or_no_table_is_named(tmp_path):
    with pytest.raises(PolicyError, match=r"policy\.yml:5: YAML: cannot be read: found duplicate key"):
        read_policy(changed(tmp_path, "version: 1", "version: 1\nversion: 1"))
    with pytest.raises(PolicyError, match=r"nowhere\.yml"):
        read_policy(tmp_path / "nowhere.yml")
    (tmp_path / "list.yml").write_text("- 1\n", encoding="utf-8")
    with pytest.raises(PolicyError, match=r"list\.yml:1: YAML: is not a mapping"):
        read_policy(tmp_path / "list.yml")


def test_a_country_s_own_row_adds_to_the_row_for_any():
    countries = {"NO": {"twilio": frozenset({"service"})}, "any": {"local": frozenset({"marketing"})}}
    assert may_carry(countries, "twilio", "NO", "service")
    assert not may_carry(countries, "twilio", "NO", "marketing")
    assert may_carry(countries, "local", "NO", "marketing")
    assert not may_carry(countries, "twilio", "SE", "service")
    assert not may_carry({}, "local", "SE", "service")


def test_a_span_reads_itself():
    assert read_span(read_span("09:00-12:00")) == Span(time(9), time(12))


def test_every_figure_has_a_reason_beside_it():
    figures = [
        line for line in SHIPPED.splitlines() if line.strip() and line.strip().split(": ")[-1].split(" ")[0].isdigit()
    ]
    assert len([line for line in figures if "#" not in line]) <= 1  # the version
    assert all("_" in line.split(":")[0] for line in figures if not line.startswith("version"))
