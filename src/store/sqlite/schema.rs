//! The tables, and how files of earlier versions become files of this one. `docs/state.md` describes them for people.

/// Marks a file as connrun's ("conr").
pub const APPLICATION_ID: u32 = 0x636F_6E72;

/// Each step makes of a file of version N one of version N + 1; a new file takes them all.
pub const MIGRATIONS: &[&str] = &[
    "
    CREATE TABLE store (
        id TEXT NOT NULL
    ) STRICT;

    CREATE TABLE instance (
        id INTEGER PRIMARY KEY,
        connector TEXT NOT NULL,
        kind TEXT NOT NULL,
        name TEXT NOT NULL,
        connection TEXT NOT NULL,
        input TEXT NOT NULL,
        version INTEGER NOT NULL DEFAULT 0,
        cursor TEXT,
        page TEXT,
        high_water TEXT,
        subscription TEXT,
        subscription_until INTEGER,
        next_due INTEGER,
        last_run INTEGER,
        failures INTEGER NOT NULL DEFAULT 0,
        last_error TEXT,
        connector_hash TEXT,
        paused INTEGER NOT NULL DEFAULT 0,
        UNIQUE (connector, kind, name, connection, input)
    ) STRICT;

    CREATE TABLE seen (
        instance INTEGER NOT NULL REFERENCES instance ON DELETE CASCADE,
        key TEXT NOT NULL,
        at INTEGER NOT NULL,
        PRIMARY KEY (instance, key)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX seen_by_age ON seen (instance, at);

    CREATE TABLE pending (
        id INTEGER PRIMARY KEY,
        instance INTEGER NOT NULL REFERENCES instance ON DELETE CASCADE,
        key TEXT,
        rank TEXT NOT NULL,
        event TEXT NOT NULL
    ) STRICT;
    CREATE INDEX pending_by_instance ON pending (instance);

    CREATE TABLE job (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        instance INTEGER NOT NULL REFERENCES instance ON DELETE CASCADE,
        key TEXT,
        event TEXT NOT NULL,
        status TEXT NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0,
        created_at INTEGER NOT NULL,
        finished_at INTEGER,
        due INTEGER,
        carry TEXT,
        error TEXT
    ) STRICT;
    CREATE INDEX job_by_instance ON job (instance);
    CREATE INDEX job_open ON job (due, number) WHERE status IN ('queued', 'running', 'waiting');

    CREATE TABLE lease (
        instance INTEGER PRIMARY KEY REFERENCES instance ON DELETE CASCADE,
        holder TEXT NOT NULL,
        host TEXT NOT NULL,
        until INTEGER NOT NULL
    ) STRICT;
",
    "
    ALTER TABLE job ADD COLUMN since INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE job ADD COLUMN holder TEXT;
    ALTER TABLE job ADD COLUMN host TEXT;
    ALTER TABLE job ADD COLUMN until INTEGER;
    UPDATE job SET since = created_at;

    ALTER TABLE seen ADD COLUMN job INTEGER;

    CREATE TABLE attempt (
        job INTEGER NOT NULL REFERENCES job (number) ON DELETE CASCADE,
        number INTEGER NOT NULL,
        began INTEGER NOT NULL,
        ended INTEGER NOT NULL,
        outcome TEXT NOT NULL,
        error TEXT,
        PRIMARY KEY (job, number)
    ) STRICT, WITHOUT ROWID;
",
    "
    CREATE TABLE notification (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        instance INTEGER NOT NULL REFERENCES instance ON DELETE CASCADE,
        at INTEGER NOT NULL,
        head TEXT NOT NULL,
        body BLOB NOT NULL,
        due INTEGER,
        attempts INTEGER NOT NULL DEFAULT 0,
        error TEXT
    ) STRICT;
    CREATE INDEX notification_due ON notification (instance, due) WHERE due IS NOT NULL;
",
    // What a poll commits is the dearest thing a state does: numbers of jobs are counted once a commit, and only the
    // indexes that something open needs are kept.
    "
    DROP INDEX seen_by_age;
    ALTER TABLE instance ADD COLUMN forgotten_to INTEGER;

    ALTER TABLE store ADD COLUMN last_job INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE store ADD COLUMN secret TEXT NOT NULL DEFAULT '';
    UPDATE store SET last_job = ifnull((SELECT seq FROM sqlite_sequence WHERE name = 'job'), 0),
        secret = lower(hex(randomblob(32)));

    CREATE TABLE job_4 (
        number INTEGER PRIMARY KEY,
        instance INTEGER NOT NULL REFERENCES instance ON DELETE CASCADE,
        key TEXT,
        event TEXT NOT NULL,
        status TEXT NOT NULL,
        attempts INTEGER NOT NULL DEFAULT 0,
        created_at INTEGER NOT NULL,
        since INTEGER NOT NULL,
        finished_at INTEGER,
        due INTEGER,
        carry TEXT,
        error TEXT,
        token TEXT,
        answered TEXT,
        answer TEXT,
        cancelled INTEGER NOT NULL DEFAULT 0,
        holder TEXT,
        host TEXT,
        until INTEGER
    ) STRICT;
    INSERT INTO job_4 (number, instance, key, event, status, attempts, created_at, since, finished_at, due, carry,
        error, holder, host, until)
        SELECT number, instance, key, event, status, attempts, created_at, since, finished_at, due, carry, error,
        holder, host, until FROM job ORDER BY number;
    DROP TABLE job;
    ALTER TABLE job_4 RENAME TO job;
    CREATE INDEX job_open ON job (due, number) WHERE status IN ('queued', 'running', 'waiting');

    CREATE TABLE turn (
        connection TEXT PRIMARY KEY,
        next INTEGER NOT NULL,
        at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
",
];
