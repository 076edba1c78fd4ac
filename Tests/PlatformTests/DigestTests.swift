import Testing

@testable import Platform

@Suite("Digests and codes")
struct DigestTests {
  @Test(
    "SHA-256 gives the standard's examples",
    arguments: [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
    ])
  func sha256(text: String, digest: String) {
    #expect(hexadecimal(SHA256.digest(Array(text.utf8))) == digest)
  }

  @Test("SHA-256 of a million letters, however they are cut")
  func longInput() {
    let letters = [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)
    for part in [63, 64, 65, 4096, 1_000_000] {
      var hash = SHA256()
      letters.withUnsafeBytes { bytes in
        var start = 0
        while start < bytes.count {
          let end = min(start + part, bytes.count)
          hash.update(UnsafeRawBufferPointer(rebasing: bytes[start..<end]))
          start = end
        }
      }
      #expect(
        hexadecimal(hash.finish()) == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }
  }

  @Test("SHA-256 by the processor's instructions and without them is the same")
  func portable() {
    var bytes: [UInt8] = []
    for length in 0..<300 {
      var portable = SHA256(portable: ())
      bytes.withUnsafeBytes { portable.update($0) }
      #expect(portable.finish() == SHA256.digest(bytes))
      bytes.append(UInt8(truncatingIfNeeded: length &* 37))
    }
  }

  @Test("SipHash gives the reference's value for sixteen bytes")
  func sipHash() {
    let code = SipHash(key: (0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908))
    #expect(code(0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908) == 0x3f2a_cc7f_57c2_9bdb)
  }

  @Test("base 32 reads back what it writes, and nothing else")
  func base32() {
    for value in [0, 1, 31, 32, 0xFFFF_FFFF, UInt64.max, 0x0123_4567_89ab_cdef] {
      #expect(Base32.number(Base32.text(value, digits: 13).utf8) == value)
    }
    #expect(Base32.number("il".utf8) == nil)
    #expect(Base32.number("A".utf8) == nil)
    #expect(Base32.number("g000000000000".utf8) == nil)  // 65 bits
  }

  private func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { byte in
      let text = String(byte, radix: 16)
      return text.count == 1 ? "0" + text : text
    }.joined()
  }
}
