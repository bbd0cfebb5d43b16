// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tacho.agent.process.ProcessSampler;
import io.tacho.agent.publish.PublishSettings;
import io.tacho.agent.publish.SnapshotAssembler;
import io.tacho.agent.record.HostGauges;
import io.tacho.agent.record.HostIds;
import io.tacho.agent.record.IntervalRecorder;
import io.tacho.agent.source.JvmSource;
import io.tacho.codec.SnapshotCodec;
import io.tacho.model.WindowDetail;
import io.tacho.redis.RedisTransport;
import io.tacho.sketch.DistinctCount;
import io.tacho.sketch.DurationHistogram;
import io.tacho.sketch.Encoded;
import io.tacho.sketch.HyperLogLog;
import io.tacho.store.SnapshotPublisher;
import io.tacho.store.SnapshotSource;
import io.tacho.testing.RedisExtension;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Compares unions and quantiles that a reader derives from 100 nodes in Redis with the true values. */
class ClusterTruthIT {

    @RegisterExtension
    static final RedisExtension REDIS = new RedisExtension();

    private static final int NODES = 100;
    private static final double[] SHARES = {0.5, 0.9, 0.99, 0.999, 1};

    private final Random random = new Random(17);
    private final Set<String> allUsers = new HashSet<>();
    private final Set<String> allChannels = new HashSet<>();
    private final List<long[]> allDurations = new ArrayList<>();
    private final RedisTransport transport = new RedisTransport(REDIS.settings(), new SnapshotCodec());
    private final SnapshotPublisher publisher = transport.publisher();
    private final SnapshotSource source = transport.source();

    @AfterEach
    void stop() {
        publisher.close();
        source.close();
        transport.close();
    }

    @Test
    void unionsAndQuantiles_matchClusterWideValues() throws Exception {
        for (int node = 0; node < NODES; node++) {
            beat("node_" + node);
        }

        List<WindowDetail> details = source.loadAll().toCompletableFuture().get(20, TimeUnit.SECONDS).stream()
                .map(stored -> stored.envelope().detail())
                .toList();

        assertThat(details).hasSize(NODES);
        assertCount(union(details.stream().map(WindowDetail::users).toList()), allUsers.size());
        assertCount(union(details.stream().map(WindowDetail::channels).toList()), allChannels.size());
        DurationHistogram cluster = DurationHistogram.merge(
                details.stream().map(detail -> detail.timeClient().decode()).toList());
        long[] sorted =
                allDurations.stream().flatMapToLong(Arrays::stream).sorted().toArray();
        assertThat(cluster.count()).isEqualTo(sorted.length);
        assertThat(cluster.sum()).isEqualTo(Arrays.stream(sorted).sum());
        for (double share : SHARES) {
            long exact = sorted[(int) Math.ceil(share * sorted.length) - 1];
            assertThat(cluster.quantile(share)).as("p%s", 100 * share).isCloseTo(exact, within(exact / 100));
        }
    }

    private void beat(String name) throws Exception {
        IntervalRecorder recorder = new IntervalRecorder();
        PublishSettings settings = PublishSettings.of(name, Duration.ofSeconds(60), null, null, null);
        HostGauges gauges = new HostGauges(
                recorder.users()::total,
                recorder.users()::distinct,
                recorder.channels()::distinct,
                HostIds.of(recorder.users()),
                HostIds.of(recorder.channels()));
        JvmSource node = new JvmSource(
                settings.uid(), settings.name(), recorder, gauges, new ProcessSampler(), System::nanoTime);
        SnapshotAssembler assembler =
                new SnapshotAssembler(settings, recorder, node, InstantSource.system(), System::nanoTime);

        connect(allUsers, "user-", 50_000, recorder::userConnected);
        connect(allChannels, "channel-", 20_000, recorder::channelSubscribed);
        // nodes differ in speed by a factor of up to 50
        double typical = 20_000 * Math.pow(50, random.nextDouble());
        long[] durations = random.doubles(random.nextInt(3_000) + 1)
                .mapToLong(share -> (long) (typical * Math.pow(1 / (1 - share), 0.7)))
                .toArray();
        allDurations.add(durations);
        Arrays.stream(durations).forEach(recorder::clientRequest);
        assembler.closeWindow();
        publisher.publish(assembler.nextBeat()).toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private void connect(Set<String> all, String kind, int ids, Consumer<String> report) {
        int connections = random.nextInt(3_000);
        for (int i = 0; i < connections; i++) {
            String id = kind + random.nextInt(ids);
            all.add(id);
            report.accept(id);
        }
    }

    private static DistinctCount union(List<Encoded<HyperLogLog>> sketches) {
        HyperLogLog.Builder union = new HyperLogLog.Builder();
        sketches.forEach(sketch -> union.add(sketch.decode()));
        return union.count();
    }

    private static void assertCount(DistinctCount count, long exact) {
        assertThat(count.estimate()).isCloseTo(exact, within(exact / 50));
        assertThat(exact).isBetween(count.lower(), count.upper());
    }
}
