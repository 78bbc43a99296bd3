"""Where a paper is verified, and where its words are written."""

from django.urls import path

from onedoor.papers import views

app_name = "papers"

urlpatterns = [
    path("v/<str:code>/", views.verify, name="verify"),
    path("v/<str:code>/signature/", views.signature, name="signature"),
    path("paper-templates/", views.templates, name="templates"),
    path("paper-templates/<str:kind>/", views.template, name="template"),
    path("paper-templates/<str:kind>/file/", views.template_file, name="template-file"),
    path("paper-templates/<str:kind>/publish/", views.publish, name="publish"),
]
