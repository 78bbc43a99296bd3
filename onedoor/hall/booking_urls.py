"""Where the public books, and the people of the hall plan its days; a part of the hall's own."""

from datetime import date

from django.urls import path, register_converter

from onedoor.hall.views import booking, office_bookings, office_hours, planner


class Day:
    """A day in an address: 2026-03-05."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        return value.isoformat()


register_converter(Day, "day")

urlpatterns = [
    path("book/", booking.book, name="book"),
    path("book/<str:letter>/", booking.book_group, name="book_group"),
    path("b/<str:token>/", booking.booking, name="booking"),
    path("b/<str:token>/cancel/", booking.cancel, name="cancel_booking"),
    path("b/<str:token>/checkin/", booking.check_in, name="check_in"),
    path("b/<str:token>/booking.ics", booking.calendar_file, name="calendar_file"),
    path("me/bookings/", booking.mine, name="my_bookings"),
    path("manage/bookings/", office_bookings.bookings, name="bookings"),
    path("manage/bookings/<str:number>/<slug:action>/", office_bookings.act, name="booking_act"),
    path("manage/planner/", planner.planner, name="planner"),
    path("manage/hours/", office_hours.overview, name="hours"),
    path("manage/hours/<day:day>/", office_hours.day, name="hours_day"),
    path("manage/hours/<day:day>/put/", office_hours.put, name="hours_put"),
    path("manage/hours/<day:day>/copy/", office_hours.copy, name="hours_copy"),
    path("manage/hours/<day:day>/<uuid:duty>/off/", office_hours.take_off, name="hours_take_off"),
    path(
        "manage/hours/<day:day>/<uuid:special>/usual/", office_hours.as_usual, name="hours_as_usual"
    ),
]
