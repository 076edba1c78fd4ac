internal import JSON

/// The text of a client's file, before and after a server is entered or taken out.
public enum ClientFile {
  /// The text with the entry in it; all else stays as it is, members of the entry that we don't write included.
  ///
  /// - Parameter text: the file's, empty where there is none.
  /// - Throws: ``EditRefusal`` when the text can't be understood.
  public static func adding(
    _ entry: ServerEntry, to text: [UInt8], of client: Client
  ) throws(EditRefusal) -> [UInt8] {
    switch client.format {
    case .json(let commented):
      var document = try JSONDocument(text, allowsComments: commented)
      let path = [client.servers, entry.name]
      if try document.value(at: path) == nil {
        try document.set(entry.value(for: client)[client.servers]?[entry.name] ?? .null, at: path)
      } else {
        for (name, value) in entry.members(for: client) { try document.set(value, at: path + [name]) }
        for (name, value) in entry.variables { try document.set(.string(value), at: path + ["env", name]) }
      }
      return document.text
    case .toml: return try TOMLDocument(text).adding(entry, to: client.servers)
    }
  }

  /// The text without the entry of that name; the same text where there is none.
  ///
  /// - Throws: ``EditRefusal`` when the text can't be understood.
  public static func removing(_ name: String, from text: [UInt8], of client: Client) throws(EditRefusal) -> [UInt8] {
    switch client.format {
    case .json(let commented):
      var document = try JSONDocument(text, allowsComments: commented)
      try document.remove(at: [client.servers, name])
      return document.text
    case .toml: return try TOMLDocument(text).removing(name, from: client.servers)
    }
  }

  /// What a person would put into the file by hand.
  public static func snippet(_ entry: ServerEntry, for client: Client) -> String {
    let text = try? adding(entry, to: [], of: client)
    return String(decoding: text ?? [], as: UTF8.self)
  }
}
