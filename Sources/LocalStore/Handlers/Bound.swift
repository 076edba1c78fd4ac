internal import JSON
internal import Service

extension Handlers {
  static let bound: [String: Handler] = ["bound_lead_brief": .slowRead(leadBrief)]
}

/// `person`, `company`, `activity`, `signals`, `scores`, `open_actions`, `enrollments`, … and the next step.
private func leadBrief(
  _ transaction: ReadTransaction, _ arguments: JSONObject, _ payload: inout JSONWriter
) throws(ServiceError) {
  try transaction.onOneState { () throws(ServiceError) in
    let person = try Person(arguments, transaction)
    var brief = LeadBrief(person: person, transaction: transaction, start: payload.count)
    try brief.write(into: &payload)
  }
}
