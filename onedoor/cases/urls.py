"""Where a case is worked on, and where the public follows it."""

from django.urls import path

from onedoor.cases.views import (
    answering,
    applying,
    desk,
    inbox,
    joint,
    licences,
    papers,
    precheck,
    supervision,
    tracking,
)

app_name = "cases"

urlpatterns = [
    path("desk/", desk.desk, name="desk"),
    path("desk/receive/<path:code>/", desk.receive, name="receive"),
    path("desk/notice/<str:number>/", desk.notice, name="notice"),
    path("desk/supply/<str:number>/", desk.supply, name="supply"),
    path("desk/online/", precheck.online, name="online"),
    path("desk/online/<str:number>/", precheck.look, name="look"),
    path("desk/out/", desk.out, name="out"),
    path("desk/files/<str:number>/<int:order>/", desk.attach, name="attach"),
    path("desk/receipt/<str:number>/", papers.receipt, name="receipt"),
    path("papers/<str:number>/<int:version>/", papers.paper, name="paper"),
    path("papers/<str:number>/<int:version>/pdf/", papers.pdf, name="paper_pdf"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/<str:number>/", inbox.case, name="case"),
    path("inbox/<str:number>/show/", inbox.show, name="show"),
    path("inbox/<str:number>/do/<str:action>/", inbox.act, name="act"),
    path("inbox/<str:number>/files/<str:digest>/", inbox.attachment, name="attachment"),
    path("licences/", licences.licences, name="licences"),
    path("licences/<str:number>/", licences.licence, name="licence"),
    path("licences/<str:number>/revoke/", licences.revoke, name="revoke_licence"),
    path("licences/<str:number>/cancel/", licences.cancel, name="cancel_licence"),
    path("supervision/", supervision.figures, name="figures"),
    path("supervision/figures.csv", supervision.figures_file, name="figures_file"),
    path("desk/packages/", joint.packages, name="joint_desk"),
    path("desk/packages/<slug:code>/", joint.receive, name="joint_receive"),
    path("applications/<str:number>/", joint.application, name="joint"),
    path("applications/<str:number>/receipt/", joint.receipt, name="joint_receipt"),
    path("applications/<str:number>/supply/", joint.supply, name="joint_supply"),
    path("applications/<str:number>/files/<int:order>/", joint.attach, name="joint_attach"),
    path("a/<str:token>/", joint.progress, name="joint_progress"),
    path("apply/<path:code>/materials/", applying.materials, name="apply_materials"),
    path("apply/<path:code>/check/", applying.check, name="apply_check"),
    path("apply/<path:code>/discard/", applying.discard, name="apply_discard"),
    path("apply/<path:code>/", applying.apply, name="apply"),
    path("track/", tracking.track, name="track"),
    path("c/<str:token>/receipt/", applying.submitted, name="submitted"),
    path("c/<str:token>/answer/", answering.answer, name="answer"),
    path("c/<str:token>/", tracking.progress, name="progress"),
    path("c/<str:token>/papers/<int:version>/", papers.own, name="own_paper"),
]
