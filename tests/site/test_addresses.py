"""An address with a domain in letters outside ASCII is accepted in every field, and mailed and compared as xn--."""

import pytest
import sqlalchemy as sa
from werkzeug.datastructures import MultiDict

from schakel import pages
from schakel.addresses import fold_address, mail_address
from schakel.notifications import ics, service
from schakel.notifications.models import Mail
from schakel.registrations.models import Registration
from tests.registrations import make_registrations

TYPED, SENT = "info@huisartspraktijk-jägers.nl", "info@xn--huisartspraktijk-jgers-i5b.nl"
MAILED = {
    TYPED: SENT,
    "Info@Huisartspraktijk-JÄGERS.nl": f"Info{SENT[4:]}",
    "a@praktijk.nl": "a@praktijk.nl",
    "a@straße.de": "a@xn--strae-oqa.de",
    "a@bücher.example": "a@xn--bcher-kva.example",
}


@pytest.mark.parametrize("email", MAILED)
def test_a_domain_outside_ascii_is_mailed_as_xn(email):
    assert mail_address(email) == MAILED[email]
    assert fold_address(email) == fold_address(MAILED[email])


class Plain(pages.Form):
    """One address."""

    class Meta:
        csrf = False

    email = pages.email("E-mail")


def accepts(email: str) -> bool:
    form = Plain(MultiDict({"email": email}))
    return form.validate()


def test_an_address_field_takes_such_a_domain_but_no_odd_name_before_the_at_sign(app):
    with app.test_request_context():
        assert accepts(TYPED) and accepts(SENT)
        assert not accepts("jägers@praktijk.nl") and not accepts("a@-ä.nl") and not accepts("a@ä..nl")


def test_a_guest_with_such_an_address_is_mailed_at_it_and_signs_up_once(client, work):
    hall = make_registrations.make_hall(work, None)
    for email in (TYPED, SENT, TYPED.upper()):
        assert make_registrations.sign_up(client, hall, email=email).status_code == 303
    with work() as session:
        assert session.scalars(sa.select(Registration.email)).all() == [TYPED]
        assert set(session.scalars(sa.select(Mail.to_address))) == {SENT}
        assert SENT in calendar_text(session)


def calendar_text(session) -> str:
    """Return the stored calendar of the first mail as the file that goes with it."""
    mail = session.scalars(sa.select(Mail).order_by(Mail.id).limit(1)).one()
    return ics.calendar(mail.calendar["method"], service.entries_of(mail.calendar)).decode().replace("\r\n ", "")
