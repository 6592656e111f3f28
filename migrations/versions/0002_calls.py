"""Calls, their turns and recordings.

Revision: 0002
After: 0001
"""

from alembic import op
import sqlalchemy as sa


revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('call',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('conversation_id', sa.Uuid(), nullable=False),
    sa.Column('claimed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recorded', sa.Boolean(), nullable=False),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_by', sa.String(), nullable=True),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('duration_seconds', sa.Integer(), nullable=True),
    sa.Column('sip_code', sa.String(), nullable=True),
    sa.Column('transferred_to', sa.String(), nullable=True),
    sa.Column('transfer_result', sa.String(), nullable=True),
    sa.ForeignKeyConstraint(['conversation_id'], ['conversation.id'], name=op.f('fk_call_conversation_id')),
    sa.ForeignKeyConstraint(['id'], ['message.id'], name=op.f('fk_call_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_call'))
    )
    op.create_index('call_live', 'call', ['claimed_at'], unique=False, postgresql_where='ended_at IS NULL')
    op.create_index(op.f('ix_call_conversation_id'), 'call', ['conversation_id'], unique=False)
    op.create_table('call_turn',
    sa.Column('call_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('said_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('document', sa.String(), nullable=True),
    sa.Column('later_document', sa.String(), nullable=True),
    sa.Column('characters', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['call_id'], ['call.id'], name=op.f('fk_call_turn_call_id')),
    sa.PrimaryKeyConstraint('call_id', 'number', name=op.f('pk_call_turn'))
    )
    op.create_table('recording',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('carrier_ref', sa.String(), nullable=False),
    sa.Column('seconds', sa.Integer(), nullable=False),
    sa.Column('announced_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sound', sa.LargeBinary(), nullable=True),
    sa.Column('fetched_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('removed_at_carrier', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['id'], ['call.id'], name=op.f('fk_recording_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recording')),
    sa.UniqueConstraint('carrier_ref', name=op.f('uq_recording_carrier_ref'))
    )
    op.add_column('message', sa.Column('recognised', sa.Float(), nullable=True))
    op.add_column('message', sa.Column('after_call', sa.Boolean(), nullable=False, server_default=sa.false()))
    # The default served the rows that were there; from now on the product says which it is.
    op.alter_column('message', 'after_call', server_default=None)


def downgrade() -> None:
    op.drop_column('message', 'after_call')
    op.drop_column('message', 'recognised')
    op.drop_table('recording')
    op.drop_table('call_turn')
    op.drop_index(op.f('ix_call_conversation_id'), table_name='call')
    op.drop_index('call_live', table_name='call', postgresql_where='ended_at IS NULL')
    op.drop_table('call')
