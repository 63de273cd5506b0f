-- The platform's whole memory. Times are Unix milliseconds, UTC. Nothing is ever deleted.

CREATE TABLE setting (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO setting(name, value) VALUES ('host', 'hgz.example');

-- Bearer tokens, only as SHA-256: whoever reads this file cannot act for anybody.
CREATE TABLE credential (
  hash         BLOB PRIMARY KEY,
  name         TEXT NOT NULL,
  roles        INTEGER NOT NULL,
  line         TEXT,
  organisation TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE line (
  id        TEXT PRIMARY KEY,
  locked_at INTEGER
) STRICT, WITHOUT ROWID;

-- A line has one current ledger; closed ones stay as evidence.
CREATE TABLE ledger (
  no       INTEGER PRIMARY KEY,
  line     TEXT NOT NULL REFERENCES line(id),
  id       TEXT NOT NULL UNIQUE,
  epoch    INTEGER NOT NULL,
  accepted INTEGER NOT NULL,
  head     BLOB NOT NULL,
  current  INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX ledger_current ON ledger(line) WHERE current = 1;

CREATE TABLE batch (
  no           INTEGER PRIMARY KEY,
  id           TEXT NOT NULL UNIQUE,
  number       TEXT NOT NULL UNIQUE,
  state        TEXT NOT NULL CHECK (state IN ('draft', 'submitted', 'approved', 'suspended', 'closed')),
  content      TEXT NOT NULL,
  report       TEXT,
  submitted_by TEXT,
  approved_by  TEXT,
  approved_at  INTEGER,
  closed_at    INTEGER,
  suspended_at INTEGER,
  suspended_by TEXT,
  suspended_why TEXT,
  suspended_by_regulator INTEGER NOT NULL DEFAULT 0
) STRICT;

-- A version of a laboratory's report. Once attested, the content never changes; the trigger says so as well.
CREATE TABLE report (
  no          INTEGER PRIMARY KEY,
  id          TEXT NOT NULL UNIQUE,
  number      TEXT NOT NULL,
  version     INTEGER NOT NULL,
  batch       TEXT NOT NULL REFERENCES batch(id),
  state       TEXT NOT NULL CHECK (state IN ('draft', 'attested', 'revoked')),
  content     TEXT NOT NULL,
  conclusion  TEXT CHECK (conclusion IN ('qualified', 'unqualified')),
  attested_by TEXT,
  attested_at INTEGER,
  sha256      TEXT,
  revoked_at  INTEGER,
  revoked_why TEXT,
  UNIQUE (number, version)
) STRICT;
CREATE TRIGGER report_is_sealed BEFORE UPDATE OF number, version, batch, content, conclusion, attested_by, attested_at, sha256
  ON report WHEN OLD.state <> 'draft'
BEGIN SELECT RAISE(ABORT, 'an attested report cannot be changed'); END;

CREATE TABLE line_order (
  no            INTEGER PRIMARY KEY,
  id            TEXT NOT NULL UNIQUE,
  line          TEXT NOT NULL REFERENCES line(id),
  batch         TEXT NOT NULL REFERENCES batch(id),
  target        INTEGER NOT NULL,
  lease_minutes INTEGER NOT NULL,
  created_at    INTEGER NOT NULL,
  closed_at     INTEGER
) STRICT;
CREATE INDEX line_order_of_line ON line_order(line);
CREATE INDEX line_order_of_batch ON line_order(batch);

CREATE TABLE lease (
  no           INTEGER PRIMARY KEY,
  id           TEXT NOT NULL UNIQUE,
  line         TEXT NOT NULL REFERENCES line(id),
  batch        TEXT NOT NULL REFERENCES batch(id),
  line_order   TEXT NOT NULL REFERENCES line_order(id),
  client_ref   TEXT NOT NULL,
  request      BLOB NOT NULL,
  requested    INTEGER NOT NULL,
  may_verify   INTEGER NOT NULL,
  codes        INTEGER NOT NULL,
  first_code   INTEGER NOT NULL,
  codes_sha256 TEXT NOT NULL,
  issued_at    INTEGER NOT NULL,
  expires_at   INTEGER NOT NULL,
  manifest     TEXT NOT NULL,
  closed_at    INTEGER,
  UNIQUE (line, client_ref)
) STRICT;
CREATE INDEX lease_of_batch ON lease(batch);
CREATE INDEX lease_open ON lease(line) WHERE closed_at IS NULL;

-- Codes of one lease have consecutive ids: the code file is a range, and the print order is the page order.
CREATE TABLE code (
  id         INTEGER PRIMARY KEY,
  value      TEXT NOT NULL UNIQUE,
  lease      INTEGER NOT NULL REFERENCES lease(no) DEFERRABLE INITIALLY DEFERRED,
  state      INTEGER NOT NULL,
  printed_at INTEGER,
  changed_at INTEGER,
  reason     TEXT
) STRICT;

-- How many codes of a lease are in which state; kept in the transaction that changes the codes.
CREATE TABLE tally (
  lease INTEGER NOT NULL,
  state INTEGER NOT NULL,
  codes INTEGER NOT NULL CHECK (codes >= 0),
  PRIMARY KEY (lease, state)
) STRICT, WITHOUT ROWID;

-- The stored bytes of every journal entry, as the line sent them.
CREATE TABLE journal (
  ledger INTEGER NOT NULL,
  seq    INTEGER NOT NULL,
  leaf   BLOB NOT NULL,
  PRIMARY KEY (ledger, seq)
) STRICT, WITHOUT ROWID;

-- Entries that are stored but whose effect the platform does not confirm.
CREATE TABLE refusal (
  ledger INTEGER NOT NULL,
  seq    INTEGER NOT NULL,
  kind   INTEGER NOT NULL,
  code   TEXT NOT NULL,
  lease  TEXT NOT NULL,
  type   TEXT NOT NULL,
  detail TEXT NOT NULL,
  PRIMARY KEY (ledger, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX refusal_of_lease ON refusal(lease);

CREATE TABLE audit (
  no      INTEGER PRIMARY KEY,
  at      INTEGER NOT NULL,
  who     TEXT NOT NULL,
  what    TEXT NOT NULL,
  subject TEXT NOT NULL,
  detail  TEXT NOT NULL
) STRICT;
