import JSONRPC
import Testing

@Suite("Line splitter")
struct LineSplitterTests {
  @Test("F-01, F-05: the same lines come out wherever the bytes are cut")
  func everyCut() {
    let text = Array("\u{FEFF}{\"a\":1}\n\r\n  \n{\"ä\":\"\u{1F600}\"}\r\n\t\n[1,\r2]\n{}".utf8)
    let lines = ["{\"a\":1}", "{\"ä\":\"\u{1F600}\"}", "[1,\r2]", "{}"]
    for first in 0...text.count {
      for second in first...text.count {
        #expect(split([text[..<first], text[first..<second], text[second...]]) == lines)
      }
    }
    #expect(split(text.map { [$0] }) == lines)
  }

  @Test("F-05: only the first line loses a byte-order mark")
  func byteOrderMark() {
    #expect(split([Array("\u{FEFF}1\n\u{FEFF}2\n".utf8)]) == ["1", "\u{FEFF}2"])
    #expect(split([Array("\u{FEFF}\n1\n".utf8)]) == ["1"])
  }

  @Test("F-09: a line at the limit passes, one byte more does not, and what follows is read", arguments: 0...39)
  func limit(cut: Int) {
    let text = Array("12345678\n123456789\n1234567890123456\n{}\n".utf8)
    let parts = [text[..<cut], text[cut...]]
    #expect(split(parts.map { Array($0) }, limit: 8) == ["12345678", tooLong, tooLong, "{}"])
  }

  @Test("F-09: a line without end is reported once and takes bounded memory")
  func endless() {
    var splitter = LineSplitter(limit: 1 << 20)
    var reports: [String] = []
    var largestSpace = 0
    for _ in 0..<2000 {
      _ = splitter.withSpace { space in
        largestSpace = max(largestSpace, space.count)
        let count = min(space.count, 1 << 16)
        space[..<count].initializeMemory(as: UInt8.self, repeating: UInt8(ascii: "x"))
        return count
      }
      drain(&splitter, into: &reports)
    }
    #expect(reports == [tooLong])
    #expect(largestSpace <= 4 << 20)
    feed(Array("x\n{}\n".utf8), &splitter, into: &reports)
    #expect(reports == [tooLong, "{}"])
  }

  @Test("F-09: after a large line the memory is given back")
  func givesBack() {
    var splitter = LineSplitter()
    var lines: [String] = []
    feed(Array(repeating: UInt8(ascii: "7"), count: 4 << 20) + [UInt8(ascii: "\n")], &splitter, into: &lines)
    #expect(lines.map(\.utf8.count) == [4 << 20])
    let space = splitter.withSpace { space in
      lines = ["\(space.count)"]
      return 0
    }
    #expect(space == 0)
    #expect(lines == ["\(1 << 16)"])
  }

  @Test("SH-02: a last line without its end is given at the end, unless it was too long or blank")
  func lastLine() {
    #expect(split([Array("{}\n{\"a\":1}".utf8)]) == ["{}", "{\"a\":1}"])
    #expect(split([Array("{}\n \r".utf8)]) == ["{}"])
    #expect(split([Array("{}\n123456789".utf8)], limit: 8) == ["{}", tooLong])
    #expect(split([[]]) == [])
  }
}

private let tooLong = "(too long)"

/// The lines that come out when the parts go in one after the other and the input ends.
private func split(_ parts: [some Collection<UInt8>], limit: Int = 1000) -> [String] {
  var splitter = LineSplitter(limit: limit)
  var lines: [String] = []
  for part in parts { feed(part, &splitter, into: &lines) }
  if let line = splitter.finish() { lines.append(text(line)) }
  return lines
}

private func feed(_ bytes: some Collection<UInt8>, _ splitter: inout LineSplitter, into lines: inout [String]) {
  var rest = Array(bytes)[...]
  while !rest.isEmpty {
    let count = splitter.withSpace { space in
      let part = rest.prefix(space.count)
      space.copyBytes(from: part)
      return part.count
    }
    rest = rest.dropFirst(count)
    drain(&splitter, into: &lines)
  }
}

private func drain(_ splitter: inout LineSplitter, into lines: inout [String]) {
  while let line = splitter.next() { lines.append(text(line)) }
}

private func text(_ line: LineSplitter.Line) -> String {
  switch line {
  case .text(let bytes): String(decoding: bytes, as: UTF8.self)
  case .tooLong: tooLong
  }
}
