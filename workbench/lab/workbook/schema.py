"""The tables of a workbook, their version, and the way from each version to the next."""

APPLICATION_ID = 0x524E4E57  # "RNNW", in the header of every workbook
VERSION = 1

TABLES = """
CREATE TABLE workbook (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    created REAL NOT NULL,
    counter INTEGER NOT NULL            -- goes up with every change; see `changes`
);
CREATE TABLE runs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    experiment TEXT NOT NULL,           -- JSON
    cell TEXT NOT NULL,                 -- TOML
    origin TEXT NOT NULL,               -- JSON: versions, hashes, backend, threads
    status TEXT NOT NULL,
    sentence TEXT NOT NULL,             -- why it paused or failed
    step INTEGER NOT NULL,
    steps INTEGER NOT NULL,
    loss REAL,
    seconds REAL NOT NULL,              -- spent training, over all sittings
    created REAL NOT NULL,
    started REAL,
    ended REAL,
    trashed REAL
);
CREATE TABLE baselines (
    run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
    place INTEGER NOT NULL,
    name TEXT NOT NULL,
    value REAL NOT NULL,
    metric REAL NOT NULL,
    formula TEXT NOT NULL,
    source TEXT NOT NULL,
    PRIMARY KEY (run, place)
);
CREATE TABLE scalars (
    run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
    series TEXT NOT NULL,               -- "training" or "validation"
    first INTEGER NOT NULL,             -- step of the first entry
    last INTEGER NOT NULL,
    count INTEGER NOT NULL,
    columns BLOB NOT NULL,              -- packed arrays
    PRIMARY KEY (run, series, first)
);
CREATE TABLE films (
    run INTEGER PRIMARY KEY REFERENCES runs ON DELETE CASCADE,
    distance INTEGER NOT NULL           -- steps between two snapshots, at least
);
CREATE TABLE snapshots (
    run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
    step INTEGER NOT NULL,
    size INTEGER NOT NULL,              -- bytes of its arrays
    PRIMARY KEY (run, step)
);
CREATE TABLE arrays (
    run INTEGER NOT NULL,
    step INTEGER NOT NULL,
    name TEXT NOT NULL,
    data BLOB NOT NULL,                 -- packed array
    FOREIGN KEY (run, step) REFERENCES snapshots ON DELETE CASCADE
);
CREATE UNIQUE INDEX arrays_by_step ON arrays (run, step, name);
CREATE INDEX arrays_by_name ON arrays (run, name, step);
CREATE TABLE checkpoints (
    run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
    step INTEGER NOT NULL,
    part INTEGER NOT NULL,
    checksum INTEGER NOT NULL,          -- of this part
    data BLOB NOT NULL,                 -- a part of the safetensors bytes
    PRIMARY KEY (run, step, part)
);
CREATE TABLE messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
    time REAL NOT NULL,
    step INTEGER NOT NULL,
    level TEXT NOT NULL,
    text TEXT NOT NULL,
    details TEXT NOT NULL
);
CREATE INDEX messages_by_run ON messages (run, id);
CREATE TABLE leases (
    run INTEGER PRIMARY KEY REFERENCES runs ON DELETE CASCADE,
    holder TEXT NOT NULL,
    host TEXT NOT NULL,
    process INTEGER NOT NULL,
    heartbeat REAL NOT NULL
);
CREATE TABLE commands (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    run INTEGER NOT NULL REFERENCES runs ON DELETE CASCADE,
    kind TEXT NOT NULL,
    value REAL,
    sent REAL NOT NULL,
    taken REAL,                         -- when a worker read it
    step INTEGER                        -- completed steps when it took effect
);
CREATE INDEX commands_by_run ON commands (run, id);
CREATE TABLE changes (
    run INTEGER NOT NULL,
    kind TEXT NOT NULL,
    counter INTEGER NOT NULL,
    PRIMARY KEY (run, kind)
);
CREATE INDEX changes_by_counter ON changes (counter);
"""

MIGRATIONS: dict[int, str] = {}
"""What turns a workbook of version n into one of version n + 1."""

TABLE_NAMES = frozenset(line.split()[2] for line in TABLES.splitlines() if line.startswith("CREATE TABLE"))
