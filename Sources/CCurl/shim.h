// The system's libcurl, and names for what Swift can't call: functions with a variable number of arguments.
#pragma once
#include <curl/curl.h>

/// Takes a part of the body; less than `count` ends the transfer.
typedef size_t (*ccurl_body)(char *bytes, size_t size, size_t count, void *context);
/// Takes a line of the header.
typedef size_t (*ccurl_header)(char *bytes, size_t size, size_t count, void *context);
/// Called when the connection stands and the request is about to leave.
typedef int (*ccurl_before_request)(void *context, char *remote, char *local, int remote_port, int local_port);

static inline CURLcode ccurl_set_long(CURL *handle, CURLoption option, long value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode ccurl_set_large(CURL *handle, CURLoption option, curl_off_t value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode ccurl_set_text(CURL *handle, CURLoption option, const char *value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode ccurl_set_pointer(CURL *handle, CURLoption option, const void *value) {
  return curl_easy_setopt(handle, option, value);
}

static inline CURLcode ccurl_set_headers(CURL *handle, struct curl_slist *headers) {
  return curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers);
}

/// Only HTTP, whatever else this libcurl speaks.
static inline void ccurl_allow_http_only(CURL *handle) {
#if LIBCURL_VERSION_NUM >= 0x075500
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
#else
  curl_easy_setopt(handle, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
}

/// Where the transfer reports; `context` comes back in each call.
static inline void ccurl_set_callbacks(
    CURL *handle, void *context, ccurl_body body, ccurl_header header, ccurl_before_request before) {
  curl_easy_setopt(handle, CURLOPT_PRIVATE, context);
  curl_easy_setopt(handle, CURLOPT_WRITEDATA, context);
  curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, body);
  curl_easy_setopt(handle, CURLOPT_HEADERDATA, context);
  curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, header);
  curl_easy_setopt(handle, CURLOPT_PREREQDATA, context);
  curl_easy_setopt(handle, CURLOPT_PREREQFUNCTION, before);
}

/// The `context` of a transfer's callbacks.
static inline void *ccurl_context(CURL *handle) {
  char *context = NULL;
  curl_easy_getinfo(handle, CURLINFO_PRIVATE, &context);
  return context;
}

/// The status of the response; 0 when none came.
static inline long ccurl_status(CURL *handle) {
  long status = 0;
  curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status);
  return status;
}

/// What a proxy answered to the wish for a connection; 0 when none was asked.
static inline long ccurl_proxy_status(CURL *handle) {
  long status = 0;
  curl_easy_getinfo(handle, CURLINFO_HTTP_CONNECTCODE, &status);
  return status;
}

static inline CURLMcode ccurl_set_multi_long(CURLM *multi, CURLMoption option, long value) {
  return curl_multi_setopt(multi, option, value);
}

/// The next transfer that has ended, with how; null when there is none.
static inline CURL *ccurl_next_ended(CURLM *multi, CURLcode *result) {
  int left = 0;
  CURLMsg *message;
  while ((message = curl_multi_info_read(multi, &left)) != NULL) {
    if (message->msg != CURLMSG_DONE) continue;
    *result = message->data.result;
    return message->easy_handle;
  }
  return NULL;
}

/// The version of the library that runs, not of the header.
static inline const char *ccurl_version(void) { return curl_version_info(CURLVERSION_NOW)->version; }

/// What the library was built with: bits `CURL_VERSION_…`.
static inline int ccurl_features(void) { return curl_version_info(CURLVERSION_NOW)->features; }
