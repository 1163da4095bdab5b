"""Every stored value can be mailed: headers are reduced to one line of printable characters."""

from dataclasses import asdict
from email import message_from_bytes
from email.policy import SMTP, default
from email.utils import getaddresses

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schakel import dates
from schakel.notifications import mailer, rules
from schakel.notifications.models import Mail
from tests.notifications.outbox import deliver, letter, queue

ENDS = ["\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x9b", "\n", "\r\n", "\r", "\x00"]
FOUR = {"Subject", "From", "To", "Message-ID", "Date", "Auto-Submitted", "MIME-Version", "Content-Type", "Reply-To"}


def mail_with(**wishes: str) -> Mail:
    values = {"subject": "Onderwerp", "to_name": "Tjitske", "from_name": "Huis", "reply_to": "post@example.org"}
    content = {name: value for name, value in asdict(letter()).items() if name not in ("kind", "subject")}
    return Mail(
        public_id="0" * 12, to_address="t@example.org", content=content, queued_at=dates.now(), **{**values, **wishes}
    )


def heads(made) -> set[str]:
    """Return the names of the headers as sent."""
    lines = made.as_bytes(policy=SMTP).partition(b"\r\n\r\n")[0].split(b"\r\n")
    return {line.partition(b":")[0].decode() for line in lines if not line.startswith((b" ", b"\t"))}


@pytest.mark.parametrize("field", ["subject", "to_name", "from_name", "reply_to"])
@pytest.mark.parametrize("end", ENDS, ids=repr)
def test_an_end_of_line_in_a_stored_value_makes_no_header_and_stops_no_mail(app, field, end):
    with app.app_context():
        made = mailer.build(mail_with(**{field: f"A{end}Bcc: x@evil.test"}), "https://x.example", "s@example.org")
    assert heads(made) <= FOUR


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=300))
def test_every_text_can_be_mailed(app, text):
    with app.app_context():
        made = mailer.build(
            mail_with(subject=text, to_name=text, from_name=text, reply_to=text), "https://x.example", "s@example.org"
        )
    assert heads(made) <= FOUR and made["Subject"] == rules.one_line(text)


def test_a_row_with_a_broken_subject_is_sent_like_any_other(app, post, sink, work):
    with work():
        queue("Tjits\u2028ke", "tjitske@example.org", subject="Wie \x85 komt\u2029er?")
    assert deliver(app) == 1 and len(sink.taken) == 1
    with work() as session:
        assert session.query(Mail).one().state == "sent"


LONG = "Boogaard-van der Meulen, Theodora Wilhelmina, klinisch geriater en opleider te Oefenhoven"
NAMES = [
    LONG, f"{LONG} (waarnemend)", f'{LONG} "Thea"', f"Thea <kwaad@example.net>, {LONG}", "a@b.example.org," * 12, '"' * 80,
    "\\" * 90, "Jansen; de: Boer" * 8, "(" * 100, "é," * 90, "[x] " * 40, "naam," * 40,
]  # fmt: skip


def addresses(made, name: str) -> list[tuple[str, str]]:
    """Return the addresses that a mail program reads in a header of the sent bytes."""
    received = message_from_bytes(made.as_bytes(policy=SMTP), policy=default)
    old = getaddresses(message_from_bytes(made.as_bytes(policy=SMTP)).get_all(name))
    assert [one.addr_spec for one in received[name].addresses] == [address for _name, address in old]
    return [(one.display_name, one.addr_spec) for one in received[name].addresses]


def check_addresses(app, text: str) -> None:
    with app.app_context():
        made = mailer.build(mail_with(to_name=text, from_name=text), "https://x.example", "s@example.org")
    for header, address in (("To", "t@example.org"), ("From", "s@example.org")):
        found = addresses(made, header)
        assert [one[1] for one in found] == [address], (header, text, found)
        assert "kwaad@" not in found[0][0]


@pytest.mark.parametrize("text", NAMES, ids=range(len(NAMES)))
def test_a_long_name_with_signs_is_one_recipient_with_its_own_address(app, text):
    check_addresses(app, text)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(alphabet='ab ,.<>@"()[];:\\é\t-', min_size=60, max_size=200))
def test_any_name_is_one_recipient_with_its_own_address(app, text):
    check_addresses(app, text)


def test_an_ordinary_name_is_displayed_as_it_is():
    for text in (
        "Tjitske van der Voorbeeldsma",
        "Dr. A.B. de Boer-Jansen",
        "Øyvind 't Hart",
        "Huisartsencoöperatie CoLeo",
    ):
        assert rules.display_name(text) == text


def test_the_printable_text_of_a_header_is_unchanged():
    for text in ("Één sessie – “bereikbaarheid”", "می‌خواهم", "👩‍⚕️ in huis", "Grytsje  de   Boer"):
        assert rules.one_line(text) == " ".join(text.split())
    assert rules.one_line("a\u2028b\x85c\r\nd") == "a b c d"
