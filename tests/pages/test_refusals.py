"""`with form.refusals():` adds what a service refuses to the form, and undoes what it wrote before."""

from types import SimpleNamespace

import pytest
import sqlalchemy as sa
from flask import current_app, redirect

from schakel import db, errors, pages
from schakel.programmes.models import Theme
from tests import make


class SampleForm(pages.Form):
    """A text and the version of a row."""

    text = pages.text("Tekst")
    version = pages.version()


@pytest.fixture
def form(app):
    with app.test_request_context("/", method="POST", data={"text": "getypt", "version": "1"}):
        db.set_writing(True)
        yield SampleForm(meta={"csrf": False})
        db.end_transaction(False)


def view(form: SampleForm, verb, current_state=None):
    """A view as the page kit intends it."""
    if form.validate_on_submit():
        with form.refusals(current_state):
            verb()
            return redirect("/klaar", 303)
    return "again"


@pytest.mark.parametrize("value", [None, False, 0, "", []])
def test_a_returned_value_is_no_refusal(form, value):
    assert view(form, lambda: value).status_code == 303 and not form.errors


@pytest.mark.parametrize(("field", "place"), [("text", "text"), (None, None), ("elsewhere", None)])
def test_a_refusal_is_at_its_field_or_above_the_form_and_no_input_is_lost(form, field, place):
    def verb():
        make.make_theme("weg", "Verdwijnt")
        raise errors.Refused("Dat kan niet op %(dag)s.", field=field, dag="zondag")

    assert view(form, verb) == "again" and form.text.data == "getypt" and not form.is_stale
    assert (form.text.errors if place else form.form_errors) == ["Dat kan niet op zondag."]
    assert db.session().scalar(sa.select(Theme).where(Theme.code == "weg")) is None


def test_a_stale_row_gives_the_current_state_and_the_new_version(form):
    def verb():
        raise errors.Stale(SimpleNamespace(version=7))

    assert view(form, verb, lambda row: f"Versie {row.version}.") == "again"
    assert form.is_stale and form.version.data == "7" and "Versie 7." in form.form_errors[0]


def test_stale_is_raised_when_the_view_displays_both_texts_itself(form):
    def verb():
        raise errors.Stale(SimpleNamespace(version=7))

    with pytest.raises(errors.Stale):
        view(form, verb)


def test_what_the_database_refuses_is_raised_inside_the_block(form):
    def verb():
        for _ in range(2):
            db.session().add(Theme(code="dubbel", name="Dubbel", position=1))

    with pytest.raises(sa.exc.IntegrityError):
        view(form, verb)


def test_other_errors_are_no_refusal(form):
    def verb():
        raise errors.NotAllowed

    with pytest.raises(errors.NotAllowed):
        view(form, verb)


def test_a_conflict_is_a_note_and_not_counted_as_an_error(form):
    def verb():
        raise errors.Stale(SimpleNamespace(version=7))

    view(form, verb, lambda row: f"Versie {row.version}.")
    note = str(current_app.jinja_env.globals["f"].errors(form))
    assert "Versie 7." in note and "klopt nog niet" not in note and "autofocus" in note
