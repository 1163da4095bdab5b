"""A number that says what it is, is what it says; a citizen number without such a word is refused."""

import pytest

from schakel.citizen_numbers import holds_citizen_number

SAYS_WHAT_IT_IS = (
    "+31 612345683", "+31 (0)612345683", "+31(0)612345683", "+31612345683", "0031 612345683", "+31-612345683",
    "+31 0612345683", "(0)612345683", "+31 6 12 34 56 83", "+32 123456782", "+49 (0)123456782", "0032 123456782",
    "KvK 012345672", "kvk: 012345672", "KvK-nummer 012345672", "KvK-nr. 012345672", "KvK nummer is 012345672",
    "K.v.K. 012345672", "RSIN 123456782", "Tel. 123456782", "telefoonnummer: 123456782", "Mobiel 612345683",
    "T: 612345683", "BTW NL123456782B01", "Factuurnummer 123456782", "Zoom-id: 123 456 782", "Meeting ID 123 456 782",
    "Bel +31 612345683 of KvK 012345672.",
)  # fmt: skip
A_CITIZEN_NUMBER = (
    "123456782", "123 456 782", "BSN 123456782", "bsn: 123456782", "Burgerservicenummer 123456782", "nummer 123456782",
    "patiënt 123456782", "patiëntnummer 123456782", "dossier 123456782", "cliëntnummer 123456782", "hotel 123456782",
    "+31 612345683 en 123456782", "+31 612345683 123456782", "KvK 012345672, patiënt 123456782", "KvK BSN 123456782",
    "tel en bsn 123456782", "Mevrouw T 123456782", "Mevrouw T. 123456782", "+32 470123456 123456782", "KvK 012345672 123456782", "31 123456782",
)  # fmt: skip


@pytest.mark.parametrize("text", SAYS_WHAT_IT_IS)
def test_a_number_with_a_label_or_prefix_is_what_it_says(text):
    assert not holds_citizen_number(text)


@pytest.mark.parametrize("text", A_CITIZEN_NUMBER)
def test_a_citizen_number_is_refused_also_beside_another_number(text):
    assert holds_citizen_number(text)
