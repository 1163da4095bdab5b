"""The page /stijl: every component with its samples."""

import re

from schakel.home.style_samples import SAMPLES
from tests.source_tree import ROOT


def test_every_sample_that_the_page_uses_exists():
    texts = [path.read_text() for path in (ROOT / "templates" / "home").rglob("*.html")]
    named = {name for text in texts for name in re.findall(r"\bsamples\.(\w+)", text)}
    assert len(named) > 10 and named <= set(SAMPLES)
