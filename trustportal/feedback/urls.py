"""The addresses of the feedback form."""

from django.urls import path

from trustportal.feedback import views

urlpatterns = [
    path("", views.give_feedback, name="feedback"),
    path("thanks/", views.thank_you, name="feedback-thanks"),
]
