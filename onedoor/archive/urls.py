"""Where files are found, read, held and disposed of."""

from django.urls import path

from onedoor.archive import views

app_name = "archive"

urlpatterns = [
    path("archive/", views.files, name="files"),
    path("archive/person/", views.of_person, name="of_person"),
    path("archive/disposal/", views.disposal, name="disposal"),
    path("archive/disposal/propose/", views.propose, name="propose"),
    path("archive/disposal/<str:number>/answer/", views.answer, name="answer"),
    path("archive/files/<str:number>/", views.file, name="file"),
    path("archive/files/<str:number>/download/", views.download, name="download"),
    path("archive/files/<str:number>/pack/", views.pack, name="pack"),
    path("archive/files/<str:number>/hold/", views.hold, name="hold"),
    path("archive/files/<str:number>/release/", views.release, name="release"),
]
