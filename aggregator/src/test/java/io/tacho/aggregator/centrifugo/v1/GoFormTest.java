// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.centrifugo.v1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GoFormTest {

    private static final String URLENCODED = "application/x-www-form-urlencoded";
    private static final String MULTIPART = "multipart/form-data; boundary=xx";

    private static String first(String method, String body, String query, String type, String name) {
        byte[] value = GoForm.of(method, body.getBytes(UTF_8), query, type).first(name);
        return new String(value, UTF_8);
    }

    private static String part(String name, String value) {
        return "--xx\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n";
    }

    @Test
    void encodedBody_precedesTheQuery() {
        assertThat(first("POST", "data=body", "data=query", URLENCODED, "data")).isEqualTo("body");
    }

    @Test
    void query_precedesAMultipartBody() {
        assertThat(first("POST", part("data", "part") + "--xx--", "data=query", MULTIPART, "data"))
                .isEqualTo("query");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "DELETE", "HEAD", "post"})
    void encodedBody_ofAMethodWithoutBody_isIgnored(String method) {
        assertThat(first(method, "data=body", "", URLENCODED, "data")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "PATCH"})
    void encodedBody_ofAMethodWithBody_isRead(String method) {
        assertThat(first(method, "data=body", "", "APPLICATION/X-WWW-Form-Urlencoded; charset=utf-8", "data"))
                .isEqualTo("body");
    }

    @Test
    void repeatedName_firstValueIsUsed() {
        assertThat(first("POST", "data=1&data=2", "", URLENCODED, "data")).isEqualTo("1");
    }

    @ParameterizedTest
    @CsvSource({
        "data=a+b%20c, a b c",
        "data=%C3%A4, ä",
        "d%61ta=x, x",
        "data=a=b, a=b",
        "data, ''",
        "data=, ''",
        "other=1&&data=x, x",
        "data=%zz&data=x, x",
        "data=%4&data=x, x",
        "%zz=1&data=x, x",
        "data=a;b&data=x, x",
        "=x, ''"
    })
    void member_isDecodedLikeGo(String query, String expected) {
        assertThat(first("GET", "", query, "", "data")).isEqualTo(expected);
    }

    @Test
    void unknownName_isEmpty() {
        assertThat(GoForm.of("POST", new byte[0], "", "").first("data")).isEmpty();
    }

    @Test
    void bytesThatAreNotUtf8_areKept() {
        assertThat(GoForm.of("GET", new byte[0], "data=%ff%00", "").first("data"))
                .isEqualTo(new byte[] {(byte) 0xff, 0});
    }

    @Test
    void multipart_repeatedName_firstValueIsUsed() {
        String body = part("data", "one") + part("data", "two") + part("sign", "s\r\nt") + "--xx--\r\n";

        assertThat(first("POST", body, "", MULTIPART, "data")).isEqualTo("one");
        assertThat(first("POST", body, "", MULTIPART, "sign")).isEqualTo("s\r\nt");
    }

    @Test
    void multipart_bytesOfAValue_areKept() {
        byte[] body = (part("data", "\u00ff\u0000\u0080") + "--xx--").getBytes(ISO_8859_1);

        assertThat(GoForm.of("POST", body, "", MULTIPART).first("data"))
                .isEqualTo(new byte[] {(byte) 0xff, 0, (byte) 0x80});
    }

    @Test
    void multipart_file_isSkipped() {
        String file = "--xx\r\nContent-Disposition: form-data; name=data; filename=f\r\n\r\nfile\r\n";

        assertThat(first("POST", file + part("data", "value") + "--xx--", "", MULTIPART, "data"))
                .isEqualTo("value");
    }

    @Test
    void multipart_incomplete_hasNoValues() {
        assertThat(first("POST", part("data", "value") + "--xx\r\nContent-Disposition: fo", "", MULTIPART, "data"))
                .isEmpty();
    }

    @Test
    void multipart_preambleAndLineFeedsAlone_areAccepted() {
        String body = "preamble\n--xx\nContent-disposition: form-data; name=data\n\nvalue\n--xx--";

        assertThat(first("POST", body, "", MULTIPART, "data")).isEqualTo("value");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "multipart/form-data",
                "multipart/form-data; boundary",
                "multipart/form-data; boundary=xx; boundary=yy",
                "multipart/mixed; boundary=xx",
                "text/plain",
                ""
            })
    void multipart_withoutABoundaryOrOfAnotherType_isIgnored(String type) {
        assertThat(first("POST", part("data", "value") + "--xx--", "", type, "data"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no delimiter", "--xx", "--xx--", "--xx\r\n", "--xx\r\n\r\n--xx--", "\n--xx--"})
    void multipart_withoutParts_hasNoValues(String body) {
        assertThat(first("POST", body, "", MULTIPART, "data")).isEmpty();
    }

    @Test
    void multipart_partWithoutNameOrDisposition_isSkipped() {
        String body = "--xx\r\n\r\nanonymous\r\n"
                + "--xx\r\nContent-Disposition: form-data\r\n\r\nunnamed\r\n"
                + "--xx\r\nContent-Disposition: attachment; name=data\r\n\r\nattached\r\n"
                + part("data", "value") + "--xx--";

        assertThat(first("POST", body, "", MULTIPART, "data")).isEqualTo("value");
    }

    @Test
    void multipart_hugeQuotedName_isRead() {
        String name = "n".repeat(200_000);

        assertThat(first("POST", part(name, "value") + "--xx--", "", MULTIPART, name))
                .isEqualTo("value");
    }

    @Test
    void multipart_manyParts_takeLinearTime() {
        String body = part("a", "b").repeat(20_000) + part("data", "last") + "--xx--";

        assertThat(first("POST", body, "", MULTIPART, "data")).isEqualTo("last");
    }
}
