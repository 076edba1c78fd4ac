extension Migrator.Migration {
  /// Actions with their log, agents, runs and what they propose.
  ///
  /// A running action or run has a lease: when that ends before an outcome is stored, its process is taken for dead.
  /// `claim` grows with each claim, so that an outcome of an earlier one is told from that of the present one. How many
  /// actions have each status is kept in `counters`, as `actions/<status>`.
  static let work = Self(
    version: 3,
    sql: """
      CREATE TABLE agents (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL,
        description TEXT,
        playbook_template TEXT,
        playbook TEXT CHECK (playbook IS NULL OR json_valid(playbook)),
        capabilities TEXT CHECK (capabilities IS NULL OR json_valid(capabilities)),
        identity_id INTEGER REFERENCES identities (id),
        monitoring TEXT CHECK (monitoring IS NULL OR json_valid(monitoring)),
        llm_config TEXT CHECK (llm_config IS NULL OR json_valid(llm_config)),
        enabled INTEGER NOT NULL CHECK (enabled IN (0, 1)),
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX agents_by_template ON agents (playbook_template, id);
      CREATE INDEX agents_by_enabled ON agents (enabled, id);

      CREATE TABLE runs (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        agent_id INTEGER NOT NULL REFERENCES agents (id) ON DELETE CASCADE,
        status TEXT NOT NULL CHECK (status IN ('queued', 'running', 'completed', 'failed')),
        contacts_evaluated INTEGER NOT NULL DEFAULT 0,
        actions_proposed INTEGER NOT NULL DEFAULT 0,
        actions_auto_approved INTEGER NOT NULL DEFAULT 0,
        actions_pending_approval INTEGER NOT NULL DEFAULT 0,
        errors INTEGER NOT NULL DEFAULT 0,
        error TEXT,
        claim INTEGER NOT NULL DEFAULT 0,
        lease_until INTEGER,
        created_at INTEGER NOT NULL,
        started_at INTEGER,
        completed_at INTEGER
      ) STRICT;
      CREATE INDEX runs_by_agent ON runs (agent_id, id);
      CREATE INDEX runs_by_agent_status ON runs (agent_id, status, id);
      CREATE INDEX runs_queued ON runs (id) WHERE status = 'queued';
      CREATE INDEX runs_running ON runs (lease_until) WHERE status = 'running';

      CREATE TABLE run_contacts (
        run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
        contact_id INTEGER NOT NULL,
        position INTEGER NOT NULL,
        is_done INTEGER NOT NULL DEFAULT 0 CHECK (is_done IN (0, 1)),
        proposals INTEGER NOT NULL DEFAULT 0,
        reasoning TEXT,
        error TEXT,
        PRIMARY KEY (run_id, contact_id)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX run_contacts_open ON run_contacts (run_id, position) WHERE is_done = 0;

      CREATE TABLE run_proposals (
        run_id INTEGER NOT NULL,
        contact_id INTEGER NOT NULL,
        action_index INTEGER NOT NULL,
        type TEXT NOT NULL,
        params TEXT NOT NULL CHECK (json_valid(params)),
        status TEXT NOT NULL CHECK (status IN ('pending_approval', 'approved', 'auto_approved', 'rejected')),
        action_id INTEGER,
        comment TEXT,
        decided_by TEXT,
        decided_at INTEGER,
        created_at INTEGER NOT NULL,
        PRIMARY KEY (run_id, contact_id, action_index),
        FOREIGN KEY (run_id, contact_id) REFERENCES run_contacts (run_id, contact_id) ON DELETE CASCADE
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX run_proposals_pending ON run_proposals (run_id) WHERE status = 'pending_approval';
      CREATE INDEX run_proposals_by_contact ON run_proposals (contact_id, run_id, action_index)
        WHERE status = 'pending_approval';

      CREATE TABLE actions (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        type TEXT NOT NULL,
        params TEXT NOT NULL CHECK (json_valid(params)),
        identity_id INTEGER NOT NULL REFERENCES identities (id),
        status TEXT NOT NULL CHECK (status IN ('scheduled', 'pending_approval', 'approved', 'auto_approved',
          'rejected', 'running', 'completed', 'failed', 'cancelled')),
        direct INTEGER NOT NULL DEFAULT 0,
        require_approval INTEGER NOT NULL DEFAULT 0,
        scheduled_time INTEGER NOT NULL,
        description TEXT,
        list_id TEXT,
        item_id TEXT,
        contact_id INTEGER,
        company_id INTEGER,
        agent_id INTEGER,
        run_id INTEGER,
        action_index INTEGER,
        result TEXT CHECK (result IS NULL OR json_valid(result)),
        error TEXT,
        claim INTEGER NOT NULL DEFAULT 0,
        lease_until INTEGER,
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL,
        executed_at INTEGER
      ) STRICT;
      CREATE INDEX actions_due ON actions (scheduled_time, id)
        WHERE status IN ('scheduled', 'approved', 'auto_approved');
      CREATE INDEX actions_running ON actions (lease_until) WHERE status = 'running';
      CREATE INDEX actions_by_update ON actions (updated_at, id);
      CREATE INDEX actions_by_time ON actions (scheduled_time, id);
      CREATE INDEX actions_by_status ON actions (status, id);
      CREATE INDEX actions_by_type ON actions (type, id);
      CREATE INDEX actions_by_identity ON actions (identity_id, id);
      CREATE INDEX actions_by_contact ON actions (contact_id, id) WHERE contact_id IS NOT NULL;
      CREATE INDEX actions_by_company ON actions (company_id, id) WHERE company_id IS NOT NULL;
      CREATE INDEX actions_by_agent ON actions (agent_id, id) WHERE agent_id IS NOT NULL;
      CREATE INDEX actions_by_list ON actions (list_id, id) WHERE list_id IS NOT NULL;
      CREATE INDEX actions_by_item ON actions (item_id, id) WHERE item_id IS NOT NULL;

      CREATE TABLE action_log (
        id INTEGER PRIMARY KEY,
        action_id INTEGER NOT NULL REFERENCES actions (id) ON DELETE CASCADE,
        at INTEGER NOT NULL,
        event TEXT NOT NULL,
        from_status TEXT,
        to_status TEXT NOT NULL,
        actor TEXT NOT NULL,
        comment TEXT
      ) STRICT;
      CREATE INDEX action_log_by_action ON action_log (action_id, id);
      """)
}
