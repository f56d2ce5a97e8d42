"""The gallery: every component and every frame with made-up people; mounted outside production only.

`path("galeria/", include("billing_views.gallery"))`.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from billing_views.parts import samples

# fmt: off
FRAMES = ("wlasciciel/", "wlasciciel/?podglad", "zarzadca/", "formularz/", "formularz/?bledy")
ERROR_PAGES = (
    "400", "403", "404", "500", "csrf",
    "errors/413", "errors/429", "errors/suspended", "errors/archived", "errors/read_only", "errors/unknown_host",
)
# fmt: on


def show_gallery(request: HttpRequest) -> HttpResponse:
    """All components in all their states."""
    links = [*FRAMES, *(f"blad/{name}/" for name in ERROR_PAGES)]
    context = samples.parts_context() | {"page": samples.public_page("Galeria"), "links": links}
    return render(request, "gallery/parts.html", context)


def show_owner_frame(request: HttpRequest) -> HttpResponse:
    """An owner's ledger; `?podglad` shows it as a manager's preview."""
    page = samples.owner_page(is_preview="podglad" in request.GET)
    return render(request, "gallery/owner.html", samples.parts_context() | {"page": page})


def show_manager_frame(request: HttpRequest) -> HttpResponse:
    """A manager's import that cannot be published yet."""
    return render(request, "gallery/manager.html", samples.parts_context() | {"page": samples.manager_page()})


def show_form_frame(request: HttpRequest) -> HttpResponse:
    """A small page with one form; `?bledy` shows it refused."""
    form = samples.SampleForm({} if "bledy" in request.GET else None)
    return render(request, "base_form.html", {"page": samples.public_page("Logowanie"), "form": form})


def show_error(request: HttpRequest, name: str) -> HttpResponse:
    """An error page as a visitor gets it, but with status 200."""
    if name not in ERROR_PAGES:
        raise Http404
    return render(request, f"{name}.html")


urlpatterns = [
    path("", show_gallery, name="gallery"),
    path("wlasciciel/", show_owner_frame, name="gallery_owner"),
    path("zarzadca/", show_manager_frame, name="gallery_manager"),
    path("formularz/", show_form_frame, name="gallery_form"),
    path("blad/<path:name>/", show_error, name="gallery_error"),
]
