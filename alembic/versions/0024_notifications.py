"""Notifications: what people want of them, how they leave the app

Revision ID: 0024
Revises: 0023
"""

import sqlalchemy as sa
from alembic import op

revision = '0024'
down_revision = '0023'
branch_labels = None
depends_on = None


def _moment(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    op.add_column('notifications', sa.Column('course_id', sa.Uuid(), nullable=True))
    op.create_foreign_key('notifications_course_id_fkey', 'notifications', 'courses', ['course_id'], ['id'])
    op.add_column('notifications', sa.Column('in_app', sa.Boolean(), nullable=False, server_default='true'))
    op.alter_column('notifications', 'in_app', server_default=None)
    op.execute("UPDATE notifications n SET course_id = c.id FROM courses c WHERE c.id::text = n.subjects ->> 'course'")
    op.drop_index('ix_notifications_unread', table_name='notifications')
    op.create_index('ix_notifications_unread', 'notifications', ['person_id', 'id'], postgresql_where=sa.text('read_at IS NULL AND in_app'))
    op.create_index('ix_notifications_course_id', 'notifications', ['course_id', 'person_id'])
    op.create_table(
        'notification_deliveries',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('notification_id', sa.Uuid(), nullable=False),
        sa.Column('person_id', sa.Uuid(), nullable=False),
        sa.Column('channel', sa.String(), nullable=False),
        sa.Column('state', sa.String(), nullable=False),
        sa.Column('tries', sa.Integer(), nullable=False),
        sa.Column('last_error', sa.String(), nullable=True),
        _moment('created_at'),
        _moment('due_at'),
        _moment('sent_at', nullable=True),
        _moment('ended_at', nullable=True),
        sa.ForeignKeyConstraint(['notification_id'], ['notifications.id'], ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['person_id'], ['people.id']),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('notification_id', 'channel'),
    )
    queued = sa.text("state = 'queued'")
    op.create_index('ix_notification_deliveries_queued', 'notification_deliveries', ['person_id', 'channel', 'due_at'], postgresql_where=queued)
    op.create_index('ix_notification_deliveries_due', 'notification_deliveries', ['due_at'], postgresql_where=queued)
    op.create_index('ix_notification_deliveries_sent', 'notification_deliveries', ['sent_at'], postgresql_where=sa.text('sent_at IS NOT NULL'))
    op.create_index(
        'ix_notification_deliveries_failed', 'notification_deliveries', ['ended_at'], postgresql_where=sa.text("state IN ('failed', 'bounced')")
    )
    op.create_index('ix_notification_deliveries_of', 'notification_deliveries', ['person_id', 'sent_at'], postgresql_where=sa.text("channel = 'mail'"))
    # What waits to be mailed goes on as a delivery, which has the id of its message.
    op.execute(
        "INSERT INTO notification_deliveries (id, notification_id, person_id, channel, state, tries, created_at, due_at) "
        "SELECT o.id, n.id, n.person_id, 'mail', 'queued', 0, o.created_at, o.created_at FROM outbox o "
        "JOIN notifications n ON n.id::text = o.arguments ->> 'notification_id' WHERE o.job = 'notifications.mail' AND o.done_at IS NULL"
    )
    op.execute(
        "UPDATE outbox o SET job = 'notifications.deliver', arguments = jsonb_build_object('delivery_id', d.id) "
        'FROM notification_deliveries d WHERE d.id = o.id'
    )
    op.create_table(
        'notification_choices',
        sa.Column('person_id', sa.Uuid(), nullable=False),
        sa.Column('kind_group', sa.String(), nullable=False),
        sa.Column('in_app', sa.Boolean(), nullable=False),
        sa.Column('mail', sa.String(), nullable=False),
        sa.Column('push', sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(['person_id'], ['people.id']),
        sa.PrimaryKeyConstraint('person_id', 'kind_group'),
    )
    op.create_table(
        'notification_settings',
        sa.Column('person_id', sa.Uuid(), nullable=False),
        sa.Column('quiet_from', sa.Integer(), nullable=True),
        sa.Column('quiet_until', sa.Integer(), nullable=True),
        _moment('mail_off_at', nullable=True),
        sa.Column('bounces', sa.Integer(), nullable=False),
        _moment('mail_paused_at', nullable=True),
        sa.ForeignKeyConstraint(['person_id'], ['people.id']),
        sa.PrimaryKeyConstraint('person_id'),
    )
    op.create_table(
        'course_mutes',
        sa.Column('person_id', sa.Uuid(), nullable=False),
        sa.Column('course_id', sa.Uuid(), nullable=False),
        _moment('created_at'),
        sa.ForeignKeyConstraint(['person_id'], ['people.id']),
        sa.ForeignKeyConstraint(['course_id'], ['courses.id']),
        sa.PrimaryKeyConstraint('person_id', 'course_id'),
    )
    op.create_index(op.f('ix_course_mutes_course_id'), 'course_mutes', ['course_id'])
    op.create_table(
        'push_subscriptions',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('person_id', sa.Uuid(), nullable=False),
        sa.Column('login_id', sa.Uuid(), nullable=True),
        sa.Column('address_index', sa.LargeBinary(), nullable=False),
        sa.Column('address_sealed', sa.LargeBinary(), nullable=True),
        sa.Column('key_sealed', sa.LargeBinary(), nullable=True),
        sa.Column('auth_sealed', sa.LargeBinary(), nullable=True),
        _moment('created_at'),
        sa.ForeignKeyConstraint(['person_id'], ['people.id']),
        sa.ForeignKeyConstraint(['login_id'], ['logins.id']),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('address_index'),
    )
    op.create_index(op.f('ix_push_subscriptions_person_id'), 'push_subscriptions', ['person_id'])
    op.create_index(op.f('ix_push_subscriptions_login_id'), 'push_subscriptions', ['login_id'])
    op.create_index('ix_enrollments_enrolled_at', 'enrollments', ['enrolled_at'])
    op.create_index('ix_attempts_to_mark', 'attempts', ['submitted_at'], postgresql_where=sa.text('pending > 0'))
    for name in ('opens', 'closes'):
        value = f"(settings ->> '{name}_at')"
        op.create_index(
            f'ix_assessment_revisions_{name}', 'assessment_revisions', [sa.text(value)], postgresql_where=sa.text(f'{value} IS NOT NULL')
        )
        op.create_index(
            f'ix_assessment_overrides_{name}', 'assessment_overrides', [f'{name}_at'], postgresql_where=sa.text(f'{name}_at IS NOT NULL')
        )


def downgrade() -> None:
    for name in ('opens', 'closes'):
        op.drop_index(f'ix_assessment_overrides_{name}', table_name='assessment_overrides')
        op.drop_index(f'ix_assessment_revisions_{name}', table_name='assessment_revisions')
    op.drop_index('ix_attempts_to_mark', table_name='attempts')
    op.drop_index('ix_enrollments_enrolled_at', table_name='enrollments')
    for table in ('push_subscriptions', 'course_mutes', 'notification_settings', 'notification_choices', 'notification_deliveries'):
        op.drop_table(table)
    op.drop_index('ix_notifications_course_id', table_name='notifications')
    op.drop_index('ix_notifications_unread', table_name='notifications')
    op.create_index('ix_notifications_unread', 'notifications', ['person_id'], postgresql_where=sa.text('read_at IS NULL'))
    op.drop_column('notifications', 'in_app')
    op.drop_column('notifications', 'course_id')
