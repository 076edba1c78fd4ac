import JSON
import Testing

@Suite struct Writer {
  @Test("commas stand between members and items and nowhere else")
  func commas() {
    var writer = JSONWriter()
    writer.beginObject()
    writer.key("a")
    writer.integer(-9_223_372_036_854_775_808)
    writer.key("é\"" as String)
    writer.beginArray()
    writer.null()
    writer.beginArray()
    writer.endArray()
    writer.bool(true)
    writer.string("x\ny")
    writer.number(1)
    writer.number(0.1)
    writer.endArray()
    writer.key("c")
    writer.beginObject()
    writer.endObject()
    writer.endObject()
    #expect(
      String(decoding: writer.finish(), as: UTF8.self)
        == #"{"a":-9223372036854775808,"é\"":[null,[],true,"x\ny",1.0,0.1],"c":{}}"#)
  }

  @Test("a value is written as it was read")
  func roundTrip() throws {
    let text = #"{"b":[1,-2.5,"q\"\\\n"],"a":{"x":null,"y":[true,false,{}],"":"\u0001"},"n":9007199254740993}"#
    #expect(try JSONValue(parsing: text).text == text)
  }
}
