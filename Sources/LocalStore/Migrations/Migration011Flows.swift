extension Migrator.Migration {
  /// Workflows that listen to signals, and sequences with who is in them.
  ///
  /// Signals are routed in the order of their rows: `signal_router` holds how far that has come, so that taking in a
  /// signal costs nothing more. What a signal set off is a row of `workflow_runs`, one per workflow and signal.
  ///
  /// An enrollment that is due has `due_at`; one whose step is under way has `action_id` instead, and moves on when
  /// that action ends. Steps are kept in versions: whoever is in a sequence ends it as it was when they entered.
  static let flows = Self(
    version: 11,
    sql: """
      DROP INDEX signals_by_time;
      CREATE INDEX signals_by_time ON signals (created_at, type, priority);
      CREATE INDEX contacts_by_linkedin ON contacts (linkedin_url COLLATE NOCASE) WHERE linkedin_url IS NOT NULL;

      CREATE TABLE signal_router (
        id INTEGER PRIMARY KEY CHECK (id = 1),
        routed_through INTEGER NOT NULL
      ) STRICT;
      INSERT INTO signal_router (id, routed_through) SELECT 1, coalesce(max(id), 0) FROM signals;

      CREATE TABLE workflows (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL UNIQUE,
        active INTEGER NOT NULL CHECK (active IN (0, 1)),
        triggers TEXT NOT NULL CHECK (json_valid(triggers)),
        steps TEXT NOT NULL CHECK (json_valid(steps)),
        listens_after INTEGER NOT NULL,
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX workflows_active ON workflows (id) WHERE active = 1;

      CREATE TABLE workflow_runs (
        workflow_id INTEGER NOT NULL REFERENCES workflows (id),
        signal_id INTEGER NOT NULL REFERENCES signals (id),
        status TEXT NOT NULL CHECK (status IN ('queued', 'completed', 'failed')),
        steps TEXT CHECK (steps IS NULL OR json_valid(steps)),
        queued_at INTEGER NOT NULL,
        ended_at INTEGER,
        PRIMARY KEY (workflow_id, signal_id)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX workflow_runs_queued ON workflow_runs (signal_id, workflow_id) WHERE status = 'queued';

      CREATE TABLE sequences (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL UNIQUE,
        active INTEGER NOT NULL CHECK (active IN (0, 1)),
        require_approval INTEGER NOT NULL CHECK (require_approval IN (0, 1)),
        identity_id INTEGER NOT NULL REFERENCES identities (id),
        exclusions TEXT NOT NULL CHECK (json_valid(exclusions)),
        version INTEGER NOT NULL,
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL
      ) STRICT;

      CREATE TABLE sequence_versions (
        sequence_id INTEGER NOT NULL REFERENCES sequences (id) ON DELETE CASCADE,
        version INTEGER NOT NULL,
        steps TEXT NOT NULL CHECK (json_valid(steps)),
        PRIMARY KEY (sequence_id, version)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE enrollments (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        sequence_id INTEGER NOT NULL REFERENCES sequences (id),
        version INTEGER NOT NULL,
        contact_id INTEGER NOT NULL REFERENCES owl_contacts (id),
        status TEXT NOT NULL CHECK (status IN ('active', 'completed', 'stopped', 'failed')),
        source TEXT NOT NULL,
        position INTEGER NOT NULL DEFAULT 0,
        due_at INTEGER,
        action_id INTEGER,
        entered_as TEXT NOT NULL,
        was_customer INTEGER NOT NULL CHECK (was_customer IN (0, 1)),
        reason TEXT,
        created_at INTEGER NOT NULL,
        ended_at INTEGER
      ) STRICT;
      CREATE UNIQUE INDEX enrollments_active ON enrollments (contact_id, sequence_id) WHERE status = 'active';
      CREATE INDEX enrollments_due ON enrollments (due_at) WHERE due_at IS NOT NULL;
      CREATE INDEX enrollments_by_action ON enrollments (action_id) WHERE action_id IS NOT NULL;
      CREATE INDEX enrollments_by_contact ON enrollments (contact_id, id);
      CREATE INDEX enrollments_by_sequence ON enrollments (sequence_id, id);

      CREATE TABLE enrollment_steps (
        enrollment_id INTEGER NOT NULL REFERENCES enrollments (id) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        status TEXT NOT NULL,
        action_id INTEGER,
        error TEXT,
        started_at INTEGER NOT NULL,
        ended_at INTEGER,
        PRIMARY KEY (enrollment_id, position)
      ) STRICT, WITHOUT ROWID;

      CREATE TRIGGER enrollments_exit AFTER UPDATE OF status, archived_at ON owl_contacts
        WHEN new.archived_at IS NOT NULL OR new.status IN ('replied', 'converted', 'lost') BEGIN
        UPDATE enrollments SET due_at = new.updated_at WHERE contact_id = new.id AND status = 'active';
      END;
      """)
}
