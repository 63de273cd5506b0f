-- Version 2: ways back.

-- Lines that this device had until another one was enrolled for them, joined by commas.
ALTER TABLE credential ADD COLUMN lost TEXT;

ALTER TABLE ledger ADD COLUMN closed_at INTEGER;

-- A code that a person gave out so that a new ledger may take the place of a line's old one. Works once. The code itself
-- is not kept: the claim of it as SHA-256, and the key that answers are sealed with.
CREATE TABLE enrolment (
  no         INTEGER PRIMARY KEY,
  claim      BLOB NOT NULL UNIQUE,
  seal_key   BLOB NOT NULL,
  line       TEXT NOT NULL REFERENCES line(id),
  issued_at  INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at    INTEGER,
  ledger     TEXT,
  credential BLOB
) STRICT;

-- What came from a ledger that is not the line's (any more), or under a number that has another entry: evidence for
-- people, applied to nothing.
CREATE TABLE late_entry (
  ledger INTEGER NOT NULL,
  seq    INTEGER NOT NULL,
  hash   BLOB NOT NULL,
  leaf   BLOB NOT NULL,
  kind   INTEGER NOT NULL,
  code   TEXT NOT NULL,
  at     INTEGER NOT NULL,
  PRIMARY KEY (ledger, seq, hash)
) STRICT, WITHOUT ROWID;
