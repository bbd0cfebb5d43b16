// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.mcp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.modelcontextprotocol.json.jackson2.JacksonMcpJsonMapper;
import java.io.ByteArrayInputStream;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageInputTest {

    private static final String PING = "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"ping\"}\n";

    private static MessageInput input(String text) {
        return new MessageInput(
                new ByteArrayInputStream(text.getBytes(UTF_8)), new JacksonMcpJsonMapper(new ObjectMapper()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "  ",
                "garbage",
                "[]",
                "{}",
                "5",
                "[{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"ping\"}]",
                "{\"jsonrpc\":\"2.0\",\"id\":{\"a\":1},\"method\":\"ping\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":1.5,\"method\":\"ping\"}",
                "{\"jsonrpc\":\"2.0\",\"id\":",
                "\u0000"
            })
    void invalidLine_isSkipped(String line) throws Exception {
        assertThat(input(PING + line + "\n" + PING).readAllBytes()).isEqualTo((PING + PING).getBytes(UTF_8));
    }

    @Test
    void oversizedLine_isSkipped() throws Exception {
        String tooLong = PING.replace("ping", "p".repeat(2 << 20));

        assertThat(input(tooLong + PING).readAllBytes()).isEqualTo(PING.getBytes(UTF_8));
    }

    @Test
    void lastLineWithoutLineBreak_isAMessage() throws Exception {
        assertThat(input(PING.strip()).readAllBytes()).isEqualTo(PING.getBytes(UTF_8));
    }

    @Test
    void awaitEnd_returnsAtTheEndOfInput() throws Exception {
        MessageInput input = input(PING + "garbage");
        CompletableFuture<Void> waiting = CompletableFuture.runAsync(() -> {
            try {
                input.awaitEnd();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });

        for (int i = 0; i < PING.length(); i++) {
            assertThat(input.read()).isEqualTo(PING.charAt(i));
        }
        assertThat(waiting).isNotDone();
        assertThat(input.read()).isEqualTo(-1);

        await().until(waiting::isDone);
    }
}
