"""Tasks have an owner and a result, visits end, staff answer in the bot's stead, outcomes are put right.

Revision: 0010
After: 0009
"""

from alembic import op
import sqlalchemy as sa


revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None

VISITS = "state IN ('booked', 'moved', 'cancelled', 'arrived', 'no_show')"
VISITS_BEFORE = "state IN ('booked', 'moved', 'cancelled')"
RESULTS = "result IN ('settled', 'not_reached', 'not_needed')"


def upgrade() -> None:
    op.add_column('staff_task', sa.Column('owner', sa.String(), nullable=True))
    op.add_column('staff_task', sa.Column('result', sa.Text(), nullable=True))
    op.add_column('staff_task', sa.Column('result_note', sa.String(), nullable=False, server_default=''))
    op.add_column('staff_task', sa.Column('revision', sa.Integer(), nullable=False, server_default='0'))
    op.add_column('staff_task', sa.Column('changed_by', sa.String(), nullable=True))
    op.create_check_constraint(op.f('ck_staff_task_result_known'), 'staff_task', RESULTS)
    op.drop_index('task_open', table_name='staff_task', postgresql_where="state = 'open'")
    op.create_index(
        'task_open', 'staff_task', [sa.text("coalesce(due_at, 'infinity'::timestamptz)"), 'id'],
        postgresql_where="state = 'open'",
    )
    op.create_index('task_done', 'staff_task', ['done_at', 'id'], postgresql_where="state = 'done'")
    op.create_index('task_of_customer', 'staff_task', ['customer_id'])
    op.add_column('visit', sa.Column('changed_by', sa.String(), nullable=True))
    op.add_column('visit', sa.Column('changed_at', sa.DateTime(timezone=True), nullable=True))
    op.drop_constraint(op.f('ck_visit_state_known'), 'visit', type_='check')
    op.create_check_constraint(op.f('ck_visit_state_known'), 'visit', VISITS)
    op.create_index('visit_by_day', 'visit', ['date', 'branch_id'])
    op.add_column('message', sa.Column('by', sa.String(), nullable=True))
    op.add_column('stop', sa.Column('lifted_why', sa.String(), nullable=True))
    op.create_table(
        'takeover',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('conversation_id', sa.Uuid(), nullable=False),
        sa.Column('by', sa.String(), nullable=False),
        sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
        sa.Column('ended_by', sa.String(), nullable=True),
        sa.Column('note', sa.String(), nullable=False),
        sa.CheckConstraint('(ended_at IS NULL) = (ended_by IS NULL)', name=op.f('ck_takeover_takeover_ended_by_somebody')),
        sa.ForeignKeyConstraint(['conversation_id'], ['conversation.id'], name=op.f('fk_takeover_conversation_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_takeover')),
    )
    op.create_index('takeover_standing', 'takeover', ['conversation_id'], unique=True, postgresql_where='ended_at IS NULL')
    op.create_index('takeover_of_conversation', 'takeover', ['conversation_id', 'started_at'])
    op.create_table(
        'outcome_correction',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('conversation_id', sa.Uuid(), nullable=False),
        sa.Column('before', sa.String(), nullable=False),
        sa.Column('after', sa.String(), nullable=False),
        sa.Column('by', sa.String(), nullable=False),
        sa.Column('at', sa.DateTime(timezone=True), nullable=False),
        sa.Column('why', sa.String(), nullable=False),
        sa.ForeignKeyConstraint(['conversation_id'], ['conversation.id'], name=op.f('fk_outcome_correction_conversation_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_outcome_correction')),
    )
    op.create_index(op.f('ix_outcome_correction_conversation_id'), 'outcome_correction', ['conversation_id'])


def downgrade() -> None:
    op.drop_table('outcome_correction')
    op.drop_table('takeover')
    op.drop_column('stop', 'lifted_why')
    op.drop_column('message', 'by')
    op.drop_index('visit_by_day', table_name='visit')
    op.drop_constraint(op.f('ck_visit_state_known'), 'visit', type_='check')
    op.create_check_constraint(op.f('ck_visit_state_known'), 'visit', VISITS_BEFORE)
    op.drop_column('visit', 'changed_at')
    op.drop_column('visit', 'changed_by')
    op.drop_index('task_of_customer', table_name='staff_task')
    op.drop_index('task_done', table_name='staff_task', postgresql_where="state = 'done'")
    op.drop_index('task_open', table_name='staff_task', postgresql_where="state = 'open'")
    op.create_index('task_open', 'staff_task', ['due_at'], postgresql_where="state = 'open'")
    op.drop_constraint(op.f('ck_staff_task_result_known'), 'staff_task', type_='check')
    for column in ('changed_by', 'revision', 'result_note', 'result', 'owner'):
        op.drop_column('staff_task', column)
