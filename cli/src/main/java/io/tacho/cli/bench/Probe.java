// SPDX-License-Identifier: Apache-2.0
package io.tacho.cli.bench;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tacho.codec.SnapshotCodec;
import io.tacho.model.Field;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.SnapshotEnvelope;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** A node whose beats are counted: its number of clients is that of the beat. */
final class Probe {

    private final SnapshotCodec codec = new SnapshotCodec();
    private final String uid = UUID.randomUUID().toString();
    private final long firstSeq = System.currentTimeMillis();
    private final String namespace;
    private final String name;
    private final String digest;
    private long beats;

    Probe(String namespace, String name, String digest) {
        this.namespace = namespace;
        this.name = name;
        this.digest = digest;
    }

    /** Redis has it when this returns; which one it is. */
    long beat(Resp redis) throws IOException {
        beats++;
        SnapshotEnvelope beat = SnapshotEnvelope.builder(NodeSnapshot.builder(uid, name)
                        .set(Field.NUM_CLIENTS, beats)
                        .set(Field.STARTED_AT, 1_795_367_843)
                        .build())
                .seq(firstSeq + beats)
                .ttlMillis(Beats.TTL_MILLIS)
                .metricsIntervalSeconds(60)
                .build();
        redis.send(Resp.command(words(namespace, digest, codec, beat)));
        redis.reply();
        return beats;
    }

    /** A whole beat as the contract has it. */
    static byte[][] words(String namespace, String digest, SnapshotCodec codec, SnapshotEnvelope beat) {
        String tag = "{" + namespace + ":0}";
        List<byte[]> words = new ArrayList<>();
        for (String word : List.of(
                "EVALSHA",
                digest,
                "2",
                tag + ":node:" + beat.uid(),
                tag + ":nodes",
                beat.uid(),
                Long.toString(beat.seq()),
                Long.toString(beat.ttlMillis()),
                "PUBLISH",
                RawSubscriber.channel(namespace))) {
            words.add(word.getBytes(UTF_8));
        }
        words.add(codec.encode(beat));
        // id and host of the writer: none
        words.add(new byte[0]);
        words.add(new byte[0]);
        words.add((tag + ":command:" + beat.uid()).getBytes(UTF_8));
        // no command is acknowledged
        words.add(new byte[0]);
        codec.toHash(beat).forEach((field, value) -> {
            words.add(field.getBytes(UTF_8));
            words.add(value.getBytes(UTF_8));
        });
        return words.toArray(new byte[0][]);
    }
}
