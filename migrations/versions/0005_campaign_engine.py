"""Approval, experiments, tries and follow-ups of campaigns.

Revision: 0005
After: 0004
"""

from alembic import op
import sqlalchemy as sa


revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

STATES = "state IN ('proposed', 'rejected', 'active', 'paused', 'finished')"
STATES_BEFORE = "state IN ('active', 'paused', 'finished')"


def upgrade() -> None:
    op.add_column('attempt', sa.Column('variant', sa.String(), nullable=True))
    op.add_column('attempt', sa.Column('wanted_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('attempt', sa.Column('last_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('attempt', sa.Column('followed_at', sa.DateTime(timezone=True), nullable=True))
    # What ended before there was anything to follow is left alone.
    op.execute("UPDATE attempt SET followed_at = closed_at WHERE state = 'closed'")
    op.create_index(
        'attempt_unfollowed', 'attempt', ['closed_at'], unique=False,
        postgresql_where="state = 'closed' AND followed_at IS NULL AND outcome <> 'not_permitted'",
    )
    op.add_column('campaign', sa.Column('proposed_by', sa.String(), nullable=True))
    op.add_column('campaign', sa.Column('proposed_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('campaign', sa.Column('approved_by', sa.String(), nullable=True))
    op.add_column('campaign', sa.Column('approved_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('campaign', sa.Column('held_why', sa.String(), nullable=True))
    op.add_column('campaign', sa.Column('watched_from', sa.DateTime(timezone=True), nullable=True))
    op.add_column('campaign', sa.Column('winner', sa.String(), nullable=True))
    op.add_column('campaign', sa.Column('planned_through', sa.Uuid(), nullable=True))
    op.alter_column('campaign', 'launched_at', nullable=True)
    op.drop_constraint(op.f('ck_campaign_state_known'), 'campaign', type_='check')
    op.create_check_constraint(op.f('ck_campaign_state_known'), 'campaign', STATES)
    op.create_check_constraint(op.f('ck_campaign_campaign_approved_by_another'), 'campaign', 'approved_by <> proposed_by')
    op.create_check_constraint(
        op.f('ck_campaign_campaign_approved_at_a_time'), 'campaign', '(approved_by IS NULL) = (approved_at IS NULL)'
    )
    op.create_check_constraint(
        op.f('ck_campaign_campaign_launched_or_not'), 'campaign', "(launched_at IS NULL) = (state IN ('proposed', 'rejected'))"
    )


def downgrade() -> None:
    op.execute("DELETE FROM campaign WHERE state IN ('proposed', 'rejected')")
    op.drop_constraint(op.f('ck_campaign_campaign_launched_or_not'), 'campaign', type_='check')
    op.drop_constraint(op.f('ck_campaign_campaign_approved_at_a_time'), 'campaign', type_='check')
    op.drop_constraint(op.f('ck_campaign_campaign_approved_by_another'), 'campaign', type_='check')
    op.drop_constraint(op.f('ck_campaign_state_known'), 'campaign', type_='check')
    op.create_check_constraint(op.f('ck_campaign_state_known'), 'campaign', STATES_BEFORE)
    op.alter_column('campaign', 'launched_at', nullable=False)
    for column in (
        'planned_through', 'winner', 'watched_from', 'held_why', 'approved_at', 'approved_by', 'proposed_at',
        'proposed_by',
    ):
        op.drop_column('campaign', column)
    op.drop_index('attempt_unfollowed', table_name='attempt')
    for column in ('followed_at', 'last_at', 'wanted_at', 'variant'):
        op.drop_column('attempt', column)
