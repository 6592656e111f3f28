"""Keys: what numbers are found by outlives the key, a key retires; and the oldest version that this schema still serves.

Revision: 0009
After: 0008
"""

from alembic import op
import sqlalchemy as sa


revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('data_key', sa.Column('finders', sa.LargeBinary(), nullable=True))
    op.add_column('data_key', sa.Column('retired_at', sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        'schema_floor',
        sa.Column('id', sa.Integer(), nullable=False, server_default='1'),
        sa.Column('revision', sa.Text(), nullable=False),
        sa.CheckConstraint('id = 1', name=op.f('ck_schema_floor_one_floor')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_schema_floor')),
    )
    # A migration that takes something away (docs/upgrading.md) writes its own revision here.
    op.execute("INSERT INTO schema_floor (revision) VALUES ('0009')")


def downgrade() -> None:
    op.drop_table('schema_floor')
    op.drop_column('data_key', 'retired_at')
    op.drop_column('data_key', 'finders')
