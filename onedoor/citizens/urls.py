"""Where the public signs in and out."""

from django.urls import path

from onedoor.citizens import views

app_name = "citizens"

urlpatterns = [
    path("signin/", views.sign_in_page, name="sign_in"),
    path("signin/code/", views.code, name="code"),
    path("signin/identity/", views.identity, name="identity"),
    path("signin/standin/", views.standin_page, name="standin"),
    path("signin/back/", views.back, name="back"),
    path("me/email/", views.mail, name="mail"),
    path("me/email/code/", views.mail_code, name="mail_code"),
    path("me/email/drop/", views.mail_drop, name="mail_drop"),
    path("signout/", views.sign_out_page, name="sign_out"),
]
