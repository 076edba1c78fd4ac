/// The words that the APIs allow where a field has a fixed set.
public enum Vocabulary {
  /// Stages of a Pathbound contact (API 5.1).
  public static let lifecycleStages = [
    "lead", "prospect", "mql", "sql", "opportunity", "customer", "evangelist", "subscriber", "other",
  ]
  /// Statuses of an action (Pathbound API 11.4).
  public static let actionStatuses = [
    "scheduled", "pending_approval", "approved", "auto_approved", "rejected", "running", "completed", "failed",
    "cancelled",
  ]
  /// Statuses of an agent's run (Pathbound API 12.4); `awaiting_proposals` exists only locally: the run waits for the
  /// connected agent, which is its model.
  public static let runStatuses = ["queued", "running", "awaiting_proposals", "completed", "failed"]
  /// Predefined playbooks of an agent (Pathbound API 12.1); the API's set is open.
  public static let playbookTemplates = PlaybookGuide.all.map(\.name)
  /// What can think for an agent: templates, models, or the connected agent itself.
  public static let modelProviders = ["rules", "anthropic", "openai", "client"]
  /// Statuses of an Owlbound contact (API 8.1).
  public static let contactStatuses = ["new", "ready", "contacted", "replied", "converted", "lost"]
  /// What a list of Owlbound contacts can be sorted by (API 8.2).
  public static let contactOrders = ["createdAt", "score", "activityScore"]
  /// Types of an intent signal (Owlbound API 11.1).
  public static let signalTypes = [
    "job_change", "company_growth", "funding_round", "website_visit", "content_download", "job_posting",
    "technology_adoption", "custom_webhook",
  ]
  /// Priorities of a signal (Owlbound API 11.1).
  public static let signalPriorities = ["high", "medium", "low"]
  /// Priorities of an enrichment, highest first (Owlbound API 9).
  public static let enrichmentPriorities = ["critical", "high", "medium", "low"]
  /// Levels of a position that an ICP profile can ask for.
  public static let seniorities = [
    "founder", "c_level", "vp", "head", "director", "manager", "senior", "individual", "junior",
  ]
}
