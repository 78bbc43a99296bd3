"""Where people rate, where bad ratings are followed, and what is published of both."""

from django.urls import path

from onedoor.feedback.views import matters, office, rating

app_name = "feedback"

urlpatterns = [
    path("r/<str:token>/", rating.rate, name="rate"),
    path("open/ratings/", rating.published, name="published"),
    path("open/ratings.csv", rating.published_file, name="published_file"),
    path("cannot/", matters.cannot, name="cannot"),
    path("ask/", matters.ask, name="ask"),
    path("m/<str:token>/", matters.follow, name="follow_matter"),
    path("open/matters/", matters.published, name="published_matters"),
    path("matters/", matters.listed, name="matters"),
    path("matters/new/", matters.note, name="note_matter"),
    path("matters/<str:number>/", matters.matter, name="matter"),
    path("matters/<str:number>/sender/", matters.sender, name="matter_sender"),
    path("matters/<str:number>/photo/", matters.photo, name="matter_photo"),
    path("matters/<str:number>/<slug:action>/", matters.act, name="matter_act"),
    path("ratings/", office.orders, name="orders"),
    path("ratings/<str:number>/", office.order, name="order"),
    path("ratings/<str:number>/rater/", office.rater, name="rater"),
    path("ratings/<str:number>/<slug:action>/", office.act, name="act"),
]
