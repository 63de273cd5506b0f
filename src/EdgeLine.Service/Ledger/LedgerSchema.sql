-- One file per line. `journal` is the truth, append-only; `code` is its fold, written in the same transaction.
CREATE TABLE meta (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The codes of a lease are the rows first_id, first_id + 1, ... of `code`, so that no question has to search for them.
CREATE TABLE lease (
    number     INTEGER PRIMARY KEY,
    id         TEXT NOT NULL UNIQUE,
    order_id   TEXT NOT NULL,
    batch_id   TEXT NOT NULL,
    may_verify INTEGER NOT NULL,
    codes      INTEGER NOT NULL,
    first_id   INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL,
    manifest   TEXT NOT NULL,
    ended      INTEGER NOT NULL DEFAULT 0
) STRICT;

-- A code is unique for ever, over all batches and leases. OR, where IN would be shorter: for each row written, SQLite
-- builds a table in memory out of an IN list in a check or an index.
CREATE TABLE code (
    id    INTEGER PRIMARY KEY,
    value TEXT NOT NULL UNIQUE,
    state TEXT NOT NULL DEFAULT 'available' CHECK (
        state = 'available' OR state = 'printing' OR state = 'verified' OR state = 'rejected' OR state = 'in-doubt'
        OR state = 'sampled' OR state = 'void' OR state = 'returned' OR state = 'expired'),
    lease INTEGER NOT NULL REFERENCES lease (number),
    run   TEXT NOT NULL DEFAULT '',
    -- It was rejected once, as entries said that have left this file; the others are in the journal.
    rejected INTEGER NOT NULL DEFAULT 0
) STRICT;
-- Small and hot: what a restart has to look at.
CREATE INDEX code_open ON code (state) WHERE state = 'printing' OR state = 'in-doubt' OR state = 'rejected';

CREATE TABLE journal (
    seq     INTEGER PRIMARY KEY,
    kind    INTEGER NOT NULL,
    code_id INTEGER,
    leaf    BLOB NOT NULL
) STRICT;
-- At most one print entry for a code, whatever the program does: 4 is JournalKind.Print.
CREATE UNIQUE INDEX journal_one_print ON journal (code_id) WHERE kind = 4;
-- Small: what the rework table asks about a verified code; 6 is JournalKind.Rejected.
CREATE INDEX journal_rejected ON journal (code_id) WHERE kind = 6;
CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal WHEN OLD.seq > (SELECT coalesce(max(last_seq), 0) FROM segment)
BEGIN SELECT RAISE(ABORT, 'the journal is append-only; only sealed entries are given away'); END;

-- Parts of the journal that were exported to files, read back and hashed. Entries up to the last one may leave `journal`.
CREATE TABLE segment (
    first_seq INTEGER PRIMARY KEY,
    last_seq  INTEGER NOT NULL,
    name      TEXT NOT NULL UNIQUE,
    sha256    TEXT NOT NULL,
    head      TEXT NOT NULL,
    sealed_ms INTEGER NOT NULL
) STRICT;
CREATE TRIGGER segment_no_update BEFORE UPDATE ON segment BEGIN SELECT RAISE(ABORT, 'a sealed segment stays as it is'); END;
CREATE TRIGGER segment_no_delete BEFORE DELETE ON segment BEGIN SELECT RAISE(ABORT, 'a sealed segment stays as it is'); END;

-- The counts after the last entry, one row, written with the entries.
CREATE TABLE fold (
    one   INTEGER PRIMARY KEY CHECK (one = 1),
    value BLOB NOT NULL
) STRICT;
INSERT INTO fold VALUES (1, CAST('{}' AS BLOB));

-- Readers of the journal, each with the last entry it has dealt with.
CREATE TABLE cursor (
    name TEXT PRIMARY KEY,
    seq  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Entries that the platform stored but does not confirm; they never vanish.
CREATE TABLE quarantine (
    seq    INTEGER PRIMARY KEY,
    code   TEXT NOT NULL,
    type   TEXT NOT NULL,
    detail TEXT NOT NULL
) STRICT;
