"""Where people sign in."""

from django.urls import path

from onedoor.accounts import views

app_name = "accounts"

urlpatterns = [
    path("login/", views.sign_in, name="login"),
    path("logout/", views.sign_out, name="logout"),
    path("password/", views.password, name="password"),
    path("login/code/", views.code, name="code"),
]
