// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class HubProtocolTest {

    private static HubProtocol.Message message(String json) throws HubException {
        return HubProtocol.readMessage(Unpooled.wrappedBuffer(json.getBytes(UTF_8)));
    }

    private static ObjectNode object(String json) throws HubException {
        return message(json).objects().get(0);
    }

    private static HubCommand command(String json) throws HubException {
        return HubProtocol.readCommand(object(json));
    }

    private static HubException rejection(String json) {
        return catchThrowableOfType(HubException.class, () -> command(json));
    }

    @Test
    void message_isOneObjectOrAnArray() throws HubException {
        assertThat(message("{\"id\":1}").array()).isFalse();
        assertThat(message("[{\"id\":1},{}]").array()).isTrue();
        assertThat(message("[{\"id\":1},{}]").objects()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`` | message: empty (expected: an object, or an array of objects)",
                "[] | message: an empty array (expected: at least one object)",
                "7 | message: 7 (expected: an object, or an array of objects)",
                "null | message: null (expected: an object, or an array of objects)",
                "[{},\"a\"] | message: \"a\" (expected: an object, or an array of objects)"
            })
    void messageOfAnotherJsonType_isRejected(String json, String error) {
        assertThatThrownBy(() -> message(json)).isInstanceOf(HubException.class).hasMessage(error);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {"{", "{} {}", "{'a':1}", "{\"a\":NaN}", "nul"})
    void messageThatIsNotJson_isRejected(String json) {
        assertThatThrownBy(() -> message(json))
                .isInstanceOf(HubException.class)
                .hasMessageStartingWith("message: not JSON: ")
                .hasMessageEndingWith(" (expected: an object, or an array)");
    }

    @Test
    void id_positiveInteger_isAccepted() throws HubException {
        assertThat(HubProtocol.readId(object("{\"id\":1}"))).isEqualTo(1);
        assertThat(HubProtocol.readId(object("{\"id\":9223372036854775807}"))).isEqualTo(Long.MAX_VALUE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | missing",
                "{\"id\":0} | 0",
                "{\"id\":-1} | -1",
                "{\"id\":1.5} | 1.5",
                "{\"id\":1.0} | 1.0",
                "{\"id\":\"1\"} | \"1\"",
                "{\"id\":null} | null",
                "{\"id\":9223372036854775808} | 9223372036854775808"
            })
    void id_otherValue_isRejected(String json, String found) {
        assertThatThrownBy(() -> HubProtocol.readId(object(json)))
                .hasMessage("id: " + found + " (expected: a whole number, at least 1)");
    }

    @ParameterizedTest
    @EnumSource(HubCommand.Kind.class)
    void command_ofEachKind_isRead(HubCommand.Kind kind) throws HubException {
        String json = "{\"id\":4,\"%s\":{\"%s\":\"ä\",\"data\":[1]}}".formatted(kind.key(), kind.subjectField());
        HubCommand command = command(json);

        assertThat(command.kind()).isEqualTo(kind);
        assertThat(command.subject()).isEqualTo("ä");
        assertThat(command.data().isMissingNode()).isEqualTo(kind != HubCommand.Kind.PUBLISH);
    }

    @Test
    void publish_nullData_isAccepted() throws HubException {
        assertThat(command("{\"publish\":{\"channel\":\"a\",\"data\":null}}")
                        .data()
                        .isNull())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"id\":1} | 107 | command: missing (expected: exactly one of connect, subscribe, unsubscribe, publish, presence)",
                "{\"a\":1,\"b\":2} | 107 | command: a, b (expected: exactly one of connect, subscribe, unsubscribe, publish, presence)",
                "{\"ping\":{}} | 104 | command: ping (expected: one of connect, subscribe, unsubscribe, publish, presence)",
                "{\"Publish\":{}} | 104 | command: Publish (expected: one of connect, subscribe, unsubscribe, publish, presence)",
                "{\"connect\":7} | 107 | connect: 7 (expected: an object)",
                "{\"connect\":{}} | 107 | connect.user: missing (expected: a string of 1 to 255 characters)",
                "{\"connect\":{\"user\":\"\"}} | 107 | connect.user: \"\" (expected: a string of 1 to 255 characters)",
                "{\"publish\":{\"channel\":1}} | 107 | publish.channel: 1 (expected: a string of 1 to 255 characters)",
                "{\"publish\":{\"channel\":\"a\"}} | 107 | publish.data: missing (expected: any JSON)"
            })
    void invalidCommand_isRejectedWithFoundAndExpected(String json, int code, String error) {
        HubException rejection = rejection(json);

        assertThat(rejection).hasMessage(error);
        assertThat(rejection.code()).isEqualTo(code);
        assertThat(rejection.getStackTrace()).as("costs no stack trace").isEmpty();
    }

    @Test
    void name_hasAtMost255Characters() throws HubException {
        assertThat(command("{\"connect\":{\"user\":\"" + "u".repeat(255) + "\"}}")
                        .subject())
                .hasSize(255);
        assertThat(rejection("{\"connect\":{\"user\":\"" + "u".repeat(256) + "\"}}"))
                .hasMessageStartingWith("connect.user: \"uuu")
                .hasMessageEndingWith("u… (expected: a string of 1 to 255 characters)");
    }

    @Test
    void error_truncatedWithinASurrogatePair_isValidJson() throws Exception {
        HubException rejection = rejection("{\"" + "x" + "😀".repeat(100) + "\":{}}");

        assertThat(new ObjectMapper()
                        .readTree(HubProtocol.error(4, rejection))
                        .at("/error/code")
                        .asInt())
                .isEqualTo(104);
    }

    @Test
    void unpairedSurrogate_isPushedAsJson() throws Exception {
        HubCommand command = command("{\"publish\":{\"channel\":\"a\",\"data\":\"\\ud800\"}}");

        assertThat(new ObjectMapper()
                        .readTree(HubProtocol.push("a", command.data()))
                        .at("/push/data")
                        .asText())
                .isEqualTo("\ud800");
    }

    @Test
    void publishedNumbers_arePushedUnchanged() throws HubException {
        HubCommand command = command("{\"publish\":{\"channel\":\"a\",\"data\":[1.10,1e400,12345678901234567890]}}");

        assertThat(new String(HubProtocol.push("a", command.data()), UTF_8))
                .isEqualTo("{\"push\":{\"channel\":\"a\",\"data\":[1.10,1E+400,12345678901234567890]}}");
    }

    @Test
    void apiCommand_otherThanPublish_isRejected() throws HubException {
        assertThat(HubProtocol.readApiCommand(
                                object("{\"method\":\"publish\",\"params\":{\"channel\":\"a\",\"data\":1}}"))
                        .kind())
                .isEqualTo(HubCommand.Kind.PUBLISH);
        assertThatThrownBy(() -> HubProtocol.readApiCommand(object("{\"method\":\"presence\"}")))
                .hasMessage("method: \"presence\" (expected: \"publish\")");
        assertThatThrownBy(() -> HubProtocol.readApiCommand(object("{\"method\":\"publish\"}")))
                .hasMessage("params: missing (expected: an object)");
    }

    @Test
    void results_singleObjectOrArray() {
        assertThat(new String(HubProtocol.apiResults(1, false), UTF_8)).isEqualTo("{\"result\":{}}");
        assertThat(new String(HubProtocol.apiResults(2, true), UTF_8)).isEqualTo("[{\"result\":{}},{\"result\":{}}]");
    }

    @Test
    void error_withoutId_omitsTheMember() {
        assertThat(new String(HubProtocol.error(new HubException(107, "no")), UTF_8))
                .isEqualTo("{\"error\":{\"code\":107,\"message\":\"no\"}}");
    }
}
