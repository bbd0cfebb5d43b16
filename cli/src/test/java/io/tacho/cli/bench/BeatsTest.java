// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tacho.codec.SnapshotCodec;
import io.tacho.model.Field;
import io.tacho.model.MalformedSnapshotException;
import io.tacho.model.SnapshotEnvelope;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The commands that the bench sends to Redis, read as Redis reads them. */
class BeatsTest {

    /** Returns the words of one command; fails unless it is exactly one. */
    private static List<byte[]> words(byte[] command) {
        int[] at = {0};
        List<byte[]> words = new ArrayList<>();
        int count = number(command, at, '*');
        for (int i = 0; i < count; i++) {
            int length = number(command, at, '$');
            words.add(Arrays.copyOfRange(command, at[0], at[0] + length));
            at[0] += length;
            end(command, at);
        }
        assertThat(at[0]).as("no further bytes").isEqualTo(command.length);
        return words;
    }

    private static int number(byte[] command, int[] at, char type) {
        assertThat((char) command[at[0]++]).isEqualTo(type);
        int number = 0;
        while (command[at[0]] != '\r') {
            number = number * 10 + command[at[0]++] - '0';
        }
        end(command, at);
        return number;
    }

    private static void end(byte[] command, int[] at) {
        assertThat(command[at[0]++]).isEqualTo((byte) '\r');
        assertThat(command[at[0]++]).isEqualTo((byte) '\n');
    }

    private static SnapshotEnvelope decoded(byte[] message) throws MalformedSnapshotException {
        return (SnapshotEnvelope) new SnapshotCodec().decode(message, problem -> {
            throw new AssertionError(problem);
        });
    }

    @Test
    void command_hasItsLengthsInBytes() {
        assertThat(new String(Resp.command("SET", "ä", ""), UTF_8))
                .isEqualTo("*3\r\n$3\r\nSET\r\n$2\r\nä\r\n$0\r\n\r\n");
        assertThat(Resp.command(new String[0])).isEqualTo("*0\r\n".getBytes(ISO_8859_1));
    }

    @Test
    void command_ofAnyBytes_isReadBack() {
        Random random = new Random(7);
        for (int i = 0; i < 200; i++) {
            byte[][] words = new byte[random.nextInt(6)][];
            for (int word = 0; word < words.length; word++) {
                words[word] = new byte[random.nextInt(300)];
                random.nextBytes(words[word]);
            }
            assertThat(words(Resp.command(words)).toArray(byte[][]::new)).isDeepEqualTo(words);
        }
    }

    @Test
    void messages_rotateOverNodes_withIncreasingSeq() throws MalformedSnapshotException {
        Beats beats = Beats.messages("b", 3);
        Map<String, List<Long>> seqs = new HashMap<>();
        for (int i = 0; i < 12; i++) {
            List<byte[]> words = words(beats.next());
            assertThat(words).hasSize(3);
            assertThat(new String(words.get(0), UTF_8)).isEqualTo("PUBLISH");
            assertThat(new String(words.get(1), UTF_8)).isEqualTo("{b:0}:snapshots");
            SnapshotEnvelope beat = decoded(words.get(2));
            assertThat(beat.snapshot().name()).isEqualTo("bench-00000" + i % 3);
            assertThat(beat.snapshot().number(Field.NUM_CLIENTS)).isEqualTo(1_234);
            seqs.computeIfAbsent(beat.uid(), uid -> new ArrayList<>()).add(beat.seq());
        }

        assertThat(seqs).hasSize(3);
        assertThat(seqs.values())
                .allSatisfy(all ->
                        assertThat(all).isEqualTo(List.of(all.get(0), all.get(0) + 1, all.get(0) + 2, all.get(0) + 3)));
    }

    @Test
    void scripts_haveTheSameSeqInArgumentsAndMessage() throws MalformedSnapshotException {
        Beats beats = Beats.scripts("b", 2, "0123abcd");
        for (int i = 0; i < 6; i++) {
            List<byte[]> words = words(beats.next());
            List<String> texts =
                    words.stream().map(word -> new String(word, UTF_8)).toList();
            SnapshotEnvelope beat = decoded(words.get(10));

            assertThat(texts.subList(0, 6))
                    .containsExactly("EVALSHA", "0123abcd", "2", "{b:0}:node:" + beat.uid(), "{b:0}:nodes", beat.uid());
            assertThat(texts.get(6)).isEqualTo(Long.toString(beat.seq()));
            assertThat(texts.get(7)).isEqualTo(Long.toString(Beats.TTL_MILLIS));
            Map<String, String> hash = new HashMap<>();
            for (int at = 15; at + 1 < texts.size(); at += 2) {
                hash.put(texts.get(at), texts.get(at + 1));
            }
            assertThat(hash).isEqualTo(new SnapshotCodec().toHash(beat));
        }
    }
}
