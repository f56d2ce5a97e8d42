"""Settings of both APIs: DRF's and those of their description. Read by saas.settings; nothing comes from outside."""

# Tokens, grants and the association are the business of billing_views.api.entry, around DRF's views.
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": [],
    "UNAUTHENTICATED_USER": None,
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "billing_views.api.problems.answer_error",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Otwarta Kartoteka: API importów",
    "DESCRIPTION": "Wgrywanie, sprawdzanie, publikowanie i cofanie paczek plików z programu księgowego.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PUBLIC": True,
    "SERVE_URLCONF": "saas.urls_apex",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "PREPROCESSING_HOOKS": ["billing_views.api.schema.keep_api_only"],
    "APPEND_COMPONENTS": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
    "SECURITY": [{"token": []}],
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "BatchStateEnum": "associations.imports.models.BatchState",
        "BatchSourceEnum": "associations.imports.models.BatchSource",
        "SeverityEnum": "associations.imports.models.Severity",
        # Of the owners' API (billing_views.api.owner.schema).
        "AssociationKindEnum": "associations.profile.models.AssociationKind",
        "FundKindEnum": "associations.profile.models.FundKind",
        "PremisesKindEnum": "associations.premises.models.PremisesKind",
        "TitleKindEnum": "associations.premises.models.TitleKind",
        "ReadingKindEnum": "associations.meters.models.ReadingKind",
        "OpeningKindEnum": "billing_views.api.owner.serializers.OPENING_KINDS",
    },
    # Served by the portal itself: nothing is loaded from elsewhere.
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}
