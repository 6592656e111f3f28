"""What the bank's own systems say that customers did.

Revision: 0004
After: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bank_fact",
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("card_tail", sa.String(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=16, scale=2), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('card_activated', 'debit_bound', 'account_opened', 'login', 'balance')",
            name=op.f("ck_bank_fact_kind_known"),
        ),
        sa.CheckConstraint(
            "(kind = 'balance') = (amount IS NOT NULL)", name=op.f("ck_bank_fact_balances_have_an_amount")
        ),
        sa.CheckConstraint("card_tail ~ '^([0-9]{4})?$'", name=op.f("ck_bank_fact_fact_tail_four_digits")),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_bank_fact_customer_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("customer_id", "kind", "day", "card_tail", name=op.f("pk_bank_fact")),
    )


def downgrade() -> None:
    op.drop_table("bank_fact")
