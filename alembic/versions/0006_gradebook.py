"""Gradebook

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('gradebooks',
    sa.Column('run_id', sa.Uuid(), nullable=False),
    sa.Column('settings', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['run_id'], ['runs.id'], ),
    sa.PrimaryKeyConstraint('run_id')
    )
    op.create_table('grade_categories',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('run_id', sa.Uuid(), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('weight', sa.Numeric(precision=12, scale=6), nullable=False),
    sa.Column('drop_lowest', sa.Integer(), nullable=False),
    sa.Column('position', sa.String(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['run_id'], ['runs.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_grade_categories_run_id'), 'grade_categories', ['run_id'], unique=False)
    op.create_table('grade_columns',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('run_id', sa.Uuid(), nullable=False),
    sa.Column('category_id', sa.Uuid(), nullable=True),
    sa.Column('assessment_id', sa.Uuid(), nullable=True),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('points', sa.Numeric(precision=12, scale=6), nullable=False),
    sa.Column('counted', sa.Boolean(), nullable=False),
    sa.Column('required', sa.Numeric(precision=12, scale=6), nullable=True),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('position', sa.String(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('archived_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['assessment_id'], ['assessments.id'], ),
    sa.ForeignKeyConstraint(['category_id'], ['grade_categories.id'], ),
    sa.ForeignKeyConstraint(['run_id'], ['runs.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('run_id', 'assessment_id')
    )
    op.create_index(op.f('ix_grade_columns_assessment_id'), 'grade_columns', ['assessment_id'], unique=False)
    op.create_index(op.f('ix_grade_columns_category_id'), 'grade_columns', ['category_id'], unique=False)
    op.create_table('grades',
    sa.Column('enrollment_id', sa.Uuid(), nullable=False),
    sa.Column('column_id', sa.Uuid(), nullable=False),
    sa.Column('fraction', sa.Numeric(precision=12, scale=6), nullable=True),
    sa.Column('pending', sa.Boolean(), nullable=False),
    sa.Column('handed_in_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('attempt_id', sa.Uuid(), nullable=True),
    sa.Column('given', sa.Numeric(precision=12, scale=6), nullable=True),
    sa.Column('excused', sa.Boolean(), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('moved_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['column_id'], ['grade_columns.id'], ),
    sa.ForeignKeyConstraint(['enrollment_id'], ['enrollments.id'], ),
    sa.PrimaryKeyConstraint('enrollment_id', 'column_id')
    )
    op.create_index(op.f('ix_grades_column_id'), 'grades', ['column_id'], unique=False)
    op.create_table('grade_changes',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('enrollment_id', sa.Uuid(), nullable=False),
    sa.Column('column_id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('actor_id', sa.Uuid(), nullable=False),
    sa.Column('act', sa.String(), nullable=False),
    sa.Column('before', sa.Numeric(precision=12, scale=6), nullable=True),
    sa.Column('after', sa.Numeric(precision=12, scale=6), nullable=True),
    sa.Column('version', sa.BigInteger(), nullable=False),
    sa.Column('reason_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['actor_id'], ['people.id'], ),
    sa.ForeignKeyConstraint(['column_id'], ['grade_columns.id'], ),
    sa.ForeignKeyConstraint(['enrollment_id'], ['enrollments.id'], ),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('enrollment_id', 'column_id', 'version')
    )
    op.create_index(op.f('ix_grade_changes_actor_id'), 'grade_changes', ['actor_id'], unique=False)
    op.create_index(op.f('ix_grade_changes_column_id'), 'grade_changes', ['column_id'], unique=False)
    op.create_index(op.f('ix_grade_changes_person_id'), 'grade_changes', ['person_id'], unique=False)


def downgrade() -> None:
    for table in ('grade_changes', 'grades', 'grade_columns', 'grade_categories', 'gradebooks'):
        op.drop_table(table)
