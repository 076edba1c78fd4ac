import JSON
import JSONSchema
import Testing

/// The normal form of arguments, or what is wrong with them.
private func validate(_ arguments: JSONValue, _ properties: Schema.Property...) -> Result<JSONValue, ValidationFailure>
{
  let schema = CompiledSchema(.object(properties))
  return Result { () throws(ValidationFailure) in
    .object(try schema.validate(arguments.objectValue ?? [:]))
  }
}

/// The violations, each as "path: sentence".
private func violations(_ arguments: JSONValue, _ properties: Schema.Property...) -> [String] {
  let schema = CompiledSchema(.object(properties))
  do {
    _ = try schema.validate(arguments.objectValue ?? [:])
    return []
  } catch {
    return error.violations.map { "\($0.path): \($0.message)" }
  }
}

@Suite("Normal form")
struct NormalFormTests {
  @Test("absent members get their defaults, in the order of the schema, behind what was given")
  func defaults() throws {
    let normal = try validate(
      ["sort_dir": "asc"], .optional("limit", .integer(default: 20)), .optional("sort_dir", .string(default: "desc")),
      .optional("count_only", .boolean(default: false)), .optional("search", .string())
    ).get()
    #expect(normal.text == #"{"sort_dir":"asc","limit":20,"count_only":false}"#)
  }

  @Test("defaults of an inner object apply where that object is given")
  func innerDefaults() throws {
    let outer = Schema.Property.optional("llm", .object([.optional("top", .integer(default: 1))]))
    #expect(try validate([:], outer).get().text == "{}")
    #expect(try validate(["llm": [:]], outer).get().text == #"{"llm":{"top":1}}"#)
  }

  @Test("null counts as absent: it leaves, and the default comes")
  func nullIsAbsent() throws {
    let normal = try validate(
      ["limit": nil, "search": nil, "page": 2], .optional("limit", .integer(default: 20)),
      .optional("search", .string()), .optional("page", .integer())
    ).get()
    #expect(normal.text == #"{"page":2,"limit":20}"#)
  }

  @Test("null does not satisfy a required member")
  func requiredNull() {
    #expect(
      violations(["email": nil], .required("email", .string())) == ["/email: Required and missing: must be a string."])
  }

  @Test("in an open object null stays, for known and unknown members alike")
  func nullInOpenObject() throws {
    let properties = Schema.Property.optional(
      "properties", .openObject([.optional("firstname", .string(default: "Ada"))]))
    let given: JSONValue = ["properties": ["firstname": nil, "shoe_size": nil]]
    #expect(try validate(given, properties).get() == given)
  }

  @Test("objects and arrays that come as JSON texts are decoded where one is wanted, and checked")
  func embeddedJSON() throws {
    let properties: [Schema.Property] = [
      .optional("params", .openObject([.optional("limit", .integer())])),
      .optional("ids", .array(of: .string())), .optional("text", .string()),
    ]
    let schema = CompiledSchema(.object(properties))
    let normal = try schema.validate([
      "params": #" {"limit": 5.0, "deep": ["x"]}"#, "ids": #"["a","b"]"#, "text": #"["a"]"#,
    ])
    #expect(normal == ["params": ["limit": 5, "deep": ["x"]], "ids": ["a", "b"], "text": #"["a"]"#])
    let failure = try #require(throws: ValidationFailure.self) { try schema.validate(["ids": #"["a", 2]"#]) }
    #expect(failure.violations.map(\.path) == ["/ids/1"])
  }

  @Test("numbers without fraction become integers where an integer is wanted, and only there")
  func integralNumbers() throws {
    let normal = try validate(
      ["limit": 20.0, "ratio": 20.0], .optional("limit", .integer()), .optional("ratio", .number())
    ).get()
    #expect(normal["limit"] == .integer(20))
    #expect(normal["ratio"] == .number(20))
  }

  @Test("one item without brackets is a list of one where the schema says so")
  func singleItem() throws {
    let visitors = Schema.Property.optional("visitor_id", .array(of: .string(), orSingle: true))
    #expect(try validate(["visitor_id": "v1"], visitors).get().text == #"{"visitor_id":["v1"]}"#)
    #expect(violations(["visitor_id": 7], visitors) == ["/visitor_id: Must be a string, not 7."])
    #expect(
      violations(["ids": "v1"], .optional("ids", .array(of: .string()))) == [
        #"/ids: Must be an array, not the string "v1"."#
      ])
  }

  @Test("unknown members of an open object are kept as they are")
  func openObject() throws {
    let given: JSONValue = ["data": ["any": [1, ["thing": nil]]]]
    #expect(try validate(given, .required("data", .openObject())).get() == given)
  }

  @Test("an inner change leaves everything around it in place")
  func innerChange() throws {
    let item = Schema.object([.required("event", .string()), .optional("count", .integer())])
    let normal = try validate(
      ["events": [["event": "a"], ["count": 2.0, "event": "b"], ["event": "c"]]],
      .required("events", .array(of: item))
    ).get()
    #expect(normal.text == #"{"events":[{"event":"a"},{"count":2,"event":"b"},{"event":"c"}]}"#)
  }
}

@Suite("Violations")
struct ViolationTests {
  @Test(
    "a value of the wrong kind or out of range is refused with what would be right",
    arguments: [
      (["a": "20"], .integer("", 1...100), #"Must be an integer from 1 to 100, not the string "20"."#),
      (["a": 500], .integer("", 1...100), "Must be an integer from 1 to 100, not 500."),
      (["a": 1.5], .integer("", 1...100), "Must be an integer from 1 to 100, not 1.5."),
      (["a": 1e300], .integer(), "Must be an integer, not 1e+300."),
      (["a": -1], .integer(minimum: 0), "Must be an integer of at least 0, not -1."),
      (["a": true], .integer(), "Must be an integer, not true."),
      (["a": 2.5], .number("", 0...2), "Must be a number from 0 to 2, not 2.5."),
      (["a": "0.5"], .number(), #"Must be a number, not the string "0.5"."#),
      (["a": 1], .boolean(), "Must be true or false, not 1."),
      (["a": "true"], .boolean(), #"Must be true or false, not the string "true"."#),
      (["a": 7], .string(), "Must be a string, not 7."),
      (["a": ["b"]], .string(), "Must be a string, not an array."),
      (["a": ["b": 1]], .string(), "Must be a string, not an object."),
      (["a": ""], .string(minLength: 1), "Must not be empty."),
      (["a": "äöü"], .string(minLength: 4), "Must have at least 4 characters, not 3."),
      (["a": "äöüß"], .string(maxLength: 3), "Must have at most 3 characters, not 4."),
      (["a": "B2"], .string(pattern: "^[a-z]+$"), #"Must match the pattern ^[a-z]+$, unlike "B2"."#),
      (["a": "up"], .oneOf(["asc", "desc"]), #"Must be one of "asc", "desc", not the string "up"."#),
      (["a": "short"], .oneOf(["summary"]), #"Must be "summary", not the string "short"."#),
      (["a": []], .array(of: .string(), minItems: 1), "Must be an array of at least 1, not of 0."),
      (["a": [1, 2, 3]], .array(of: .integer(), minItems: 1, maxItems: 2), "Must be an array of 1 to 2, not of 3."),
      (["a": "{broken"], .openObject(), #"Must be an object, not the string "{broken"."#),
      (["a": "[1]"], .openObject(), #"Must be an object, not the string "[1]"."#),
    ] as [(JSONValue, Schema, String)])
  func wrongValues(_ given: JSONValue, _ schema: Schema, _ message: String) {
    #expect(violations(given, .optional("a", schema)) == ["/a: " + message])
  }

  @Test("the ends of a range belong to it")
  func bounds() {
    let limit = Schema.Property.optional("limit", .integer("", 1...100))
    let name = Schema.Property.optional("name", .string(minLength: 2, maxLength: 3))
    let share = Schema.Property.optional("share", .number("", 0...1))
    for given: JSONValue in [
      ["limit": 1], ["limit": 100], ["limit": 100.0], ["name": "äö"], ["name": "äöü"], ["share": 0], ["share": 1],
    ] {
      #expect(violations(given, limit, name, share) == [])
    }
  }

  @Test("all violations come together, each with its pointer")
  func pointers() {
    let event = Schema.object([.required("event", .string()), .optional("a/b~c", .integer())])
    #expect(
      violations(
        ["events": [["event": "x"], ["a/b~c": "1"]], "limit": 0], .required("events", .array(of: event)),
        .optional("limit", .integer("", 1...100)), .required("id", .string())) == [
          #"/events/1/a~1b~0c: Must be an integer, not the string "1"."#,
          "/events/1/event: Required and missing: must be a string.",
          "/limit: Must be an integer from 1 to 100, not 0.",
          "/id: Required and missing: must be a string.",
        ])
  }

  @Test("a validator of a part puts the part's pointer in front")
  func prefix() throws {
    let params = CompiledSchema(.object([.required("message", .string())]))
    let failure = try #require(throws: ValidationFailure.self) { try params.validate([:], below: "/params") }
    #expect(failure.violations.map(\.path) == ["/params/message"])
  }

  @Test("of many violations the first few are told, and little of the input is repeated")
  func bounded() throws {
    let schema = CompiledSchema(.object([.optional("ids", .array(of: .integer()))]))
    let long = String(repeating: "\u{1F469}\u{200D}", count: 10_000)
    var hostile: JSONObject = ["ids": .array(Array(repeating: .string(long), count: 1000))]
    for number in 0..<1000 { hostile["\(number)\(long)"] = .string(long) }
    let failure = try #require(throws: ValidationFailure.self) { try schema.validate(hostile) }
    #expect(failure.violations.count == ValidationFailure.limit)
    for violation in failure.violations {
      #expect(violation.path.unicodeScalars.count <= 60)
      #expect(violation.message.unicodeScalars.count <= 160)
    }
  }

  @Test(
    "an unknown argument names its nearest neighbour",
    arguments: [
      ("limt", "limit"), ("contactId", "contact_id"), ("Contact-ID", "contact_id"), ("sort_order", "sort_by"),
      ("contact", "contact_id"), ("lmiit", "limit"), ("limits", "limit"),
    ])
  func nearest(_ written: String, _ meant: String) {
    let found = violations(
      [written: 1] as JSONValue, .optional("limit", .integer()), .optional("contact_id", .string()),
      .optional("sort_by", .string()))
    if written == "sort_order" {
      #expect(found == ["/sort_order: Unknown argument; known are limit, contact_id, sort_by."])
    } else {
      #expect(found == ["/\(written): Unknown argument; did you mean \"\(meant)\"?"])
    }
  }

  @Test("where nothing is near, the known names are listed, and cut when they are many")
  func unknown() {
    #expect(violations(["zzz": 1]) == ["/zzz: Unknown argument; there are none here."])
    let many = (0..<60).map { Schema.Property.optional("argument_number_\($0)", .string()) }
    let schema = CompiledSchema(.object(many))
    #expect(throws: ValidationFailure.self) { try schema.validate(["zzz": 1]) }
    do {
      _ = try schema.validate(["zzz": 1])
    } catch {
      #expect(error.violations.first?.message.hasSuffix(" more.") == true)
      #expect(error.violations.first?.message.utf8.count ?? 999 < 320)
    }
  }

  @Test("names compare by their bytes")
  func namesAreBytes() {
    // U+212A, the Kelvin sign, is canonically equivalent to K.
    #expect(violations(["\u{212A}": 1], .optional("K", .integer())).count == 1)
  }

  @Test("texts without a stated length are bounded all the same")
  func longTexts() {
    let text = Schema.Property.optional("message", .string())
    #expect(violations(["message": .string(String(repeating: "a", count: 200_000))], text) == [])
    #expect(
      violations(["message": .string(String(repeating: "a", count: 200_001))], text) == [
        "/message: Must have at most 200000 characters, not 200001."
      ])
  }
}
