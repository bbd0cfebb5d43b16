// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.http.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.aggregator.api.ApiSecret;
import io.tacho.aggregator.http.TestServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tests the page and its files as a browser requests them. */
class DashboardEndpointsIT {

    private final HttpClient http = HttpClient.newHttpClient();
    private TestServer server;

    @BeforeEach
    void start() throws Exception {
        server = new TestServer(1, new ApiSecret("secret"), 100);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private HttpResponse<String> get(String path, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private static String header(HttpResponse<String> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    @Test
    void page_requiresNoKey_andItsPolicyAllowsNoOtherOrigin() throws Exception {
        HttpResponse<String> page = get("/");

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(header(page, "Content-Type")).isEqualTo("text/html; charset=utf-8");
        assertThat(header(page, "Content-Security-Policy"))
                .startsWith("default-src 'none'; script-src 'self'; style-src 'self'")
                .contains("require-trusted-types-for 'script'")
                .doesNotContain("unsafe");
        assertThat(get("/stats").statusCode()).isEqualTo(401);
    }

    @Test
    void page_isRevalidated_filesAreImmutable() throws Exception {
        HttpResponse<String> page = get("/");
        Matcher asset = Pattern.compile("assets/[0-9a-f]+/main\\.js").matcher(page.body());
        assertThat(asset.find()).isTrue();
        HttpResponse<String> file = get("/" + asset.group());

        assertThat(header(page, "Cache-Control")).isEqualTo("no-cache");
        assertThat(file.statusCode()).isEqualTo(200);
        assertThat(header(file, "Cache-Control")).isEqualTo("public, max-age=31536000, immutable");
        assertThat(header(file, "Content-Type")).isEqualTo("text/javascript; charset=utf-8");
        assertThat(header(file, "X-Content-Type-Options")).isEqualTo("nosniff");
        for (HttpResponse<String> known : List.of(page, file)) {
            HttpResponse<String> again = get(known.uri().getPath(), "If-None-Match", header(known, "ETag"));
            assertThat(again.statusCode()).isEqualTo(304);
            assertThat(again.body()).isEmpty();
        }
    }

    @Test
    void gzip_isUsedIfAccepted() throws Exception {
        assertThat(header(get("/", "Accept-Encoding", "br, gzip;q=0.5"), "Content-Encoding"))
                .isEqualTo("gzip");
        assertThat(header(get("/", "Accept-Encoding", "gzip;q=0"), "Content-Encoding"))
                .isEmpty();
        assertThat(header(get("/"), "Content-Encoding")).isEmpty();
        assertThat(header(get("/"), "Vary")).isEqualTo("Accept-Encoding");
        assertThat(header(get("/"), "ETag")).isNotEqualTo(header(get("/", "Accept-Encoding", "gzip"), "ETag"));
    }

    @Test
    void file_ofAnotherVersion_isNotFound() throws Exception {
        assertThat(get("/assets/0123456789abcdef/main.js").statusCode()).isEqualTo(404);
    }
}
