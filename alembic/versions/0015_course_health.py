"""Course health

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'course_findings',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('course_id', sa.Uuid(), nullable=False),
        sa.Column('course_wide', sa.Boolean(), nullable=False),
        sa.Column('node_kind', sa.String(), nullable=False),
        sa.Column('node_id', sa.Uuid(), nullable=False),
        sa.Column('block_id', sa.String(), nullable=False),
        sa.Column('code', sa.String(), nullable=False),
        sa.Column('version', sa.String(), nullable=False),
        sa.Column('details', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.ForeignKeyConstraint(['course_id'], ['courses.id']),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index('ix_course_findings_node', 'course_findings', ['node_id', 'course_wide'])
    op.create_index('ix_course_findings_course', 'course_findings', ['course_id', 'course_wide'])
    op.create_table(
        'node_references',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('course_id', sa.Uuid(), nullable=False),
        sa.Column('node_kind', sa.String(), nullable=False),
        sa.Column('node_id', sa.Uuid(), nullable=False),
        sa.Column('block_id', sa.String(), nullable=False),
        sa.Column('needs', sa.String(), nullable=False),
        sa.Column('target', sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(['course_id'], ['courses.id']),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index('ix_node_references_course_id', 'node_references', ['course_id'])
    op.create_index('ix_node_references_node_id', 'node_references', ['node_id'])
    op.create_index('ix_node_references_target', 'node_references', ['target'])
    op.create_table(
        'dismissed_findings',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('course_id', sa.Uuid(), nullable=False),
        sa.Column('finding_id', sa.Uuid(), nullable=False),
        sa.Column('version', sa.String(), nullable=False),
        sa.Column('reason', sa.String(), nullable=False),
        sa.Column('person_id', sa.Uuid(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['course_id'], ['courses.id']),
        sa.ForeignKeyConstraint(['person_id'], ['people.id']),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('finding_id'),
    )
    op.create_index('ix_dismissed_findings_course_id', 'dismissed_findings', ['course_id'])
    op.create_table(
        'course_checks',
        sa.Column('course_id', sa.Uuid(), nullable=False),
        sa.Column('waiting', sa.Boolean(), nullable=False),
        sa.Column('rules', sa.Integer(), nullable=False),
        sa.Column('checked_at', sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(['course_id'], ['courses.id']),
        sa.PrimaryKeyConstraint('course_id'),
    )


def downgrade() -> None:
    op.drop_table('course_checks')
    op.drop_table('dismissed_findings')
    op.drop_table('node_references')
    op.drop_table('course_findings')
