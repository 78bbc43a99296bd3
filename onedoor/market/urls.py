"""Where the market is read and its draws are verified."""

from django.urls import path

from onedoor.market.views import verifying

app_name = "market"

urlpatterns = [
    path("open/draws/verify/", verifying.verify, name="verify_draw"),
    path("open/draws/draw.py", verifying.program, name="program"),
]
