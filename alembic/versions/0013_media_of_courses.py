"""Media of courses: sides of pictures, what came once, what refers to a file

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None

# Ids of files in a document: `"file": "…"` of a block, `file:…` of a link, and addresses in HTML.
FILES_IN = r"""
CREATE FUNCTION files_in(document jsonb) RETURNS uuid[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(DISTINCT found[1]::uuid), '{}') FROM pg_catalog.regexp_matches(
        document::text, 'file(?:": "|:|s/)([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})', 'gi') AS found
$$
"""


def upgrade() -> None:
    op.add_column('files', sa.Column('width', sa.Integer(), nullable=True))
    op.add_column('files', sa.Column('height', sa.Integer(), nullable=True))
    op.add_column('files', sa.Column('digest', sa.LargeBinary(), nullable=True))
    op.add_column('files', sa.Column('archived_at', sa.DateTime(timezone=True), nullable=True))
    op.create_unique_constraint('uq_files_course_id_digest', 'files', ['course_id', 'digest'])
    op.execute(FILES_IN)
    for table, column in (('page_revisions', 'document'), ('question_revisions', 'body')):
        files = sa.Column('files', postgresql.ARRAY(sa.Uuid()), sa.Computed(f'files_in({column})', persisted=True), nullable=True)
        op.add_column(table, files)


def downgrade() -> None:
    for table in ('question_revisions', 'page_revisions'):
        op.drop_column(table, 'files')
    op.execute('DROP FUNCTION files_in(jsonb)')
    op.drop_constraint('uq_files_course_id_digest', 'files')
    for name in ('archived_at', 'digest', 'height', 'width'):
        op.drop_column('files', name)
