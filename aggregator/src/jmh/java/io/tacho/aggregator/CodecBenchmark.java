// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator;

import io.tacho.model.MalformedSnapshotException;
import io.tacho.codec.MessagePack;
import io.tacho.codec.SnapshotCodec;
import io.tacho.model.Envelope;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.testing.PackedHash;
import io.tacho.testing.Snapshots;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** One beat on its way: message and hash, written and read; with the 22 fields alone, and with all that is optional. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1, timeUnit = TimeUnit.SECONDS)
@Measurement(iterations = 3, time = 1, timeUnit = TimeUnit.SECONDS)
public class CodecBenchmark {

    private static final String UID = "1a6d84da-3645-45aa-8901-9a2db39e3449";

    @Param({"plain", "detailed"})
    public String beat;

    private final SnapshotCodec codec = new SnapshotCodec();
    private SnapshotEnvelope envelope;
    private byte[] message;
    private byte[] hash;

    @Setup
    public void encodeOnce() {
        long seq = 1_795_368_000_001L;
        envelope = beat.equals("plain") ? Snapshots.beat(UID, seq) : Snapshots.detailed(UID, seq);
        message = codec.encode(envelope);
        hash = PackedHash.of(codec.toHash(envelope));
    }

    @Benchmark
    public byte[] encode() {
        return codec.encode(envelope);
    }

    @Benchmark
    public Envelope decode() throws MalformedSnapshotException {
        return codec.decode(message, leftOut -> {});
    }

    @Benchmark
    public Map<String, String> toHash() {
        return codec.toHash(envelope);
    }

    @Benchmark
    public SnapshotEnvelope fromHash() throws MalformedSnapshotException {
        return codec.fromHash(new MessagePack(hash), Snapshots.TTL_MILLIS, leftOut -> {});
    }

    /** The JSON of a response. */
    @Benchmark
    public byte[] encodeNode() {
        return codec.encodeNode(envelope.snapshot());
    }
}
