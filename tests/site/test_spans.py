"""The one place that judges a span of time: pure rules, without a database."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from schakel import dates, spans

FIFTH = date(2027, 2, 5)
NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


def span(begins: str, ends: str, on: date = FIFTH) -> spans.Span:
    return spans.span_of(on, time.fromisoformat(begins), time.fromisoformat(ends))


@pytest.mark.parametrize(
    ("on", "begins", "ends", "text"),
    [
        (FIFTH, "22:00", "01:30", "vr 5 feb 2027, 22.00 – za 6 feb, 01.30 uur"),
        (FIFTH, "17:30", "21:30", "vr 5 feb 2027, 17.30 – 21.30 uur"),
        (FIFTH, "20:00", "00:00", "vr 5 feb 2027, 20.00 – za 6 feb, 00.00 uur"),
        (date(2026, 12, 31), "22:00", "01:30", "do 31 dec 2026, 22.00 – vr 1 jan 2027, 01.30 uur"),
    ],
)
def test_a_span_over_midnight_says_both_days_and_both_times(on, begins, ends, text):
    assert dates.format_span(*span(begins, ends, on)) == text


def test_a_span_of_days_says_its_first_and_last_day_and_both_years_when_they_differ():
    start = dates.at(date(2026, 12, 31), time(9))
    assert dates.format_span(start, start + timedelta(days=1)) == "do 31 dec 2026 – vr 1 jan 2027"
    start = dates.at(FIFTH, time(9))
    assert dates.format_span(start, start + timedelta(days=2)) == "vr 5 feb – zo 7 feb 2027"


@pytest.mark.parametrize("at", ["00:00", "17:30", "23:59"])
def test_a_span_without_length_is_refused(at):
    assert spans.refusal(span(at, at)) and not spans.refusal(span("17:30", "17:31"))


@pytest.mark.parametrize(
    ("begins", "ends", "asked"),
    [("21:30", "17:30", True), ("17:30", "16:00", True), ("08:00", "20:01", True), ("08:00", "20:00", False),
     ("22:00", "01:30", False), ("17:30", "21:30", False)],
)  # fmt: skip
def test_a_span_of_more_than_twelve_hours_is_asked_about(begins, ends, asked):
    found = [one.code.partition("-")[0] for one in spans.questions([span(begins, ends)], [], NOW)]
    assert found == (["long"] if asked else [])


@pytest.mark.parametrize(
    ("on", "asked"),
    [(date(2026, 2, 5), ["past"]), (date(2026, 11, 26), ["past"]), (FIFTH, []), (date(2072, 2, 5), ["far"])],
)
def test_a_day_in_the_past_or_far_away_is_asked_about(on, asked):
    assert [one.code.partition("-")[0] for one in spans.questions([span("18:00", "19:00", on)], [], NOW)] == asked


def test_a_move_over_more_than_half_a_year_is_asked_about_and_a_day_that_stays_is_not():
    was, later, old = (
        span("18:00", "19:00"),
        span("18:00", "19:00", date(2028, 2, 5)),
        span("18:00", "19:00", date(2020, 1, 6)),
    )
    assert [one.code.partition("-")[0] for one in spans.questions([later], [was], NOW)] == ["shift"]
    assert not spans.questions([span("18:00", "19:00", date(2027, 3, 5))], [was], NOW)
    assert not spans.questions([old], [old], NOW)


def test_another_value_has_another_question():
    codes = {spans.questions([span("18:00", "19:00", date(2020, 1, day))], [], NOW)[0].code for day in (6, 7)}
    assert len(codes) == 2


@pytest.mark.parametrize(
    ("begins", "ends", "said"),
    [("18:00", "19:00", None), ("17:30", "21:30", None), ("21:00", "22:00", "buiten de tijden"),
     ("19:00", "18:00", "Het einde ligt vóór het begin"), ("18:00", "18:00", "gelijk")],
)  # fmt: skip
def test_a_part_lies_inside_its_parent(begins, ends, said):
    found = spans.outside(span(begins, ends), [span("17:30", "21:30")])
    assert (said in found) if said else found is None


def test_a_part_over_midnight_lies_inside_a_parent_over_midnight():
    assert spans.outside(span("23:30", "00:30"), [span("22:00", "01:30")]) is None


def test_spans_overlap_when_they_share_time():
    one, other, next_one = span("18:00", "19:00"), span("18:30", "19:30"), span("19:00", "20:00")
    assert spans.overlap(one, other) and not spans.overlap(one, next_one)
    assert spans.overlapping([next_one, other, one]) == (one, other)
    assert spans.overlapping([one, next_one]) is None


EASTERS = {2024: (3, 31), 2025: (4, 20), 2026: (4, 5), 2027: (3, 28), 2028: (4, 16), 2038: (4, 25), 2100: (3, 28)}


@pytest.mark.parametrize("year", EASTERS)
def test_easter_is_computed(year):
    assert spans.easter(year) == date(year, *EASTERS[year])


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 12, 25), "Eerste Kerstdag"), (date(2027, 1, 1), "Nieuwjaarsdag"), (date(2027, 3, 26), "Goede Vrijdag"),
        (date(2027, 3, 29), "Tweede Paasdag"), (date(2027, 5, 6), "Hemelvaartsdag"), (date(2027, 5, 17), "Tweede Pinksterdag"),
        (date(2027, 4, 27), "Koningsdag"), (date(2025, 4, 26), "Koningsdag"), (date(2027, 5, 5), "Bevrijdingsdag"),
        (date(2027, 2, 6), "een zaterdag"), (date(2027, 2, 7), "een zondag"), (date(2027, 2, 4), ""),
    ],
)  # fmt: skip
def test_weekends_and_holidays_are_named(day, name):
    assert spans.day_off(day) == name
    assert bool(spans.remarks([day, None])) == bool(name)
