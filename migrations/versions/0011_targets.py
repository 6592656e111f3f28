"""What each manager is to reach on each day of a campaign.

Revision: 0011
After: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "target",
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("aim", sa.Text(), nullable=False),
        sa.Column("manager", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "aim IN ('contacts', 'replies', 'visits', 'conversions')", name=op.f("ck_target_aim_known")
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_target_target_of_something")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_target_campaign_id")),
        sa.PrimaryKeyConstraint("campaign_id", "aim", "manager", "day", name=op.f("pk_target")),
    )


def downgrade() -> None:
    op.drop_table("target")
