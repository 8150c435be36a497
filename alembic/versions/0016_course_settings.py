"""Course settings

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None

_WITH_TAGS = (
    "setweight(to_tsvector('simple', title), 'A') || setweight(jsonb_to_tsvector('simple', tags, '[\"string\"]'), 'B')"
    " || setweight(to_tsvector('simple', summary), 'B')"
)
_WITHOUT = "setweight(to_tsvector('simple', title), 'A') || setweight(to_tsvector('simple', summary), 'B')"


def upgrade() -> None:
    op.add_column('courses', sa.Column('tags', postgresql.JSONB(astext_type=sa.Text()), nullable=False, server_default='[]'))
    op.alter_column('courses', 'tags', server_default=None)
    _search(_WITH_TAGS)
    op.create_table(
        'former_slugs',
        sa.Column('slug', sa.String(), nullable=False),
        sa.Column('course_id', sa.Uuid(), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['course_id'], ['courses.id']),
        sa.PrimaryKeyConstraint('slug'),
    )
    op.create_index(op.f('ix_former_slugs_course_id'), 'former_slugs', ['course_id'])
    op.create_table(
        'objectives',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('course_id', sa.Uuid(), nullable=False),
        sa.Column('text', sa.String(), nullable=False),
        sa.Column('position', sa.String(), nullable=False),
        sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('archived_at', sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(['course_id'], ['courses.id']),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index(op.f('ix_objectives_course_id'), 'objectives', ['course_id'])


def downgrade() -> None:
    op.drop_table('objectives')
    op.drop_table('former_slugs')
    _search(_WITHOUT)
    op.drop_column('courses', 'tags')


def _search(made_of: str) -> None:
    op.drop_index('ix_courses_search', table_name='courses')
    op.drop_column('courses', 'search')
    op.add_column('courses', sa.Column('search', postgresql.TSVECTOR(), sa.Computed(made_of, persisted=True), nullable=True))
    op.create_index('ix_courses_search', 'courses', ['search'], postgresql_using='gin')
