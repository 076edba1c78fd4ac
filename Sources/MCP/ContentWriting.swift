internal import JSON

/// Content on the wire.
extension JSONWriter {
  /// Writes one block.
  mutating func block(_ block: ContentBlock, textLimit: Int) {
    switch block {
    case .text(let text): textBlock(text, limit: textLimit)
    case .image(let bytes, let mimeType): data(type: "image", bytes, mimeType)
    case .audio(let bytes, let mimeType): data(type: "audio", bytes, mimeType)
    case .resource(let contents): resource(contents)
    case .link(let link): self.link(link)
    }
  }

  /// Writes a text block; of a text longer than `limit` bytes the beginning, and how much that is.
  mutating func textBlock(_ text: String, limit: Int) {
    var text = text
    let length = text.withUTF8 { lengthOfWhole($0, limit: limit) }
    raw("{\"type\":\"text\",\"text\":")
    string(length == text.utf8.count ? text : text.prefix(bytes: length) + noteOfCut(length, text.utf8.count))
    append("}")
  }

  /// The same for bytes that another writer has made safe, such as JSON.
  mutating func textBlock(escaping text: UnsafeRawBufferPointer, limit: Int) {
    let length = lengthOfWhole(text.assumingMemoryBound(to: UInt8.self), limit: limit)
    raw("{\"type\":\"text\",\"text\":\"")
    appendEscaped(UnsafeRawBufferPointer(rebasing: text[..<length]))
    if length < text.count {
      var note = noteOfCut(length, text.count)
      note.withUTF8 { appendEscaped(UnsafeRawBufferPointer($0)) }
    }
    append("\"}")
  }

  private mutating func data(type: StaticString, _ bytes: [UInt8], _ mimeType: String) {
    beginObject()
    key("type")
    raw("\"")
    append(type)
    append("\"")
    key("data")
    base64(bytes)
    key("mimeType")
    string(mimeType)
    endObject()
  }

  private mutating func resource(_ contents: ResourceContents) {
    beginObject()
    key("type")
    raw("\"resource\"")
    key("resource")
    self.contents(contents)
    endObject()
  }

  /// Writes the contents of a resource.
  mutating func contents(_ contents: ResourceContents) {
    beginObject()
    key("uri")
    string(contents.uri)
    if let mimeType = contents.mimeType {
      key("mimeType")
      string(mimeType)
    }
    switch contents.body {
    case .text(let text):
      key("text")
      string(text)
    case .bytes(let bytes):
      key("blob")
      base64(bytes)
    }
    endObject()
  }

  private mutating func link(_ link: ResourceLink) {
    beginObject()
    key("type")
    raw("\"resource_link\"")
    key("uri")
    string(link.uri)
    key("name")
    string(link.name)
    if let title = link.title {
      key("title")
      string(title)
    }
    if let mimeType = link.mimeType {
      key("mimeType")
      string(mimeType)
    }
    if let size = link.size {
      key("size")
      integer(size)
    }
    endObject()
  }
}

/// How many bytes at most `limit` hold whole characters.
private func lengthOfWhole(_ text: UnsafeBufferPointer<UInt8>, limit: Int) -> Int {
  guard text.count > limit else { return text.count }
  var length = max(limit, 0)
  while length > 0, text[length] & 0xC0 == 0x80 { length -= 1 }
  return length
}

private func noteOfCut(_ shown: Int, _ whole: Int) -> String {
  "\n[Cut here: the first \(shown) of \(whole) bytes are shown.]"
}

extension String {
  fileprivate func prefix(bytes count: Int) -> String { String(decoding: utf8.prefix(count), as: UTF8.self) }
}
