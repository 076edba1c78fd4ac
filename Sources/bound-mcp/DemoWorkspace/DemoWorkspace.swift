internal import JSON
internal import LocalStore
internal import Platform
internal import Service

/// A workspace like that of a small sales team after a quarter: made from a fixed seed, so that it is the same each
/// time, ids included.
///
/// Everybody in it is invented, at invented companies under `.example`.
struct DemoWorkspace {
  /// Where the file is.
  let path: String
  /// Where its mails go.
  let outbox: String
  /// The moment at which its history ends.
  let end: Timestamp

  private static let seed: UInt64 = 0x7469_6465_6d61_726b
  /// Makes the ids, known to everybody as the workspace is, and tells a demo workspace from others.
  private static let idKey = Array("bound-mcp demo 1".utf8)
  private static let companies = 60
  private static let people = 400
  private static let events = 20_000

  /// Whether a file is a demo workspace.
  static func isOne(_ path: String) -> Bool { (try? LocalStore.usesIDKey(idKey, at: path)) ?? false }

  /// Removes a demo workspace with its mails.
  func remove() throws(DemoFailure) {
    do throws(SystemError) {
      for name in [path, path + "-wal", path + "-shm", path + "-rates", path + "-writer"] where Files.exists(name) {
        try Files.remove(name)
      }
      for folder in ["new", "cur", "tmp"].map({ outbox + "/" + $0 }) where Files.exists(folder) {
        for name in try Files.names(in: folder) { try Files.remove(folder + "/" + name) }
      }
    } catch {
      throw DemoFailure(message: "the old workspace can't be removed: \(error)")
    }
  }

  /// Makes it, and gives what it holds: a number and a noun each.
  func make() throws(DemoFailure) -> [(Int64, String)] {
    let clock = DemoClock(start)
    let desk = try DemoDesk(path: path, idKey: Self.idKey, outbox: outbox, clock: clock)
    var random = DemoRandom(seed: Self.seed)
    var everyone = DemoPeople(companies: Self.companies, people: Self.people, &random)
    var activity = DemoActivity(random)
    let sales = try DemoSales(desk, everyone.companies)
    for week in 0..<DemoPeople.weeks {
      clock.set(start.adding(milliseconds: Int64(week) * Self.week))
      try addPeople(of: week, &everyone, desk)
      // Events are told of when the week has passed.
      activity.visit(everyone, week: week, from: clock.now(), events: share(of: week) - activity.count)
      clock.set(start.adding(milliseconds: Int64(week + 1) * Self.week - 3_600_000))
      try desk.all(activity.takeCalls())
      try sales.work(on: week, everyone, &random)
    }
    clock.set(end.adding(milliseconds: -Self.day))
    try DemoAgents(desk, everyone, sales, end: end).work(&activity, &random)
    clock.set(end)
    let contents = try count(desk)
    try desk.close()
    return contents
  }

  private static let day: Int64 = 86_400_000
  private static let week = 7 * day

  /// Midnight before the first week; the last one ends with yesterday.
  private var start: Timestamp {
    let today = end.milliseconds - end.milliseconds % Self.day
    return Timestamp(milliseconds: today - Int64(DemoPeople.weeks) * Self.week)
  }

  /// So many events by the end of a week; those of the agents' visitors come later.
  private func share(of week: Int) -> Int { (Self.events - DemoAgents.visits) * (week + 1) / DemoPeople.weeks }

  /// Adds who became known in a week: to Pathbound all, to Owlbound four of five.
  private func addPeople(of week: Int, _ everyone: inout DemoPeople, _ desk: DemoDesk) throws(DemoFailure) {
    let new = everyone.people.indices.filter { everyone.people[$0].week == week }
    let owls = new.filter { $0 % 5 != 4 }
    let contacts = try desk.all(new.map { ("pathbound_create_contact", everyone.people[$0].contactArguments) })
    for (person, payload) in zip(new, contacts) {
      everyone.people[person].contact = payload["contact"]?["contact_id"]?.stringValue ?? ""
    }
    let others = try desk.all(owls.map { ("owlbound_create_contact", everyone.people[$0].owlArguments) })
    for (person, payload) in zip(owls, others) {
      everyone.people[person].owl = payload["contactId"]?.stringValue ?? ""
    }
    try desk.all(
      owls.compactMap { person in
        everyone.people[person].owlStatus.map { status in
          ("owlbound_update_contact", ["id": .string(everyone.people[person].owl), "status": .string(status)])
        }
      })
  }

  private func count(_ desk: DemoDesk) throws(DemoFailure) -> [(Int64, String)] {
    func total(_ payload: JSONObject) -> Int64 { payload["pagination"]?["total_items"]?.integerValue ?? 0 }
    let contacts = try desk.call("pathbound_list_contacts", ["limit": 1])
    let companies = try desk.call("pathbound_list_companies", ["limit": 1])
    let events = try desk.call("pathbound_list_events", ["count_only": true])
    let signals = try desk.call("owlbound_get_signal_stats", ["time_range": "month"])
    let agents = try desk.call("pathbound_list_agents")
    let waiting = try desk.call("pathbound_review_pending_actions", ["limit": 1])["waiting"]
    let decisions = ["actions", "run_proposals"].reduce(Int64(0)) { $0 + (waiting?[$1]?.integerValue ?? 0) }
    return [
      (total(contacts), "contacts"), (total(companies), "companies"), (events["count"]?.integerValue ?? 0, "events"),
      (signals["total"]?.integerValue ?? 0, "signals of the last month"),
      (agents["total"]?.integerValue ?? 0, "agents"),
      (decisions, "decisions that wait"),
    ]
  }
}
