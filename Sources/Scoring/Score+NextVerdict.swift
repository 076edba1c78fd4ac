public import JSON

extension Verdict {
  /// The fewest points that give it.
  var floor: Int {
    switch self {
    case .strongFit: 75
    case .moderateFit: 50
    case .weakFit: 25
    case .notAFit: 0
    }
  }

  /// The next better one; nil for the best.
  var better: Verdict? {
    switch self {
    case .strongFit: nil
    case .moderateFit: .strongFit
    case .weakFit: .moderateFit
    case .notAFit: .weakFit
    }
  }
}

extension Score {
  /// What would change the verdict.
  ///
  /// How many points it stands above its own band's floor (`margin`, losing more lowers it), and for the next better one
  /// (`verdict`) the points that are missing and the categories that could give them, those with most to gain first. The
  /// best verdict has nothing to gain, only its margin.
  public var whatWouldChange: JSONObject {
    var answer: JSONObject = ["margin": .integer(Int64(points - verdict.floor))]
    guard let better = verdict.better else { return answer }
    let open = parts.filter { $0.points < $0.maximum }
    let order = open.indices.sorted {
      let (left, right) = (open[$0].maximum - open[$0].points, open[$1].maximum - open[$1].points)
      return left == right ? $0 < $1 : left > right
    }
    answer["verdict"] = .string(better.rawValue)
    answer["missing"] = .integer(Int64(better.floor - points))
    answer["categories"] = .array(
      order.map { index in
        let part = open[index]
        return [
          "category": .string(part.category.rawValue), "upTo": .integer(Int64(part.maximum - part.points)),
          "unknown": .bool(part.isUnknown), "reason": .string(part.reason),
        ]
      })
    return answer
  }
}
