"""Dutch dates: the texts of Babel's own formatting, from tables read once."""

from datetime import date, timedelta

from babel.dates import format_date

from schakel import dates


def test_every_day_of_two_years_is_formatted_as_babel_does():
    for number in range(731):
        day = date(2027, 1, 1) + timedelta(days=number)
        assert dates.format_date(day) == format_date(day, "EEE d MMM y", locale="nl")
        assert dates.format_date(day, year=False) == format_date(day, "EEE d MMM", locale="nl")
