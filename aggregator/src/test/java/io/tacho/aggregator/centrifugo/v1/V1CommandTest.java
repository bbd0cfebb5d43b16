// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.centrifugo.v1;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tacho.aggregator.centrifugo.v1.V1Command.MalformedException;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class V1CommandTest {

    private static List<V1Command> parse(String json) throws MalformedException {
        return V1Command.parse(json.getBytes(UTF_8));
    }

    private static V1Command one(String json) throws MalformedException {
        List<V1Command> commands = parse(json);
        assertThat(commands).hasSize(1);
        return commands.get(0);
    }

    @Test
    void emptyArray_hasNoCommands() throws MalformedException {
        assertThat(parse("[]")).isEmpty();
        assertThat(parse("[ ] \n")).isEmpty();
    }

    @Test
    void command_hasUidMethodAndParams() throws MalformedException {
        assertThat(one("{\"uid\":\"7\",\"method\":\"node\",\"params\":{\"uid\":\"u\",\"name\":\"n\",\"x\":[{}]}}"))
                .isEqualTo(new V1Command("7", "node", Map.of("uid", "u", "name", "n")));
    }

    @Test
    void params_beforeTheMethod_areRead() throws MalformedException {
        assertThat(one("{\"params\": {\"channel\" : \"ä😀\"} ,\"method\":\"publish\"}")
                        .params())
                .isEqualTo(Map.of("channel", "ä😀"));
    }

    @Test
    void repeatedMember_lastValueIsUsed_nullIsIgnored() throws MalformedException {
        assertThat(one("{\"uid\":\"a\",\"UID\":\"b\",\"uid\":null,\"method\":\"stats\"}")
                        .uid())
                .isEqualTo("b");
        assertThat(one("{\"method\":\"node\",\"params\":{\"name\":\"a\",\"NAME\":\"b\",\"name\":null}}")
                        .params())
                .isEqualTo(Map.of("name", "b"));
        assertThat(one("{\"method\":\"node\",\"params\":{\"name\":\"a\"},\"params\":{\"uid\":\"u\"}}")
                        .params())
                .isEqualTo(Map.of("uid", "u"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"stats", "channels"})
    void paramsOfAMethodWithoutParams_areIgnored(String method) throws MalformedException {
        assertThat(one("{\"method\":\"" + method + "\",\"params\":7}").params()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"method\":\"node\"}",
                "{\"method\":\"node\",\"params\":null}",
                "{\"method\":\"presence\",\"params\":null}",
                "{\"method\":\"presence\",\"params\":{}}",
                "{\"method\":\"publish\",\"params\":{\"channel\":null,\"data\":[[[]]]}}"
            })
    void missingTextParam_isEmpty(String json) throws MalformedException {
        String channel = one(json).params().getOrDefault("channel", "");

        assertThat(channel).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                " {\"method\":\"stats\"}",
                "\uFEFF{\"method\":\"stats\"}",
                "null",
                "\"stats\"",
                "{",
                "[",
                "{}",
                "[{}]",
                "[null]",
                "[[]]",
                "[{\"method\":\"stats\"},]",
                "[{\"method\":\"stats\"} {\"method\":\"stats\"}]",
                "{\"method\":\"stats\"}{}",
                "[{\"method\":\"stats\"}] x",
                "{\"method\":\"stats\"}x",
                "{\"method\":null}",
                "{\"method\":\"Stats\"}",
                "{\"method\":\"STATS\"}",
                "{\"method\":7}",
                "{\"method\":\"stats\",\"uid\":7}",
                "{\"method\":\"presence\"}",
                "{\"method\":\"presence\",\"params\":[]}",
                "{\"method\":\"presence\",\"params\":\"a\"}",
                "{\"method\":\"presence\",\"params\":{\"channel\":{}}}",
                "{'method':'stats'}",
                "{\"method\":\"stats\",}",
                "{\"method\":\"stats\"/**/}"
            })
    void malformedCommand_isRejected(String json) {
        assertThatThrownBy(() -> parse(json)).isInstanceOf(MalformedException.class);
    }

    @Test
    void oneUnknownMethod_invalidatesTheBatch() {
        assertThatThrownBy(() -> parse("[{\"method\":\"stats\"},{\"method\":\"info\"}]"))
                .isInstanceOf(MalformedException.class);
    }

    @Test
    void deepNesting_isRejectedOrSkipped_neverAnError() {
        String deep = "[".repeat(100_000) + "]".repeat(100_000);

        assertThatThrownBy(() -> parse("{\"method\":\"stats\",\"x\":" + deep + "}"))
                .isInstanceOf(MalformedException.class);
        assertThatThrownBy(() -> parse(deep)).isInstanceOf(MalformedException.class);
    }

    @Test
    void largeBatch_isRead() throws MalformedException {
        assertThat(parse("[" + "{\"method\":\"stats\"},".repeat(9_999) + "{\"method\":\"stats\"}]"))
                .hasSize(10_000);
    }

    /** Commands with random byte changes are parsed or rejected as malformed. */
    @Test
    void damagedCommands_areReadOrRejected() {
        byte[] whole = "[{\"uid\":\"ä\",\"method\":\"node\",\"params\":{\"name\":\"\\u00e4\"}},{\"method\":\"stats\"}]"
                .getBytes(UTF_8);
        Random random = new Random(23);
        int read = 0;
        for (int round = 0; round < 5_000; round++) {
            byte[] damaged = whole.clone();
            for (int i = random.nextInt(3); i >= 0; i--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            try {
                V1Command.parse(damaged);
                read++;
            } catch (MalformedException e) {
                assertThat(e.getStackTrace()).as("costs no stack trace").isEmpty();
            }
        }
        assertThat(read).isBetween(1, 4_999);
    }
}
