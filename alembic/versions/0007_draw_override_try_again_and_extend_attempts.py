"""Draw, override, try again and extend attempts

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('accommodations',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('person_id', sa.Uuid(), nullable=False),
    sa.Column('time_factor', sa.Numeric(precision=12, scale=6), nullable=False),
    sa.Column('note_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('person_id')
    )
    op.create_table('question_categories',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('course_id', sa.Uuid(), nullable=True),
    sa.Column('person_id', sa.Uuid(), nullable=True),
    sa.Column('parent_id', sa.Uuid(), nullable=True),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('(course_id IS NULL) <> (person_id IS NULL)', name='ck_question_categories_one_bank'),
    sa.ForeignKeyConstraint(['course_id'], ['courses.id'], ),
    sa.ForeignKeyConstraint(['parent_id'], ['question_categories.id'], ),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_question_categories_course_id'), 'question_categories', ['course_id'], unique=False)
    op.create_index(op.f('ix_question_categories_parent_id'), 'question_categories', ['parent_id'], unique=False)
    op.create_index(op.f('ix_question_categories_person_id'), 'question_categories', ['person_id'], unique=False)
    op.create_table('groups',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('run_id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['run_id'], ['runs.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('run_id', 'name')
    )
    op.create_table('group_members',
    sa.Column('group_id', sa.Uuid(), nullable=False),
    sa.Column('enrollment_id', sa.Uuid(), nullable=False),
    sa.ForeignKeyConstraint(['enrollment_id'], ['enrollments.id'], ),
    sa.ForeignKeyConstraint(['group_id'], ['groups.id'], ),
    sa.PrimaryKeyConstraint('group_id', 'enrollment_id')
    )
    op.create_index(op.f('ix_group_members_enrollment_id'), 'group_members', ['enrollment_id'], unique=False)
    op.create_table('assessment_overrides',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('assessment_id', sa.Uuid(), nullable=False),
    sa.Column('run_id', sa.Uuid(), nullable=False),
    sa.Column('group_id', sa.Uuid(), nullable=True),
    sa.Column('enrollment_id', sa.Uuid(), nullable=True),
    sa.Column('opens_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closes_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('time_factor', sa.Numeric(precision=12, scale=6), nullable=True),
    sa.Column('extra_seconds', sa.Integer(), nullable=True),
    sa.Column('attempts_allowed', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint('group_id IS NULL OR enrollment_id IS NULL', name='ck_assessment_overrides_one_subject'),
    sa.ForeignKeyConstraint(['assessment_id'], ['assessments.id'], ),
    sa.ForeignKeyConstraint(['enrollment_id'], ['enrollments.id'], ),
    sa.ForeignKeyConstraint(['group_id'], ['groups.id'], ),
    sa.ForeignKeyConstraint(['run_id'], ['runs.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('assessment_id', 'run_id', 'group_id', 'enrollment_id', postgresql_nulls_not_distinct=True)
    )
    op.create_index(op.f('ix_assessment_overrides_enrollment_id'), 'assessment_overrides', ['enrollment_id'], unique=False)
    op.create_index(op.f('ix_assessment_overrides_group_id'), 'assessment_overrides', ['group_id'], unique=False)
    op.create_index(op.f('ix_assessment_overrides_run_id'), 'assessment_overrides', ['run_id'], unique=False)
    op.create_table('answer_tries',
    sa.Column('attempt_id', sa.Uuid(), nullable=False),
    sa.Column('question_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('sequence', sa.BigInteger(), nullable=False),
    sa.Column('fraction', sa.Numeric(precision=12, scale=6), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['attempt_id'], ['attempts.id'], ),
    sa.PrimaryKeyConstraint('attempt_id', 'question_id', 'number')
    )
    op.create_table('attempt_messages',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('assessment_id', sa.Uuid(), nullable=False),
    sa.Column('run_id', sa.Uuid(), nullable=False),
    sa.Column('attempt_id', sa.Uuid(), nullable=True),
    sa.Column('author_id', sa.Uuid(), nullable=False),
    sa.Column('text_sealed', sa.LargeBinary(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['assessment_id'], ['assessments.id'], ),
    sa.ForeignKeyConstraint(['attempt_id'], ['attempts.id'], ),
    sa.ForeignKeyConstraint(['author_id'], ['people.id'], ),
    sa.ForeignKeyConstraint(['run_id'], ['runs.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_attempt_messages_assessment_id'), 'attempt_messages', ['assessment_id'], unique=False)
    op.create_index(op.f('ix_attempt_messages_attempt_id'), 'attempt_messages', ['attempt_id'], unique=False)
    op.create_table('section_pools',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('section_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('category_id', sa.Uuid(), nullable=True),
    sa.Column('tags', sa.ARRAY(sa.String()), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.Column('points', sa.Numeric(precision=12, scale=6), nullable=False),
    sa.ForeignKeyConstraint(['category_id'], ['question_categories.id'], ),
    sa.ForeignKeyConstraint(['section_id'], ['assessment_sections.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index(op.f('ix_section_pools_category_id'), 'section_pools', ['category_id'], unique=False)
    op.create_index(op.f('ix_section_pools_section_id'), 'section_pools', ['section_id'], unique=False)
    op.add_column('answers', sa.Column('response_sealed', sa.LargeBinary(), nullable=True))
    op.add_column('answers', sa.Column('certainty', sa.Integer(), nullable=True))
    op.alter_column('answers', 'response',
               existing_type=postgresql.JSONB(astext_type=sa.Text()),
               nullable=True)
    op.add_column('assessment_sections', sa.Column('introduction', sa.String(), nullable=False, server_default=''))
    op.add_column('assessment_sections', sa.Column('shuffle', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column('attempts', sa.Column('submit_by', sa.DateTime(timezone=True), nullable=True))
    op.add_column('attempts', sa.Column('one_way', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column('attempts', sa.Column('page', sa.Integer(), nullable=False, server_default='1'))
    op.add_column('attempts', sa.Column('seen_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('attempts', sa.Column('pending', sa.Integer(), nullable=False, server_default='0'))
    op.add_column('attempts', sa.Column('released_at', sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE attempts SET released_at = submitted_at WHERE status <> 'open'")
    op.drop_index(op.f('ix_attempts_overdue'), table_name='attempts', postgresql_where="(((status)::text = 'open'::text) AND (deadline_at IS NOT NULL))")
    op.create_index('ix_attempts_overdue', 'attempts', [sa.text('coalesce(submit_by, deadline_at)')], unique=False, postgresql_where=sa.text("status = 'open'"))
    op.add_column('questions', sa.Column('person_id', sa.Uuid(), nullable=True))
    op.add_column('questions', sa.Column('category_id', sa.Uuid(), nullable=True))
    op.add_column('questions', sa.Column('tags', sa.ARRAY(sa.String()), nullable=False, server_default='{}'))
    op.alter_column('questions', 'course_id',
               existing_type=sa.UUID(),
               nullable=True)
    op.create_index(op.f('ix_questions_category_id'), 'questions', ['category_id'], unique=False)
    op.create_index(op.f('ix_questions_person_id'), 'questions', ['person_id'], unique=False)
    op.create_index('ix_questions_tags', 'questions', ['tags'], unique=False, postgresql_using='gin')
    op.create_foreign_key('questions_category_id_fkey', 'questions', 'question_categories', ['category_id'], ['id'])
    op.create_foreign_key('questions_person_id_fkey', 'questions', 'people', ['person_id'], ['id'])
    op.create_check_constraint('ck_questions_one_bank', 'questions', '(course_id IS NULL) <> (person_id IS NULL)')


def downgrade() -> None:
    op.drop_constraint('ck_questions_one_bank', 'questions', type_='check')
    op.drop_constraint('questions_person_id_fkey', 'questions', type_='foreignkey')
    op.drop_constraint('questions_category_id_fkey', 'questions', type_='foreignkey')
    op.drop_index('ix_questions_tags', table_name='questions', postgresql_using='gin')
    op.drop_index(op.f('ix_questions_person_id'), table_name='questions')
    op.drop_index(op.f('ix_questions_category_id'), table_name='questions')
    op.alter_column('questions', 'course_id',
               existing_type=sa.UUID(),
               nullable=False)
    op.drop_column('questions', 'tags')
    op.drop_column('questions', 'category_id')
    op.drop_column('questions', 'person_id')
    op.drop_index('ix_attempts_overdue', table_name='attempts')
    op.create_index(op.f('ix_attempts_overdue'), 'attempts', ['deadline_at'], unique=False, postgresql_where="(((status)::text = 'open'::text) AND (deadline_at IS NOT NULL))")
    op.drop_column('attempts', 'released_at')
    op.drop_column('attempts', 'pending')
    op.drop_column('attempts', 'seen_at')
    op.drop_column('attempts', 'page')
    op.drop_column('attempts', 'one_way')
    op.drop_column('attempts', 'submit_by')
    op.drop_column('assessment_sections', 'shuffle')
    op.drop_column('assessment_sections', 'introduction')
    op.alter_column('answers', 'response',
               existing_type=postgresql.JSONB(astext_type=sa.Text()),
               nullable=False)
    op.drop_column('answers', 'certainty')
    op.drop_column('answers', 'response_sealed')
    op.drop_index(op.f('ix_section_pools_section_id'), table_name='section_pools')
    op.drop_index(op.f('ix_section_pools_category_id'), table_name='section_pools')
    op.drop_table('section_pools')
    op.drop_index(op.f('ix_attempt_messages_attempt_id'), table_name='attempt_messages')
    op.drop_index(op.f('ix_attempt_messages_assessment_id'), table_name='attempt_messages')
    op.drop_table('attempt_messages')
    op.drop_table('answer_tries')
    op.drop_index(op.f('ix_assessment_overrides_run_id'), table_name='assessment_overrides')
    op.drop_index(op.f('ix_assessment_overrides_group_id'), table_name='assessment_overrides')
    op.drop_index(op.f('ix_assessment_overrides_enrollment_id'), table_name='assessment_overrides')
    op.drop_table('assessment_overrides')
    op.drop_index(op.f('ix_group_members_enrollment_id'), table_name='group_members')
    op.drop_table('group_members')
    op.drop_table('groups')
    op.drop_index(op.f('ix_question_categories_person_id'), table_name='question_categories')
    op.drop_index(op.f('ix_question_categories_parent_id'), table_name='question_categories')
    op.drop_index(op.f('ix_question_categories_course_id'), table_name='question_categories')
    op.drop_table('question_categories')
    op.drop_table('accommodations')
