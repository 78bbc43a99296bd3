"""Where the market's rules are read, made and asked, and its draws are verified."""

from django.urls import path

from onedoor.market.views import channels, draws, holding, office, verifying

app_name = "market"

urlpatterns = [
    path("market/route/", channels.route, name="route"),
    path("market/rules/", channels.rules, name="rules"),
    path("market/packs/", office.packs, name="packs"),
    path("market/packs/<str:number>/", office.pack, name="pack"),
    path("market/packs/<str:number>/confirm/", office.confirm, name="confirm_pack"),
    path("market/packs/<str:number>/sign/", office.sign, name="sign_pack"),
    path("market/draws/", draws.listed, name="draws"),
    path("market/draws/desk/", holding.desk, name="draw_desk"),
    path("market/draws/desk/new/", holding.new, name="draw_new"),
    path("market/draws/desk/<str:number>/", holding.one, name="draw_desk_one"),
    path("market/draws/desk/<str:number>/<slug:action>/", holding.act, name="draw_act"),
    path("market/draws/<str:number>/", draws.shown, name="draw"),
    path("market/draws/<str:number>/state.json", draws.state, name="draw_state"),
    path("market/draws/<str:number>/freeze.json", draws.freeze, name="draw_freeze"),
    path("market/draws/<str:number>/record.json", draws.record, name="draw_record"),
    path("market/draws/<str:number>/verify/", verifying.verify_one, name="verify_one"),
    path("open/draws/verify/", verifying.verify, name="verify_draw"),
    path("open/draws/draw.py", verifying.program, name="program"),
]
