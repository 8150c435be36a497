"""Drafts of questions, their difficulty and objective, and the search in what they ask

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None

_SEARCHED = "setweight(to_tsvector('simple', title), 'A') || setweight(to_tsvector('simple', words), 'B')"
_WORDS = """
UPDATE questions q SET words = coalesce((
    SELECT left(string_agg(DISTINCT found #>> '{}', ' '), 20000)
    FROM question_revisions r, jsonb_path_query(r.body, 'lax $.**.text ? (@.type() == "string")') AS found
    WHERE r.id = q.published_revision_id
), '')
"""


def upgrade() -> None:
    op.add_column('questions', sa.Column('difficulty', sa.String(), nullable=False, server_default=''))
    op.alter_column('questions', 'difficulty', server_default=None)
    op.add_column('questions', sa.Column('objective_id', sa.Uuid(), nullable=True))
    op.create_foreign_key('questions_objective_id_fkey', 'questions', 'objectives', ['objective_id'], ['id'])
    op.create_index(op.f('ix_questions_objective_id'), 'questions', ['objective_id'])
    op.add_column('questions', sa.Column('words', sa.String(), nullable=False, server_default=''))
    op.alter_column('questions', 'words', server_default=None)
    op.execute(_WORDS)
    op.add_column('questions', sa.Column('search', postgresql.TSVECTOR(), sa.Computed(_SEARCHED, persisted=True), nullable=True))
    op.create_index('ix_questions_search', 'questions', ['search'], postgresql_using='gin')
    op.create_table(
        'question_drafts',
        sa.Column('question_id', sa.Uuid(), nullable=False),
        sa.Column('version', sa.Uuid(), nullable=False),
        sa.Column('base', sa.Integer(), nullable=False),
        sa.Column('form', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column('files', postgresql.ARRAY(sa.Uuid()), sa.Computed('files_in(form)', persisted=True), nullable=True),
        sa.Column('assessment_id', sa.Uuid(), nullable=True),
        sa.Column('spell', sa.String(), nullable=False),
        sa.Column('saved_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('saved_by', sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(['question_id'], ['questions.id']),
        sa.ForeignKeyConstraint(['assessment_id'], ['assessments.id']),
        sa.PrimaryKeyConstraint('question_id'),
    )
    op.create_index(op.f('ix_question_drafts_assessment_id'), 'question_drafts', ['assessment_id'])
    op.create_index(op.f('ix_run_question_sums_question_id'), 'run_question_sums', ['question_id'])


def downgrade() -> None:
    op.drop_index(op.f('ix_run_question_sums_question_id'), table_name='run_question_sums')
    op.drop_table('question_drafts')
    op.drop_index('ix_questions_search', table_name='questions')
    op.drop_column('questions', 'search')
    op.drop_column('questions', 'words')
    op.drop_index(op.f('ix_questions_objective_id'), table_name='questions')
    op.drop_constraint('questions_objective_id_fkey', 'questions')
    op.drop_column('questions', 'objective_id')
    op.drop_column('questions', 'difficulty')
