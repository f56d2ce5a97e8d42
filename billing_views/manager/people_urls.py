"""Addresses of people and their passwords, below /a/<slug>/."""

from django.urls import URLPattern, URLResolver, path

from billing_views.manager import letters, people, people_factor, people_issue, people_person

urlpatterns: list[URLPattern | URLResolver] = [
    path("osoby/", people.show_people, name="people"),
    path("osoby/<int:person_id>/", people_person.show_person, name="person"),
    path("osoby/<int:person_id>/haslo/", people_issue.issue_password, name="issue_password"),
    path("osoby/<int:person_id>/drugi-skladnik/", people_factor.remove_factor, name="remove_owner_factor"),
    path("osoby/<int:person_id>/dostep/", people_person.end_access, name="end_access"),
    path("osoby/<int:person_id>/odbior/<int:issue_id>/", people_person.hand_over, name="hand_over"),
    path("hasla/", letters.show_letters, name="letters"),
    path("hasla/<str:token>/", letters.download_letters, name="download_letters"),
]
