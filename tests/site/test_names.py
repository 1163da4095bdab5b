"""Names: compared, searched, sorted by surname without its infix, and listed with the surname first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schakel import names

LISTED = {
    "Geertruida van Verdichtsel": "Verdichtsel, Geertruida van",
    "Jan de la Test": "Test, Jan de la",
    "Anneke de Vries": "Vries, Anneke de",
    "Jan van 't Hoff": "Hoff, Jan van 't",
    "Jan ’t Hart": "Hart, Jan ’t",
    "'t Hart": "Hart, 't",
    "Jan van ’s Gravesande": "Gravesande, Jan van ’s",
    "Piet d'Hont": "Hont, Piet d'",
    "Piet D’Hont": "Hont, Piet D’",
    "Marie-José de l'Isle": "Isle, Marie-José de l'",
    "Sean O'Brien": "O'Brien, Sean",
    "Omar al-Hassan": "Hassan, Omar al-",
    "Fatima El Amrani": "Amrani, Fatima El",
    "Jan Van den Berg": "Berg, Jan Van den",
    "Ludwig von und zu Proef": "Proef, Ludwig von und zu",
    "Anna Jansen-de Vries": "Jansen-de Vries, Anna",
    "Anna Jansen–de Vries": "Jansen–de Vries, Anna",
    "Anna Jansen - de Vries": "Jansen - de Vries, Anna",
    "Tjitske van der Voorbeeldsma-de Boer": "Voorbeeldsma-de Boer, Tjitske van der",
    "De Vries": "Vries, De",
    "Ben Smit": "Smit, Ben",
    "J.P. de Vries": "Vries, J.P. de",
    "Jan Peter Smit": "Smit, Jan Peter",
    "Jan Smit jr.": "Smit, Jan, jr.",
    "Jan Jansen, huisarts": "Jansen, Jan, huisarts",
    "Jan de Vries, MD": "Vries, Jan de, MD",
    "van der Meulen, Theodora": "Meulen, Theodora van der",
    "Vries, Anneke de": "Vries, Anneke de",
    "Boogaard-van der Meulen, Theodora Wilhelmina, klinisch geriater": "Boogaard-van der Meulen, Theodora Wilhelmina, klinisch geriater",
    "Teunis": "Teunis",
    "محمد علي": "علي, محمد",
    "": "",
}  # fmt: skip


@pytest.mark.parametrize("name", LISTED)
def test_a_person_is_listed_by_surname_and_the_infix_comes_last(name):
    assert names.listed_name(name) == LISTED[name]


IN_ORDER = [
    "Zoë Aalders", "Anna Berg", "Piet van den Berg", "Anna Berg-de Groot", "Zwaan Ĳsbrand", "Jan 't Hart", "Anna d'Hont",
    "Jan Jansen", "Anna Jansen-de Vries", "Anna Jansens", "Åke Sörensen", "Bo Sørensen", "Geertruida van Verdichtsel",
    "Anneke de Vries", "Lech Wałęsa",
]  # fmt: skip


def test_people_are_sorted_by_surname_whatever_the_infix_accent_apostrophe_or_hyphen():
    assert [names.listed_name(one) for one in sorted(reversed(IN_ORDER), key=names.sort_name)] == [
        "Aalders, Zoë", "Berg, Anna", "Berg, Piet van den", "Berg-de Groot, Anna", "Hart, Jan 't", "Hont, Anna d'",
        "Ĳsbrand, Zwaan", "Jansen, Jan", "Jansen-de Vries, Anna", "Jansens, Anna", "Sörensen, Åke", "Sørensen, Bo",
        "Verdichtsel, Geertruida van", "Vries, Anneke de", "Wałęsa, Lech",
    ]  # fmt: skip


PLAIN = {
    "Sørensen": "sorensen", "Wałęsa": "walesa", "Đorđe": "dorde", "Straße": "strasse", "STRASSE": "strasse", "Æbelø": "aebelo",
    "Œuvre": "oeuvre", "Þór Guðrún": "thor gudrun", "Işık": "isik", "İpek": "ipek", "ŋ Ħ": "n h", "Één lijst": "een lijst",
    "O’Brien": "obrien", "O'Brien": "obrien", "Smit–de Boer": "smit de boer", "Vries, Anneke": "vries anneke",
}  # fmt: skip


@pytest.mark.parametrize("text", PLAIN)
def test_a_search_key_has_plain_letters_only(text):
    assert names.search_key(text) == PLAIN[text]


@given(st.text(max_size=80))
def test_each_word_of_a_name_finds_it_and_listing_loses_no_letter(name):
    key = names.sort_name(name)
    assert all(word in key for word in names.words_of(name))
    listed = names.listed_name(name)
    assert sorted(names.search_key(listed).replace(" ", "")) == sorted(names.search_key(name).replace(" ", ""))
