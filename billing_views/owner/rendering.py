"""Rendering while the tables of one moment are in reach."""

from django.http import HttpResponse


def render_now(response: HttpResponse) -> HttpResponse:
    """A TemplateResponse rendered at once, so that its template reads the same moment as its view."""
    render = getattr(response, "render", None)
    if callable(render):
        render()
    return response
