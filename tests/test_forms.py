"""What all forms have in common."""

from django import forms

from onedoor import urls
from onedoor.kernel.forms import Form


def kinds_of(form: type[forms.BaseForm]) -> set[type[forms.BaseForm]]:
    return {form}.union(*(kinds_of(one) for one in form.__subclasses__()))


def test_every_form_on_a_page_of_ours_names_what_was_left_empty():
    assert urls.urlpatterns  # every page is imported, and with it every form
    ours = {one for one in kinds_of(forms.Form) if one.__module__.startswith("onedoor.")}
    assert {one for one in ours if not issubclass(one, Form)} == set()
    assert len(ours) > 20
