"""Where people rate, where bad ratings are followed, and what is published of both."""

from django.urls import path

from onedoor.feedback.views import office, rating

app_name = "feedback"

urlpatterns = [
    path("r/<str:token>/", rating.rate, name="rate"),
    path("open/ratings/", rating.published, name="published"),
    path("open/ratings.csv", rating.published_file, name="published_file"),
    path("ratings/", office.orders, name="orders"),
    path("ratings/<str:number>/", office.order, name="order"),
    path("ratings/<str:number>/rater/", office.rater, name="rater"),
    path("ratings/<str:number>/<slug:action>/", office.act, name="act"),
]
