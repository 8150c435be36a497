"""Talk: announcements, and the discussion under each page

Revision ID: 0022
Revises: 0021
"""

import sqlalchemy as sa
from alembic import op

revision = '0022'
down_revision = '0021'
branch_labels = None
depends_on = None


def _id(name: str, refers: str = '', *, nullable: bool = False) -> sa.Column:
    keys = [sa.ForeignKey(refers)] if refers else []
    return sa.Column(name, sa.Uuid(), *keys, nullable=nullable)


def _moment(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        'announcements',
        _id('id'),
        _id('course_id', 'courses.id'),
        _id('run_id', 'runs.id', nullable=True),
        _id('person_id', 'people.id'),
        sa.Column('title', sa.String(), nullable=False),
        sa.Column('text', sa.String(), nullable=False),
        _moment('written_at'),
        _moment('edited_at', nullable=True),
        _moment('removed_at', nullable=True),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index('ix_announcements_course_id', 'announcements', ['course_id', 'id'])
    op.create_index('ix_announcements_run_id', 'announcements', ['run_id'])
    op.create_index('ix_announcements_person_id', 'announcements', ['person_id'])
    op.create_table(
        'threads',
        _id('id'),
        _id('course_id', 'courses.id'),
        _id('run_id', 'runs.id'),
        _id('page_id', 'pages.id'),
        _id('person_id', 'people.id'),
        sa.Column('title_sealed', sa.LargeBinary(), nullable=True),
        _moment('opened_at'),
        _moment('moved_at'),
        sa.Column('replies', sa.Integer(), nullable=False),
        _id('accepted_id', nullable=True),
        _moment('answered_at', nullable=True),
        _moment('closed_at', nullable=True),
        _moment('removed_at', nullable=True),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index('ix_threads_page', 'threads', ['page_id', 'run_id', 'moved_at'])
    op.create_index('ix_threads_course', 'threads', ['course_id', 'moved_at'])
    op.create_index('ix_threads_waiting', 'threads', ['course_id'], postgresql_where=sa.text('answered_at IS NULL AND removed_at IS NULL'))
    op.create_index('ix_threads_run_id', 'threads', ['run_id'])
    op.create_index('ix_threads_person_id', 'threads', ['person_id'])
    op.create_table(
        'posts',
        _id('id'),
        _id('thread_id', 'threads.id'),
        _id('person_id', 'people.id'),
        sa.Column('text_sealed', sa.LargeBinary(), nullable=True),
        _moment('written_at'),
        _moment('edited_at', nullable=True),
        _moment('removed_at', nullable=True),
        _id('removed_by', 'people.id', nullable=True),
        sa.Column('removed_because', sa.String(), nullable=True),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index('ix_posts_thread_id', 'posts', ['thread_id', 'id'])
    op.create_index('ix_posts_person_id', 'posts', ['person_id', 'written_at'])
    op.create_table(
        'thread_followers',
        _id('thread_id', 'threads.id'),
        _id('person_id', 'people.id'),
        sa.Column('muted', sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint('thread_id', 'person_id'),
    )
    op.create_index('ix_thread_followers_person_id', 'thread_followers', ['person_id'])
    op.create_table(
        'post_reports',
        _id('post_id', 'posts.id'),
        _id('person_id', 'people.id'),
        _id('course_id'),
        sa.Column('reason', sa.String(), nullable=False),
        _moment('reported_at'),
        _moment('settled_at', nullable=True),
        sa.PrimaryKeyConstraint('post_id', 'person_id'),
    )
    op.create_index('ix_post_reports_open', 'post_reports', ['course_id'], postgresql_where=sa.text('settled_at IS NULL'))


def downgrade() -> None:
    for table in ('post_reports', 'thread_followers', 'posts', 'threads', 'announcements'):
        op.drop_table(table)
