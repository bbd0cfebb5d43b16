// SPDX-License-Identifier: Apache-2.0
package io.tacho.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.model.Envelope.Writer;
import io.tacho.store.BeatResult;
import io.tacho.store.NodeCommand;
import io.tacho.store.NodeCommand.Action;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BeatReplyTest {

    private static List<Object> reply(Object... parts) {
        return Arrays.stream(parts)
                .map(part -> part instanceof String text ? text.getBytes(UTF_8) : (Object) ((Number) part).longValue())
                .toList();
    }

    @Test
    void accepted() {
        assertThat(BeatReply.read(reply(1, 5_000), 7)).isEqualTo(BeatResult.accepted(5_000, 7));
    }

    @Test
    void accepted_withCommand() {
        assertThat(BeatReply.read(reply(1, 5_000, "drain a1"), 7))
                .isEqualTo(BeatResult.accepted(5_000, 7, new NodeCommand(Action.DRAIN, "a1")));
    }

    @ParameterizedTest
    @CsvSource({"''", "dance a1", "drain", "drain a 1"})
    void accepted_withCommandOfLaterVersion_commandIsIgnored(String command) {
        assertThat(BeatReply.read(reply(1, 5_000, command), 7)).isEqualTo(BeatResult.accepted(5_000, 7));
    }

    @Test
    void conflict() {
        assertThat(BeatReply.read(reply(2, 5_000, "41", "1f0c", "web-1", 900), 7))
                .isEqualTo(BeatResult.conflict(5_000, 41, new Writer("1f0c", "web-1"), 900));
        assertThat(BeatReply.read(reply(2, 5_000, "41", "1f0c", "", 900), 7))
                .isEqualTo(BeatResult.conflict(5_000, 41, new Writer("1f0c", null), 900));
    }

    @ParameterizedTest
    @CsvSource({"''", "with space", "ä"})
    void conflict_withInvalidWriter_isUnknownWriter(String id) {
        BeatResult result = BeatReply.read(reply(2, 5_000, "x", id, "", -1), 7);

        assertThat(result).isEqualTo(BeatResult.conflict(5_000, 0, new Writer("unknown", null), 0));
    }

    @ParameterizedTest
    @CsvSource({"8, 8", "-8, 0", "'', 0", "x, 0", "99999999999999999999, 0"})
    void outdated(String registered, long seq) {
        assertThat(BeatReply.read(reply(0, 5_000, registered), 7)).isEqualTo(BeatResult.outdated(5_000, seq));
    }

    @Test
    void failures_areReadFromAcceptedReplyOnly() {
        List<Object> failed = reply(1, 5_000, "", "NOPERM command", "NOPERM message");

        assertThat(BeatReply.commandFailure(failed)).isEqualTo("NOPERM command");
        assertThat(BeatReply.publishFailure(failed)).isEqualTo("NOPERM message");
        for (List<Object> none : List.of(
                reply(1, 5_000),
                reply(1, 5_000, "drain a1"),
                reply(1, 5_000, "", "", ""),
                reply(2, 5_000, "41", "1f0c", "web-1", 900))) {
            assertThat(BeatReply.commandFailure(none)).isNull();
            assertThat(BeatReply.publishFailure(none)).isNull();
        }
    }
}
