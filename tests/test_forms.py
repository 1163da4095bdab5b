"""What `tests/forms.py` sends is what a browser would."""

import pytest

from tests.forms import typed_in

CONTROLS = {
    "the first choice when none is chosen": ("<select name=a><option value=1></option><option value=2></option></select>", {"a": "1"}),
    "the chosen one": ("<select name=a><option value=1></option><option value=2 selected></option></select>", {"a": "2"}),
    "nothing of several that may be chosen": ("<select name=a multiple><option value=1></option></select>", {}),
    "a list for a name that stands more than once": ("<input name=a value=1><input name=a value=2><input name=a value=3>", {"a": ["1", "2", "3"]}),
    "only what is ticked": ("<input type=checkbox name=a value=1><input type=radio name=b value=2 checked>", {"b": "2"}),
    "a text as typed": ("<textarea name=a>\n\nEen</textarea><input name=b>", {"a": "\nEen", "b": ""}),
}  # fmt: skip


@pytest.mark.parametrize("case", CONTROLS)
def test_a_form_sends(case):
    controls, sent = CONTROLS[case]
    search = '<form method="get"><input name=q></form>'
    assert typed_in(f'<main>{search}<form method="post">{controls}</form></main>') == sent
