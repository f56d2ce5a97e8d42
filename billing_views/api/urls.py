"""Addresses of the API below /api/v1/ at the apex."""

from django.urls import path

from billing_views.api import schema, views
from billing_views.api.entry import in_association

IMPORTS = "associations/<slug:slug>/imports/"
IMPORT = f"{IMPORTS}<int:batch_id>/"

urlpatterns = [
    path("schema/", schema.show_schema, name="api_schema"),
    path("docs/", schema.show_docs, name="api_docs"),
    path(IMPORTS, views.imports, name="api_imports"),
    path(IMPORT, in_association(views.ImportView.as_view()), name="api_import"),
    path(f"{IMPORT}problems/", in_association(views.ProblemsView.as_view()), name="api_problems"),
    path(f"{IMPORT}declarations/", in_association(views.DeclarationsView.as_view()), name="api_declarations"),
    path(f"{IMPORT}publish/", in_association(views.PublishView.as_view()), name="api_publish"),
    path(f"{IMPORT}undo/", in_association(views.UndoView.as_view()), name="api_undo"),
    path(f"{IMPORT}cancel/", in_association(views.CancelView.as_view()), name="api_cancel"),
]
