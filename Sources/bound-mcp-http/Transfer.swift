internal import CCurl
internal import HTTP
internal import JSON
internal import Platform

/// One request as libcurl does it, and what has come of it so far.
final class Transfer {
  let id: Int64
  /// Nil when libcurl has no memory for it.
  let handle: UnsafeMutableRawPointer?
  private let request: HTTPRequest
  private let requestBody: UnsafeMutableBufferPointer<UInt8>?
  private var requestFields: UnsafeMutablePointer<curl_slist>?
  private var headers = HTTPHeaders()
  private var headerSize = 0
  private(set) var body: [UInt8] = []
  /// Whether the request, or a part of it, may have left.
  private var hasLeft = false
  private var isTooLarge = false

  private static let headerLimit = 1 << 20

  init(_ head: RequestHead, body: [UInt8]) {
    id = head.id
    request = head.request
    handle = curl_easy_init()
    if head.hasBody {
      let copy = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: max(body.count, 1))
      _ = copy.initialize(from: body)
      requestBody = UnsafeMutableBufferPointer(rebasing: copy[..<body.count])
    } else {
      requestBody = nil
    }
    if let handle { prepare(handle) }
  }

  deinit {
    curl_easy_cleanup(handle)
    curl_slist_free_all(requestFields)
    requestBody?.baseAddress?.deallocate()
  }

  private func prepare(_ handle: UnsafeMutableRawPointer) {
    ccurl_allow_http_only(handle)
    ccurl_set_text(handle, CURLOPT_URL, request.url)
    ccurl_set_text(handle, CURLOPT_CUSTOMREQUEST, request.method)
    if request.method == "HEAD" { ccurl_set_long(handle, CURLOPT_NOBODY, 1) }
    if let requestBody {
      ccurl_set_large(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(requestBody.count))
      ccurl_set_pointer(handle, CURLOPT_POSTFIELDS, requestBody.baseAddress)
    }
    setFields(handle)
    ccurl_set_text(handle, CURLOPT_ACCEPT_ENCODING, "")
    ccurl_set_long(handle, CURLOPT_CONNECTTIMEOUT_MS, Self.limit(request.connectLimit))
    ccurl_set_long(handle, CURLOPT_TIMEOUT_MS, Self.limit(request.totalLimit))
    ccurl_set_long(handle, CURLOPT_NOSIGNAL, 1)
    // Over TLS, where both sides have it; else HTTP/1.1.
    ccurl_set_long(handle, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
    ccurl_set_long(handle, CURLOPT_PIPEWAIT, 1)
    ccurl_set_long(handle, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
    ccurl_set_long(handle, CURLOPT_FOLLOWLOCATION, 0)
    ccurl_set_long(handle, CURLOPT_SSL_VERIFYPEER, 1)
    ccurl_set_long(handle, CURLOPT_SSL_VERIFYHOST, 2)
    // As OpenSSL's own programs do: for company networks with an authority of their own.
    if let file = Environment.variable("SSL_CERT_FILE"), !file.isEmpty { ccurl_set_text(handle, CURLOPT_CAINFO, file) }
    setCallbacks(handle)
  }

  private func setFields(_ handle: UnsafeMutableRawPointer) {
    func add(_ line: String) { requestFields = curl_slist_append(requestFields, line) ?? requestFields }
    for (name, value) in request.headers { add(value.isEmpty ? "\(name);" : "\(name): \(value)") }
    // What libcurl would add by itself.
    if requestBody != nil, request.headers["Content-Type"] == nil { add("Content-Type:") }
    if request.headers["Expect"] == nil { add("Expect:") }
    ccurl_set_headers(handle, requestFields)
  }

  private static func limit(_ milliseconds: Int) -> Int { min(max(milliseconds, 1), Int(Int32.max)) }

  private func setCallbacks(_ handle: UnsafeMutableRawPointer) {
    ccurl_set_callbacks(
      handle, Unmanaged.passUnretained(self).toOpaque(),
      { bytes, size, count, context in
        Transfer.of(context)?.takeBody(UnsafeRawBufferPointer(start: bytes, count: size * count)) ?? 0
      },
      { bytes, size, count, context in
        Transfer.of(context)?.takeHeader(UnsafeRawBufferPointer(start: bytes, count: size * count)) ?? 0
      },
      { context, _, _, _, _ in Transfer.of(context)?.mayLeave() == true ? 0 : 1 })
  }

  /// The transfer that a callback is about; it lives as long as its handle.
  static func of(_ context: UnsafeMutableRawPointer?) -> Transfer? {
    context.map { Unmanaged<Transfer>.fromOpaque($0).takeUnretainedValue() }
  }

  private func takeBody(_ bytes: UnsafeRawBufferPointer) -> Int {
    guard body.count + bytes.count <= request.responseLimit else {
      isTooLarge = true
      return 0
    }
    body.append(contentsOf: bytes)
    return bytes.count
  }

  private func takeHeader(_ bytes: UnsafeRawBufferPointer) -> Int {
    headerSize += bytes.count
    guard headerSize <= Self.headerLimit else {
      isTooLarge = true
      return 0
    }
    let line = String(decoding: bytes, as: UTF8.self)
    if line.hasPrefix("HTTP/") {
      // The status line of the next response: the one before was an interim one.
      headers = HTTPHeaders()
    } else if let colon = line.firstIndex(of: ":") {
      headers.add(String(line[..<colon]), Self.trimmed(line[line.index(after: colon)...]))
    }
    return bytes.count
  }

  private static func trimmed(_ text: Substring) -> String {
    var text = text.unicodeScalars
    while let first = text.first, first.value <= 32 { text.removeFirst() }
    while let last = text.last, last.value <= 32 { text.removeLast() }
    return String(text)
  }

  /// Whether the request may be written to a connection that stands.
  ///
  /// libcurl repeats a request by itself when a kept connection breaks before a byte of the answer. The server may
  /// have done what the first one asked for, so only what is safe to repeat is.
  private func mayLeave() -> Bool {
    defer { hasLeft = true }
    return !hasLeft || ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"].contains(request.method)
  }

  /// What came of it, for the other program.
  func outcome(_ code: CURLcode) -> Frame {
    guard code == CURLE_OK, let handle else {
      return Frame(head: ["id": .integer(id), "error": failure(code).wire])
    }
    return Frame(
      head: ["id": .integer(id), "status": .integer(Int64(ccurl_status(handle))), "headers": headers.wire], body: body)
  }

  private func failure(_ code: CURLcode) -> HTTPError {
    if isTooLarge { return error(.tooLarge, "the response is larger than \(request.responseLimit) bytes") }
    let proxy = ccurl_proxy_status(handle)
    if !hasLeft, proxy >= 300 { return error(.unreachable, "the proxy refuses the connection (status \(proxy))") }
    switch code {
    case CURLE_UNSUPPORTED_PROTOCOL where hasLeft: return error(.broken, "what came back is not HTTP")
    case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL: return error(.invalid, "the address is not valid")
    case CURLE_COULDNT_RESOLVE_HOST: return error(.unreachable, "there is no host of that name, or no network")
    case CURLE_COULDNT_RESOLVE_PROXY: return error(.unreachable, "the proxy's name can't be resolved")
    case CURLE_COULDNT_CONNECT: return error(.unreachable, "nobody answers at that host and port")
    case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR:
      return error(.untrusted, "no trusted connection: \(String(cString: curl_easy_strerror(code)))")
    case CURLE_OPERATION_TIMEDOUT:
      return error(.timedOut, hasLeft ? "no complete response in time" : "no connection in time")
    default: return error(.broken, "the connection broke: \(String(cString: curl_easy_strerror(code)))")
    }
  }

  private func error(_ kind: HTTPError.Kind, _ message: String) -> HTTPError {
    HTTPError(kind, message, reachedServer: hasLeft ? .maybe : .no)
  }
}
