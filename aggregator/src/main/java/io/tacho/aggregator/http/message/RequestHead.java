// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.message;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A request without its body, and the framing of the body. Everything that two parsers could interpret differently is rejected,
 * because it enables request smuggling.
 *
 * @param contentLength bytes of the body; -1 if it is chunked
 * @param expectsContinue whether the client waits for 100 Continue before it sends the body
 */
record RequestHead(Request request, long contentLength, boolean expectsContinue) {

    private static final int MAX_FIELDS = 100;

    boolean isChunked() {
        return contentLength < 0;
    }

    boolean hasBody() {
        return contentLength != 0;
    }

    /**
     * Parses the lines of a head.
     *
     * @param head all lines with their ends, without the empty line
     * @throws RequestRejectedException if it is malformed, or neither HTTP/1.1 nor 1.0
     */
    static RequestHead parse(byte[] head, InetAddress remote) {
        // each byte is one character, so no byte can change where a line ends
        String text = new String(head, ISO_8859_1);
        int end = text.indexOf("\r\n");
        String[] line = text.substring(0, end).split(" ", -1);
        if (line.length != 3 || !isToken(line[0]) || line[1].isEmpty()) {
            throw malformed("the request line is not METHOD TARGET HTTP/1.1");
        }
        boolean http10 = isHttp10(line[2]);
        Headers headers = new Headers(fields(text, end + 2));
        requireHost(headers, http10);
        String target = originForm(line[1]);
        int question = target.indexOf('?');
        Request request = new Request(
                line[0],
                question < 0 ? target : target.substring(0, question),
                Map.of(),
                question < 0 ? "" : target.substring(question + 1),
                headers,
                Request.NO_BODY,
                http10,
                keepAlive(headers, http10),
                remote);
        long length = contentLength(headers, http10);
        return new RequestHead(request, length, expectsContinue(headers, http10));
    }

    private static boolean isHttp10(String version) {
        if (version.equals("HTTP/1.1")) {
            return false;
        }
        if (version.equals("HTTP/1.0")) {
            return true;
        }
        if (version.matches("HTTP/\\d\\.\\d")) {
            throw new RequestRejectedException(Status.VERSION_NOT_SUPPORTED, version + " (expected: HTTP/1.1)");
        }
        throw malformed("the request line is not METHOD TARGET HTTP/1.1");
    }

    private static String originForm(String target) {
        for (int i = 0; i < target.length(); i++) {
            char c = target.charAt(i);
            if (c < ' ' || c == 0x7f) {
                throw malformed("control character in the request line");
            }
        }
        if (target.startsWith("/") || target.equals("*")) {
            return target;
        }
        // absolute form, as sent to a proxy: the host is ignored
        if (target.regionMatches(true, 0, "http://", 0, 7) || target.regionMatches(true, 0, "https://", 0, 8)) {
            int authority = target.indexOf("//") + 2;
            for (int i = authority; i < target.length(); i++) {
                if (target.charAt(i) == '/') {
                    return target.substring(i);
                }
                if (target.charAt(i) == '?') {
                    return "/" + target.substring(i);
                }
            }
            return "/";
        }
        throw malformed("the target is not a path");
    }

    private static List<Headers.Field> fields(String text, int start) {
        List<Headers.Field> fields = new ArrayList<>(8);
        for (int from = start; from < text.length(); ) {
            int end = text.indexOf("\r\n", from);
            int colon = text.indexOf(':', from);
            if (colon < 0 || colon > end || !isToken(text.substring(from, colon))) {
                throw malformed("a header is not 'Name: value' on one line");
            }
            if (fields.size() == MAX_FIELDS) {
                throw new RequestRejectedException(
                        Status.HEADERS_TOO_LARGE, "too many headers (expected: at most " + MAX_FIELDS + ")");
            }
            String value = text.substring(colon + 1, end);
            for (int i = 0; i < value.length(); i++) {
                char c = value.charAt(i);
                if ((c < ' ' && c != '\t') || c == 0x7f) {
                    throw malformed("control character in header " + text.substring(from, colon));
                }
            }
            fields.add(new Headers.Field(text.substring(from, colon), value.trim()));
            from = end + 2;
        }
        return fields;
    }

    private static void requireHost(Headers headers, boolean http10) {
        List<String> hosts = headers.all("Host");
        if (hosts.size() > 1 || (hosts.isEmpty() && !http10)) {
            throw malformed(hosts.size() + " Host headers (expected: 1)");
        }
        if (!hosts.isEmpty() && !hosts.get(0).matches("[A-Za-z0-9._~!$&'()*+,;=%:\\[\\]-]*")) {
            throw malformed("malformed Host header (expected: host or host:port)");
        }
    }

    private static boolean keepAlive(Headers headers, boolean http10) {
        List<String> connection = headers.tokens("Connection");
        return http10 ? connection.contains("keep-alive") : !connection.contains("close");
    }

    private static long contentLength(Headers headers, boolean http10) {
        List<String> codings = headers.all("Transfer-Encoding");
        List<String> lengths = headers.all("Content-Length");
        if (!codings.isEmpty()) {
            if (!lengths.isEmpty() || http10) {
                throw malformed("Transfer-Encoding with " + (http10 ? "HTTP/1.0" : "Content-Length"));
            }
            if (codings.size() != 1 || !codings.get(0).equalsIgnoreCase("chunked")) {
                throw new RequestRejectedException(
                        Status.NOT_IMPLEMENTED, "Transfer-Encoding (expected: chunked, and nothing else)");
            }
            return -1;
        }
        if (lengths.isEmpty()) {
            return 0;
        }
        if (lengths.stream().distinct().count() > 1 || !lengths.get(0).matches("\\d{1,18}")) {
            throw malformed("Content-Length is not one number");
        }
        return Long.parseLong(lengths.get(0));
    }

    private static boolean expectsContinue(Headers headers, boolean http10) {
        String expect = headers.firstOrEmpty("Expect");
        if (expect.isEmpty() || http10) {
            return false;
        }
        if (!expect.equalsIgnoreCase("100-continue")) {
            throw new RequestRejectedException(Status.EXPECTATION_FAILED, "Expect (expected: 100-continue)");
        }
        return true;
    }

    private static boolean isToken(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= ' ' || c >= 0x7f || "\"(),/:;<=>?@[\\]{}".indexOf(c) >= 0) {
                return false;
            }
        }
        return !text.isEmpty();
    }

    static RequestRejectedException malformed(String what) {
        return new RequestRejectedException(Status.BAD_REQUEST, "malformed request: " + what);
    }
}
