"""Regrades

Revision ID: 0010
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0010'
down_revision = '0008'
branch_labels = None
depends_on = None

OLD = 'completions_enrollment_id_node_id_rule_version_key'
NEW = 'completions_enrollment_id_node_id_rule_version_occasion_key'


def upgrade() -> None:
    op.add_column('completions', sa.Column('occasion', sa.Integer(), nullable=False, server_default='1'))
    op.alter_column('completions', 'occasion', server_default=None)
    op.drop_constraint(OLD, 'completions', type_='unique')
    op.create_unique_constraint(NEW, 'completions', ['enrollment_id', 'node_id', 'rule_version', 'occasion'])
    op.add_column('certificates', sa.Column('regrade_id', sa.Uuid(), nullable=True))
    op.create_table('completion_withdrawals',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('completion_id', sa.Uuid(), nullable=False),
    sa.Column('evidence', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('restored_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['completion_id'], ['completions.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_completion_withdrawals_completion_id'), 'completion_withdrawals', ['completion_id'], unique=False)
    op.create_index('uq_completion_withdrawals_open', 'completion_withdrawals', ['completion_id'], unique=True, postgresql_where=sa.text('restored_at IS NULL'))
    op.create_table('regrades',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('question_id', sa.Uuid(), nullable=False),
    sa.Column('revision_id', sa.Uuid(), nullable=False),
    sa.Column('status', sa.String(), nullable=False),
    sa.Column('overrules', sa.Boolean(), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('done', sa.Integer(), nullable=False),
    sa.Column('cursor', sa.Uuid(), nullable=True),
    sa.Column('figures', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('created_by', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('applied_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('undone_by', sa.Uuid(), nullable=True),
    sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['created_by'], ['people.id'], ),
    sa.ForeignKeyConstraint(['question_id'], ['questions.id'], ),
    sa.ForeignKeyConstraint(['revision_id'], ['question_revisions.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('ix_regrades_question_id', 'regrades', ['question_id', 'id'], unique=False)
    op.create_index('uq_regrades_one_at_work', 'regrades', ['question_id'], unique=True, postgresql_where=sa.text("status IN ('running', 'undoing')"))
    op.create_table('regrade_moves',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('regrade_id', sa.Uuid(), nullable=False),
    sa.Column('attempt_id', sa.Uuid(), nullable=False),
    sa.Column('question_id', sa.Uuid(), nullable=False),
    sa.Column('before', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('after', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['attempt_id'], ['attempts.id'], ),
    sa.ForeignKeyConstraint(['regrade_id'], ['regrades.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('regrade_id', 'attempt_id')
    )
    op.create_index('ix_regrade_moves_attempt_id', 'regrade_moves', ['attempt_id', 'question_id'], unique=False)


def downgrade() -> None:
    op.drop_table('regrade_moves')
    op.drop_table('regrades')
    op.drop_table('completion_withdrawals')
    op.drop_column('certificates', 'regrade_id')
    op.drop_constraint(NEW, 'completions', type_='unique')
    op.drop_column('completions', 'occasion')
    op.create_unique_constraint(OLD, 'completions', ['enrollment_id', 'node_id', 'rule_version'])
