"""The audit refuses change, and each entry seals the one before.

Revision: 0008
After: 0007
"""

from alembic import op
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None



CHAIN_LOCK = 7_236_418_002
"""The advisory lock under which one transaction at a time ends with an audit entry."""

# Every field as a netstring (its length in bytes, a colon, itself, a comma), so that no two entries read the same.
WORDS = """
CREATE FUNCTION audit_words(entry audit_entry) RETURNS bytea LANGUAGE sql STABLE AS $$
    SELECT string_agg(convert_to(octet_length(convert_to(field, 'UTF8')) || ':' || field || ',', 'UTF8'), ''::bytea ORDER BY place)
    FROM unnest(ARRAY[
        entry.position::text,
        to_char(entry.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
        entry.who, entry.verb, coalesce(entry.what::text, ''), entry.why, entry.details::text
    ]) WITH ORDINALITY AS fields(field, place)
$$
"""

SEAL = f"""
CREATE FUNCTION audit_seal(entry_id bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    last audit_entry%ROWTYPE;
    entry audit_entry%ROWTYPE;
BEGIN
    PERFORM pg_advisory_xact_lock({CHAIN_LOCK});
    SELECT * INTO last FROM audit_entry WHERE position IS NOT NULL ORDER BY position DESC LIMIT 1;
    SELECT * INTO entry FROM audit_entry WHERE id = entry_id;
    entry.position := coalesce(last.position, 0) + 1;
    entry.previous := coalesce(last.hash, ''::bytea);
    UPDATE audit_entry
    SET position = entry.position, previous = entry.previous, hash = sha256(entry.previous || audit_words(entry))
    WHERE id = entry_id;
END $$
"""

# At the end of the transaction, so that the lock is the last one taken: nothing can wait for it in a circle.
SEAL_AT_COMMIT = """
CREATE FUNCTION audit_seal_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM audit_seal(NEW.id);
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER audit_sealed AFTER INSERT ON audit_entry
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_seal_new();
"""

REFUSE = """
CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.hash IS NULL
        AND (NEW.id, NEW.at, NEW.who, NEW.verb, NEW.what, NEW.why, NEW.details)
            IS NOT DISTINCT FROM (OLD.id, OLD.at, OLD.who, OLD.verb, OLD.what, OLD.why, OLD.details)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the audit is append-only: % is refused', TG_OP USING ERRCODE = 'insufficient_privilege';
END $$;
CREATE TRIGGER audit_unchanged BEFORE UPDATE OR DELETE ON audit_entry FOR EACH ROW EXECUTE FUNCTION audit_refuse();
CREATE TRIGGER audit_not_emptied BEFORE TRUNCATE ON audit_entry FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
"""


def upgrade() -> None:
    op.add_column('audit_entry', sa.Column('details', postgresql.JSONB(), nullable=False, server_default='{}'))
    op.add_column('audit_entry', sa.Column('position', sa.BigInteger(), nullable=True))
    op.add_column('audit_entry', sa.Column('previous', sa.LargeBinary(), nullable=True))
    op.add_column('audit_entry', sa.Column('hash', sa.LargeBinary(), nullable=True))
    op.create_index('audit_of_verb', 'audit_entry', ['verb', 'id'], unique=False)
    op.create_index('audit_of_what', 'audit_entry', ['what', 'id'], unique=False)
    op.create_index('audit_of_who', 'audit_entry', ['who', 'id'], unique=False)
    op.create_unique_constraint(op.f('uq_audit_entry_position'), 'audit_entry', ['position'])
    for statement in (WORDS, SEAL, "SELECT audit_seal(id) FROM audit_entry ORDER BY id", SEAL_AT_COMMIT, REFUSE):
        op.execute(statement)


def downgrade() -> None:
    for statement in (
        "DROP TRIGGER audit_not_emptied ON audit_entry",
        "DROP TRIGGER audit_unchanged ON audit_entry",
        "DROP TRIGGER audit_sealed ON audit_entry",
        "DROP FUNCTION audit_refuse, audit_seal_new, audit_seal, audit_words",
    ):
        op.execute(statement)
    op.drop_constraint(op.f('uq_audit_entry_position'), 'audit_entry', type_='unique')
    for index in ('audit_of_who', 'audit_of_what', 'audit_of_verb'):
        op.drop_index(index, table_name='audit_entry')
    for column in ('hash', 'previous', 'position', 'details'):
        op.drop_column('audit_entry', column)
