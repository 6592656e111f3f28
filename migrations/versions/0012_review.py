"""Reviews, flags, tags, notes, and sampling plans.

Revision: 0012
After: 0011
"""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('sampling_plan',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('script', sa.String(), nullable=True),
    sa.Column('outcome', sa.String(), nullable=True),
    sa.Column('share', sa.Float(), nullable=False),
    sa.Column('twice', sa.Float(), nullable=False),
    sa.Column('reviewers', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('by', sa.String(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('drawn_until', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ended_by', sa.String(), nullable=True),
    sa.CheckConstraint('share > 0 AND share <= 1', name=op.f('ck_sampling_plan_share_is_a_share')),
    sa.CheckConstraint('twice >= 0 AND twice <= 1', name=op.f('ck_sampling_plan_twice_is_a_share')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sampling_plan'))
    )
    op.create_index('sampling_plan_standing', 'sampling_plan', ['ended_at'], unique=False)
    op.create_table('flag',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('conversation_id', sa.Uuid(), nullable=False),
    sa.Column('by', sa.String(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('why', sa.String(), nullable=False),
    sa.Column('lifted_by', sa.String(), nullable=True),
    sa.Column('lifted_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('(lifted_at IS NULL) = (lifted_by IS NULL)', name=op.f('ck_flag_flag_lifted_by_somebody')),
    sa.ForeignKeyConstraint(['conversation_id'], ['conversation.id'], name=op.f('fk_flag_conversation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_flag'))
    )
    op.create_index('flag_standing', 'flag', ['conversation_id'], unique=True, postgresql_where='lifted_at IS NULL')
    op.create_table('review',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('conversation_id', sa.Uuid(), nullable=False),
    sa.Column('by', sa.String(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('marks', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.ForeignKeyConstraint(['conversation_id'], ['conversation.id'], name=op.f('fk_review_conversation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_review')),
    sa.UniqueConstraint('conversation_id', 'by', name='review_once')
    )
    op.create_index('review_of_reviewer', 'review', ['by', 'at'], unique=False)
    op.create_table('review_assignment',
    sa.Column('conversation_id', sa.Uuid(), nullable=False),
    sa.Column('reviewer', sa.String(), nullable=False),
    sa.Column('plan_id', sa.Uuid(), nullable=False),
    sa.Column('assigned_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['conversation_id'], ['conversation.id'], name=op.f('fk_review_assignment_conversation_id')),
    sa.ForeignKeyConstraint(['plan_id'], ['sampling_plan.id'], name=op.f('fk_review_assignment_plan_id')),
    sa.PrimaryKeyConstraint('conversation_id', 'reviewer', name=op.f('pk_review_assignment'))
    )
    op.create_index(op.f('ix_review_assignment_plan_id'), 'review_assignment', ['plan_id'], unique=False)
    op.create_index('review_queue', 'review_assignment', ['reviewer', 'assigned_at'], unique=False, postgresql_where='done_at IS NULL')
    op.create_table('review_sheet',
    sa.Column('conversation_id', sa.Uuid(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('by', sa.String(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['conversation_id'], ['conversation.id'], name=op.f('fk_review_sheet_conversation_id')),
    sa.PrimaryKeyConstraint('conversation_id', name=op.f('pk_review_sheet'))
    )
    op.create_table('staff_note',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('conversation_id', sa.Uuid(), nullable=False),
    sa.Column('by', sa.String(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('words', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['conversation_id'], ['conversation.id'], name=op.f('fk_staff_note_conversation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_staff_note'))
    )
    op.create_index(op.f('ix_staff_note_conversation_id'), 'staff_note', ['conversation_id'], unique=False)
    op.create_table('tag',
    sa.Column('conversation_id', sa.Uuid(), nullable=False),
    sa.Column('tag', sa.String(), nullable=False),
    sa.Column('by', sa.String(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['conversation_id'], ['conversation.id'], name=op.f('fk_tag_conversation_id')),
    sa.PrimaryKeyConstraint('conversation_id', 'tag', name=op.f('pk_tag'))
    )


def downgrade() -> None:
    for table in (
        "review_assignment", "sampling_plan", "staff_note", "tag", "flag", "review", "review_sheet"
    ):
        op.drop_table(table)
