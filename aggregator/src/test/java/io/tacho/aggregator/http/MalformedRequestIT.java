// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Requests that are malformed, or that two parsers could interpret differently, over real sockets. */
class MalformedRequestIT {

    private TestServer server;

    @BeforeEach
    void start() throws IOException {
        server = new TestServer(1, HttpSettings.of(TestServer.ANY_PORT, 10_000, null), HardeningIT.SHORT);
    }

    @AfterEach
    void stop() throws IOException {
        assertThat(server.get("/-/healthy")).as("the server still responds").startsWith("HTTP/1.1 200");
        server.close();
    }

    private static String escaped(String text) {
        return text.replace("\\r", "\r")
                .replace("\\n", "\n")
                .replace("\\t", "\t")
                .replace("\\x7f", "\u007f")
                .replace("\\0", "\0");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    Content-Length: 5\\r\\nTransfer-Encoding: chunked\\r\\n   | 400
                    Transfer-Encoding: chunked\\r\\nContent-Length: 5\\r\\n   | 400
                    Content-Length: 5\\r\\nContent-Length: 6\\r\\n            | 400
                    Content-Length: 5, 5\\r\\n                                | 400
                    Content-Length: +5\\r\\n                                  | 400
                    Content-Length: 0x5\\r\\n                                 | 400
                    Content-Length: -1\\r\\n                                  | 400
                    Content-Length:\\r\\n                                     | 400
                    Content-Length: 99999999999999999999\\r\\n                | 400
                    Content-Length : 5\\r\\n                                  | 400
                    Transfer-Encoding: identity\\r\\n                         | 501
                    Transfer-Encoding: chunked, chunked\\r\\n                 | 501
                    Transfer-Encoding: gzip, chunked\\r\\n                    | 501
                    Transfer-Encoding: xchunked\\r\\n                         | 501
                    Transfer-Encoding:\\tchunked\\r\\nTransfer-Encoding: x\\r\\n | 501
                    X: a\\r\\n folded\\r\\n                                   | 400
                    \\tX: a\\r\\n                                             | 400
                    X: a\\nContent-Length: 5\\r\\n                            | 400
                    X: a\\rContent-Length: 5\\r\\n                            | 400
                    X: a\\0b\\r\\n                                            | 400
                    X\\0: a\\r\\n                                             | 400
                    no colon\\r\\n                                            | 400
                    : no name\\r\\n                                           | 400
                    Host: other\\r\\n                                         | 400
                    Expect: 200-ok\\r\\n                                      | 417
                    """)
    void ambiguousHead_isRejected(String header, int status) throws IOException {
        String response = server.exchange(
                "POST /api/ HTTP/1.1\r\nHost: t\r\n" + escaped(header) + "\r\nGET /stats HTTP/1.1\r\nHost: t\r\n\r\n");

        assertThat(response).startsWith("HTTP/1.1 " + status).contains("\r\nConnection: close\r\n");
        assertThat(response.split("HTTP/1.1 ", -1))
                .as("the following request has no response")
                .hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    Content-Length: 0\\r\\nContent-Length: 60\\r\\n          | Multiple Content-Length values
                    Content-Length: 60\\r\\nContent-Length: 0\\r\\n          | Multiple Content-Length values
                    Content-Length: 5\\r\\nContent-Length: 5\\r\\n           | Multiple Content-Length values
                    Content-Length: 5, 6\\r\\n                               | Multiple Content-Length values
                    Content-Length: 5\\r\\nTransfer-Encoding: chunked\\r\\n  | Transfer-Encoding with Content-Length
                    Transfer-Encoding: chunked\\r\\n                         | Transfer-Encoding with HTTP/1.0
                    """)
    void ambiguousHttp10Head_isRejected(String header, String reason) throws IOException {
        String response = server.exchange("POST /api/ HTTP/1.0\r\nHost: t\r\nConnection: keep-alive\r\n"
                + escaped(header) + "\r\nGET /stats HTTP/1.1\r\nHost: t\r\n\r\n");

        assertThat(response).startsWith("HTTP/1.1 400").contains(reason);
        assertThat(response.split("HTTP/1.1 ", -1))
                .as("the following request has no response")
                .hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    zz\\r\\nabc\\r\\n0\\r\\n\\r\\n                     | 400 | Invalid character in chunk size
                    0x3\\r\\nabc\\r\\n0\\r\\n\\r\\n                    | 400 | Invalid character in chunk size
                    -3\\r\\nabc\\r\\n0\\r\\n\\r\\n                     | 400 | Invalid character in chunk size
                    3 \\r\\nabc\\r\\n0\\r\\n\\r\\n                     | 400 | Invalid chunk size; expected extensions
                    3;x\\ry\\r\\nabc\\r\\n0\\r\\n\\r\\n                | 400 | Invalid chunk extension
                    3\\nabc\\r\\n0\\r\\n\\r\\n                         | 400 | Line Feed must be preceded by Carriage Return
                    3\\r\\nabcd\\r\\n0\\r\\n\\r\\n                     | 400 | malformed request
                    3\\r\\nabc\\n0\\r\\n\\r\\n                         | 400 | malformed request
                    3\\r\\nabc\\r\\n0\\r\\nbad trailer\\r\\n\\r\\n     | 400 | malformed request
                    100000003\\r\\nabc\\r\\n0\\r\\n\\r\\n              | 400 | Chunk size overflow
                    3\\r\\nabc\\r\\n100000000\\r\\n\\r\\n              | 400 | Chunk size overflow
                    80000000\\r\\n                                     | 400 | Chunk size overflow
                    fffffffffffffffff\\r\\n                            | 400 | Chunk size overflow
                    fffffff\\r\\n                                      | 413 | body too large
                    00000000fffffff\\r\\n                              | 413 | body too large
                    """)
    void malformedChunks_areRejected(String chunks, int status, String reason) throws IOException {
        String response = server.exchange(
                "POST /api/ HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n" + escaped(chunks));

        assertThat(response).startsWith("HTTP/1.1 " + status).contains(reason);
        assertThat(response.split("HTTP/1.1 ", -1)).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    GET //stats HTTP/1.1             | 404
                    GET /stats/ HTTP/1.1             | 404
                    GET /./stats HTTP/1.1            | 404
                    GET /x/../stats HTTP/1.1         | 404
                    GET /%2e%2e/stats HTTP/1.1       | 404
                    GET /stats%00 HTTP/1.1           | 404
                    GET /..%2f..%2fetc HTTP/1.1      | 404
                    GET /%c0%ae HTTP/1.1             | 400
                    GET /% HTTP/1.1                  | 400
                    GET http://x/stats HTTP/1.1      | 200
                    GET http://x HTTP/1.1            | 200
                    GET http://x?y HTTP/1.1          | 200
                    GET stats HTTP/1.1               | 400
                    GET  /stats HTTP/1.1             | 400
                    GET /stats  HTTP/1.1             | 400
                    GET /sta ts HTTP/1.1             | 400
                    GET /stats HTTP/1.1 x            | 400
                    GET /stats                       | 400
                    GET /stats HTTP/2.0              | 505
                    GET /stats HTTP/1.2              | 505
                    GET /stats http/1.1              | 400
                    GET * HTTP/1.1                   | 404
                    OPTIONS * HTTP/1.1               | 404
                    CONNECT x:80 HTTP/1.1            | 400
                    TRACE /stats HTTP/1.1            | 405
                    get /stats HTTP/1.1              | 405
                    G@T /stats HTTP/1.1              | 400
                    GET /sta\\0ts HTTP/1.1           | 400
                    GET /sta\\x7fts HTTP/1.1         | 400
                    GET\\t/stats HTTP/1.1            | 400
                    GET /stats\\tHTTP/1.1            | 400
                    ' GET /stats HTTP/1.1'           | 400
                    \\0GET /stats HTTP/1.1           | 400
                    \\nGET /stats HTTP/1.1           | 400
                    \\rGET /stats HTTP/1.1           | 400
                    \\r\\nGET /stats HTTP/1.1        | 200
                    """)
    void malformedRequestLine_isRejected(String line, int status) throws IOException {
        assertThat(server.exchange(escaped(line) + "\r\nHost: t\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 " + status);
    }
}
