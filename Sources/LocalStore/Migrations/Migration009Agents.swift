extension Migrator.Migration {
  /// Schedules, runs that wait for the connected agent, what models used, and rejected proposals of a person.
  ///
  /// A run that waits for the connected agent is `running` without a lease of its own; its people have leases instead.
  /// `next_run_at` is set for enabled agents with a schedule; 0 where it has not been reckoned yet. The same due time of
  /// an agent can't give two runs. `stalls` counts claims in a row that ended without a result.
  static let agents = Self(
    version: 9,
    sql: """
      ALTER TABLE agents ADD COLUMN next_run_at INTEGER;
      CREATE INDEX agents_by_next_run ON agents (next_run_at) WHERE next_run_at IS NOT NULL;
      UPDATE agents SET next_run_at = 0
        WHERE enabled = 1 AND json_extract(monitoring, '$.schedule_cron') IS NOT NULL;

      ALTER TABLE runs ADD COLUMN awaits_client INTEGER NOT NULL DEFAULT 0 CHECK (awaits_client IN (0, 1));
      ALTER TABLE runs ADD COLUMN state TEXT NOT NULL GENERATED ALWAYS AS
        (CASE WHEN awaits_client = 1 AND status = 'running' THEN 'awaiting_proposals' ELSE status END) VIRTUAL;
      ALTER TABLE runs ADD COLUMN scheduled_for INTEGER;
      ALTER TABLE runs ADD COLUMN stalls INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE runs ADD COLUMN requests INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE runs ADD COLUMN input_tokens INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE runs ADD COLUMN output_tokens INTEGER NOT NULL DEFAULT 0;
      CREATE INDEX runs_by_agent_state ON runs (agent_id, state, id);
      CREATE INDEX runs_awaiting ON runs (id) WHERE awaits_client = 1 AND status = 'running';
      CREATE UNIQUE INDEX runs_by_schedule ON runs (agent_id, scheduled_for) WHERE scheduled_for IS NOT NULL;
      DROP INDEX runs_by_agent_status;

      ALTER TABLE run_contacts ADD COLUMN lease_until INTEGER NOT NULL DEFAULT 0;

      CREATE INDEX run_proposals_rejected ON run_proposals (contact_id, run_id, action_index)
        WHERE status = 'rejected';
      """)
}
