"""Where the market's rules are read, made and asked, and its draws are verified."""

from django.urls import path

from onedoor.market.views import office, rules, verifying

app_name = "market"

urlpatterns = [
    path("market/route/", rules.route, name="route"),
    path("market/rules/", rules.rules, name="rules"),
    path("market/packs/", office.packs, name="packs"),
    path("market/packs/<str:number>/", office.pack, name="pack"),
    path("market/packs/<str:number>/confirm/", office.confirm, name="confirm_pack"),
    path("market/packs/<str:number>/sign/", office.sign, name="sign_pack"),
    path("open/draws/verify/", verifying.verify, name="verify_draw"),
    path("open/draws/draw.py", verifying.program, name="program"),
]
