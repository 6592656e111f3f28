"""Fences, second sends, and the indexes of what waits, what is in flight and what was never reported on.

Revision: 0006
After: 0005
"""

from alembic import op
import sqlalchemy as sa


revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    # The defaults stay: workers of the version before insert messages without naming these columns.
    op.add_column('message', sa.Column('claims', sa.Integer(), nullable=False, server_default='0'))
    op.add_column('message', sa.Column('repeats', sa.Integer(), nullable=False, server_default='0'))
    op.create_index(
        'message_waiting', 'message',
        ['channel', 'starts_contact', sa.text("coalesce(not_before, '-infinity'::timestamptz)"), 'position'],
        postgresql_where="state = 'queued'",
    )
    op.drop_index('message_queued', table_name='message', postgresql_where="state = 'queued'")
    op.create_index(
        'message_unreported', 'message', ['sent_at'], postgresql_where="state IN ('accepted', 'sent')"
    )
    op.create_table(
        'sender_pace',
        sa.Column('sender', sa.Text(), nullable=False),
        sa.Column('paced_until', sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('sender', name=op.f('pk_sender_pace')),
    )
    op.create_table(
        'inbound_mark',
        sa.Column('carrier', sa.Text(), nullable=False),
        sa.Column('listed_until', sa.DateTime(timezone=True), nullable=False),
        sa.Column('asked_at', sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('carrier', name=op.f('pk_inbound_mark')),
    )
    op.create_table(
        'data_key',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('fingerprint', sa.LargeBinary(), nullable=False),
        sa.Column('since', sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint('id BETWEEN 1 AND 255', name=op.f('ck_data_key_id_is_one_byte')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_data_key')),
    )


def downgrade() -> None:
    op.drop_table('data_key')
    op.drop_table('inbound_mark')
    op.drop_table('sender_pace')
    op.drop_index('message_unreported', table_name='message', postgresql_where="state IN ('accepted', 'sent')")
    op.create_index('message_queued', 'message', ['not_before', 'position'], postgresql_where="state = 'queued'")
    op.drop_index('message_waiting', table_name='message', postgresql_where="state = 'queued'")
    op.drop_column('message', 'repeats')
    op.drop_column('message', 'claims')
