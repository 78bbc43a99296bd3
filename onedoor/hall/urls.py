"""Where windows call, guides give numbers, and people and boards follow them."""

from django.urls import include, path

from onedoor.hall.views import guide, kiosk, manage, public, window

app_name = "hall"

urlpatterns = [
    path("", include("onedoor.hall.booking_urls")),
    path("window/", window.desk, name="window"),
    path("window/rows/", window.rows, name="window_rows"),
    path("window/sit/<int:number>/", window.sit, name="sit"),
    path("window/do/<slug:act>/", window.act, name="window_act"),
    path("guide/", guide.guide, name="guide"),
    path("guide/issue/", guide.issue, name="issue"),
    path("guide/back/<str:number>/", guide.back, name="guide_back"),
    path("manage/", manage.manage, name="manage"),
    path("manage/skills/", manage.set_skills, name="set_skills"),
    path("manage/message/", manage.say, name="say"),
    path("manage/sound/<slug:zone>/", manage.mute, name="mute"),
    path("manage/figures/", manage.day_figures, name="figures"),
    path("manage/figures.csv", manage.figures_file, name="figures_file"),
    path("manage/tickets/", manage.tickets, name="tickets"),
    path("kiosk/<slug:dev>/", kiosk.screen, name="kiosk"),
    path("kiosk/<slug:dev>/pair/", kiosk.pair, name="kiosk_pair"),
    path("kiosk/<slug:dev>/sync/", kiosk.sync, name="kiosk_sync"),
    path("kiosk/<slug:dev>/who/", kiosk.who, name="kiosk_who"),
    path("kiosk/<slug:dev>/take/", kiosk.take, name="kiosk_take"),
    path("kiosk/<slug:dev>/help/", kiosk.call_help, name="kiosk_help"),
    path("kiosk/<slug:dev>/helped/", kiosk.answer_help, name="kiosk_helped"),
    path("kiosk/<slug:dev>/set/", kiosk.set_kiosk, name="set_kiosk"),
    path("hall/take/", public.take, name="take"),
    path("hall/t/<str:token>/", public.ticket, name="ticket"),
    path("screen/hall/<slug:zone>/", public.board, name="board"),
    path("screen/hall/<slug:zone>/state.json", public.board_state, name="board_state"),
]
