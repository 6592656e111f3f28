"""Versions of scripts that were sent back, or put into use again.

Revision: 0018
After: 0017
"""

from alembic import op
import sqlalchemy as sa


revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('script_decision',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('version_id', sa.Uuid(), nullable=False),
    sa.Column('decision', sa.Text(), nullable=False),
    sa.Column('by', sa.String(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('why', sa.String(), nullable=False),
    sa.CheckConstraint("decision IN ('rejected', 'restored')", name=op.f('ck_script_decision_decision_known')),
    sa.ForeignKeyConstraint(['version_id'], ['script_version.id'], name=op.f('fk_script_decision_version_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_script_decision')),
    )
    op.create_index(op.f('ix_script_decision_version_id'), 'script_decision', ['version_id'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_script_decision_version_id'), table_name='script_decision')
    op.drop_table('script_decision')
