"""REST for programs, under /api/v1: Bearer tokens only, cookies ignored, described by OpenAPI."""
