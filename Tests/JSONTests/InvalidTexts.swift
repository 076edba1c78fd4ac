import JSON

/// Texts that are refused: why, and at which byte.
enum InvalidTexts {
  static let structure: [(String, JSONError.Kind, Int)] = [
    ("", .endOfText, 0), (" ", .endOfText, 1), ("\n\t", .endOfText, 2), ("[", .endOfText, 1), ("{", .endOfText, 1),
    ("[ ", .endOfText, 2), ("[1", .endOfText, 2), ("[1,", .endOfText, 3), ("[1, ", .endOfText, 4),
    ("{\"a\"", .endOfText, 4),
    ("{\"a\":", .endOfText, 5), ("{\"a\":1", .endOfText, 6), ("{\"a\":1,", .endOfText, 7), ("[[]", .endOfText, 3),
    ("{\"a\":{}", .endOfText, 7), ("]", .unexpectedByte, 0), ("}", .unexpectedByte, 0), (",", .unexpectedByte, 0),
    (":", .unexpectedByte, 0), ("[,]", .unexpectedByte, 1), ("[1,]", .unexpectedByte, 3), ("[,1]", .unexpectedByte, 1),
    ("[1,,2]", .unexpectedByte, 3), ("[1 2]", .unexpectedByte, 3), ("[1:2]", .unexpectedByte, 2),
    ("[1}", .unexpectedByte, 2),
    ("[}", .unexpectedByte, 1), ("{]", .unexpectedByte, 1), ("{,}", .unexpectedByte, 1),
    ("{\"a\":1,}", .unexpectedByte, 7),
    ("{\"a\":1 \"b\":2}", .unexpectedByte, 7), ("{\"a\" 1}", .unexpectedByte, 5), ("{\"a\",1}", .unexpectedByte, 4),
    ("{\"a\"}", .unexpectedByte, 4), ("{\"a\":}", .unexpectedByte, 5), ("{\"a\":1]", .unexpectedByte, 6),
    ("{\"a\"::1}", .unexpectedByte, 5), ("{a:1}", .unexpectedByte, 1), ("{'a':1}", .unexpectedByte, 1),
    ("{1:1}", .unexpectedByte, 1),
    ("{null:1}", .unexpectedByte, 1), ("{[]:1}", .unexpectedByte, 1), ("'a'", .unexpectedByte, 0),
    ("[\"a\"", .endOfText, 4),
    ("[\"a\":1]", .unexpectedByte, 4), ("{\"a\":1,\"b\"}", .unexpectedByte, 10), ("{\"a\":1,2}", .unexpectedByte, 7),
    ("[1]]", .trailingContent, 3), ("{}}", .trailingContent, 2), ("1 2", .trailingContent, 2),
    ("null null", .trailingContent, 5),
    ("[] []", .trailingContent, 3), ("\"a\"\"b\"", .trailingContent, 3), ("\"a\" ,", .trailingContent, 4),
    ("{}\u{0}", .trailingContent, 2),
    ("1,", .trailingContent, 1), ("true]", .trailingContent, 4), ("[]#", .trailingContent, 2),
    ("/**/1", .unexpectedByte, 0),
    ("// x\n1", .unexpectedByte, 0), ("[1/**/]", .unexpectedByte, 2), ("\u{FEFF}{}", .unexpectedByte, 0),
    ("\u{A0}1", .unexpectedByte, 0),
    ("\u{B}1", .unexpectedByte, 0), ("\u{C}1", .unexpectedByte, 0), ("\u{0}", .unexpectedByte, 0),
    ("[\u{2003}1]", .unexpectedByte, 1),
  ]

  static let words: [(String, JSONError.Kind, Int)] = [
    ("nul", .endOfText, 3), ("n", .endOfText, 1), ("tru", .endOfText, 3), ("fals", .endOfText, 4),
    ("nulL", .unexpectedByte, 3),
    ("Null", .unexpectedByte, 0), ("True", .unexpectedByte, 0), ("FALSE", .unexpectedByte, 0),
    ("nil", .unexpectedByte, 1),
    ("undefined", .unexpectedByte, 0), ("NaN", .unexpectedByte, 0), ("nan", .unexpectedByte, 1),
    ("Infinity", .unexpectedByte, 0),
    ("nulll", .trailingContent, 4), ("truefalse", .trailingContent, 4), ("[nul]", .unexpectedByte, 4),
    ("[truee]", .unexpectedByte, 5),
    ("[a]", .unexpectedByte, 1), ("yes", .unexpectedByte, 0), ("t rue", .unexpectedByte, 1),
  ]

  static let numbers: [(String, JSONError.Kind, Int)] = [
    ("-", .endOfText, 1), ("1.", .endOfText, 2), ("1e", .endOfText, 2), ("1e+", .endOfText, 3), ("1e-", .endOfText, 3),
    ("0.", .endOfText, 2), ("-0.", .endOfText, 3), ("+1", .unexpectedByte, 0), (".5", .unexpectedByte, 0),
    ("-.5", .invalidNumber, 1),
    ("--1", .invalidNumber, 1), ("-a", .invalidNumber, 1), ("-Infinity", .invalidNumber, 1), ("01", .invalidNumber, 1),
    ("00", .invalidNumber, 1), ("-01", .invalidNumber, 2), ("[012]", .invalidNumber, 2), ("1.e1", .invalidNumber, 2),
    ("1.a", .invalidNumber, 2), ("[1.]", .invalidNumber, 3), ("1ea", .invalidNumber, 2), ("1e1.5", .trailingContent, 3),
    ("1e++1", .invalidNumber, 3), ("[1e]", .invalidNumber, 3), ("[-]", .invalidNumber, 2),
    ("1.5.5", .trailingContent, 3),
    ("0x10", .trailingContent, 1), ("1_000", .trailingContent, 1), ("1,000", .trailingContent, 1),
    ("[0x1]", .unexpectedByte, 2),
    ("1a", .trailingContent, 1), ("0e", .endOfText, 2), ("1 .5", .trailingContent, 2), ("- 1", .invalidNumber, 1),
    ("１", .unexpectedByte, 0), ("1e999", .numberOutOfRange, 0), ("-1e999", .numberOutOfRange, 0),
    ("[0,1e309]", .numberOutOfRange, 3),
    ("1.8e308", .numberOutOfRange, 0), ("1e99999999999999999999", .numberOutOfRange, 0),
    ("1" + String(repeating: "0", count: 400), .numberOutOfRange, 0),
  ]

  static let strings: [(String, JSONError.Kind, Int)] = [
    ("\"", .endOfText, 1), ("\"a", .endOfText, 2), ("\"\\", .endOfText, 2), ("\"\\\"", .endOfText, 3),
    ("\"\\n", .endOfText, 3),
    ("\"\\u", .endOfText, 3), ("\"\\u0", .endOfText, 4), ("\"\\u004", .endOfText, 6), ("\"\\u0041", .endOfText, 7),
    ("\"sixteen bytes...", .endOfText, 17), ("{\"a", .endOfText, 3), ("\"\\a\"", .invalidEscape, 1),
    ("\"\\x41\"", .invalidEscape, 1),
    ("\"\\0\"", .invalidEscape, 1), ("\"\\'\"", .invalidEscape, 1), ("\"\\N\"", .invalidEscape, 1),
    ("\"\\U0041\"", .invalidEscape, 1),
    ("\"\\\n\"", .invalidEscape, 1), ("\"\\é\"", .invalidEscape, 1), ("\"\\u00G0\"", .invalidEscape, 1),
    ("\"\\u 041\"", .invalidEscape, 1),
    ("\"\\u+041\"", .invalidEscape, 1), ("\"\\u41\"", .invalidEscape, 1), ("\"ab\\u{41}\"", .invalidEscape, 3),
    ("\"\\ud800\"", .loneSurrogate, 1), ("\"\\uDBFF\"", .loneSurrogate, 1), ("\"\\udc00\"", .loneSurrogate, 1),
    ("\"\\uDFFF\"", .loneSurrogate, 1),
    ("\"a\\ud83d\"", .loneSurrogate, 2), ("\"\\ud83dx\"", .loneSurrogate, 1), ("\"\\ud83d\\n\"", .loneSurrogate, 1),
    ("\"\\ud83d\\u0041\"", .loneSurrogate, 1), ("\"\\ud83d\\ud83d\"", .loneSurrogate, 1),
    ("\"\\ude00\\ud83d\"", .loneSurrogate, 1),
    ("\"\\ud83d\\ude00\\ude00\"", .loneSurrogate, 13), ("\"\\ud83d\\uzzzz\"", .invalidEscape, 7),
    ("{\"\\ud800\":1}", .loneSurrogate, 2),
    ("\"\n\"", .controlCharacter, 1), ("\"a\tb\"", .controlCharacter, 2), ("\"\r\"", .controlCharacter, 1),
    ("\"\u{0}\"", .controlCharacter, 1),
    ("\"\u{1F}\"", .controlCharacter, 1), ("\"\u{1B}[31m\"", .controlCharacter, 1),
    ("\"eighteen bytes here\u{1}\"", .controlCharacter, 20),
    ("{\"a\n\":1}", .controlCharacter, 3), ("\"\\n\n\"", .controlCharacter, 3),
  ]

  static let keys: [(String, JSONError.Kind, Int)] = [
    (#"{"a":1,"a":2}"#, .duplicateKey, 7), (#"{"a":1,"b":2,"a":1}"#, .duplicateKey, 13),
    (#"{"a":1,"\u0061":2}"#, .duplicateKey, 7),
    (#"{"\u0061":1,"a":2}"#, .duplicateKey, 12), (#"{"\u0061":1,"\u0061":2}"#, .duplicateKey, 12),
    (#"{"":1,"":2}"#, .duplicateKey, 6),
    (#"[{"x":{"a":1,"a":1}}]"#, .duplicateKey, 13), (#"{"é":1,"\u00e9":2}"#, .duplicateKey, 8),
    (#"{"a\/b":1,"a/b":2}"#, .duplicateKey, 10),
    (#"{"a longer key than fits":1,"a longer key than fits":2}"#, .duplicateKey, 28),
    (#"{"😀":1,"\ud83d\ude00":2}"#, .duplicateKey, 10),
  ]

  static let all = structure + words + numbers + strings + keys

  /// Strings that are not UTF-8, without their quotes, and the byte at which they go wrong (the opening quote counts).
  static let encodings: [([UInt8], Int)] = [
    ([0x80], 1), ([0xBF], 1), ([0x61, 0x80], 2), ([0xC0, 0x80], 1), ([0xC0, 0xAF], 1), ([0xC1, 0xBF], 1), ([0xC2], 1),
    ([0xC2, 0x41], 1), ([0xC3, 0xC3], 1), ([0xC3, 0xA9, 0xA9], 3), ([0xE0, 0x80, 0x80], 1), ([0xE0, 0x9F, 0xBF], 1),
    ([0xE2, 0x82], 1), ([0xE2, 0x82, 0x41], 1), ([0xE2, 0x41, 0xAC], 1), ([0xED, 0xA0, 0x80], 1),
    ([0xED, 0xBF, 0xBF], 1),
    ([0xED, 0xA0, 0xBD, 0xED, 0xB8, 0x80], 1), ([0xF0, 0x80, 0x80, 0x80], 1), ([0xF0, 0x8F, 0xBF, 0xBF], 1),
    ([0xF0, 0x9F, 0x98], 1), ([0xF0, 0x9F, 0x98, 0x41], 1), ([0xF4, 0x90, 0x80, 0x80], 1),
    ([0xF5, 0x80, 0x80, 0x80], 1),
    ([0xF8, 0x88, 0x80, 0x80, 0x80], 1), ([0xFC, 0x84, 0x80, 0x80, 0x80, 0x80], 1), ([0xFE], 1), ([0xFF], 1),
    ([0xFF, 0xFE], 1), ([0xC3, 0xA9, 0xFF], 3), ([0x5C, 0x6E, 0xFF], 3), ([0xFF, 0x5C, 0x6E], 1),
    ([0xC3, 0x5C, 0x6E], 1),
    (Array("sixteen bytes...".utf8) + [0xE9], 17), (Array("eleven more".utf8) + [0xC3, 0xA9, 0xE9, 0x74], 14),
  ]
}
