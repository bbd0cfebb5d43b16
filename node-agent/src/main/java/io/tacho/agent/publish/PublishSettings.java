// SPDX-License-Identifier: Apache-2.0
package io.tacho.agent.publish;

import io.tacho.agent.process.ProcessSampler;
import io.tacho.model.NodeSnapshot;
import io.tacho.model.NodeStatus;
import io.tacho.model.SnapshotEnvelope;
import io.tacho.text.SettingErrors;
import io.tacho.units.Durations;
import java.time.Duration;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The identity of a node and its publishing intervals.
 *
 * @param uid unique id of the node
 * @param name node name
 * @param metricsInterval the window of counters and timers: whole seconds, 1 s to 24 h; windows are aligned to the epoch
 * @param publishInterval the heartbeat: at least 100 ms, at most the metrics interval
 * @param ttl how long the node is believed alive without a beat: at least two publish intervals
 * @param history how long the cluster remembers the node's windows: 0 for not at all, else at least a metrics interval
 * @param address where clients or scrapers reach the node: {@code host:port}, or a URL; null to report none
 * @param capacity the number of clients that the node is meant to serve; 0 to report none
 */
public record PublishSettings(
        String uid,
        String name,
        Duration metricsInterval,
        Duration publishInterval,
        Duration ttl,
        Duration history,
        @Nullable String address,
        long capacity) {

    public static final Duration DEFAULT_METRICS_INTERVAL = Duration.ofSeconds(60);
    public static final Duration DEFAULT_PUBLISH_INTERVAL = Duration.ofSeconds(5);

    public static final Duration DEFAULT_HISTORY = Duration.ofHours(24);

    private static final Duration MAX_HISTORY = Duration.ofDays(30);
    private static final Duration MIN_PUBLISH_INTERVAL = Duration.ofMillis(100);

    /**
     * Creates settings.
     *
     * @throws IllegalArgumentException with one line per invalid setting: its name, the found and the expected value
     */
    public PublishSettings {
        SettingErrors errors = new SettingErrors();
        errors.valueOr(() -> checkName(uid, name), name);
        boolean isWindowValid = errors.require(
                metricsInterval.getSeconds() >= 1
                        && metricsInterval.getNano() == 0
                        && metricsInterval.getSeconds() <= SnapshotEnvelope.MAX_INTERVAL_SECONDS,
                () -> "metrics-interval: " + Durations.format(metricsInterval)
                        + " (expected: whole seconds, 1s to 24h)");
        String window = isWindowValid ? ", " + Durations.format(metricsInterval) : "";
        boolean isBeatValid = errors.require(
                publishInterval.compareTo(MIN_PUBLISH_INTERVAL) >= 0
                        && (!isWindowValid || publishInterval.compareTo(metricsInterval) <= 0),
                () -> "publish-interval: " + Durations.format(publishInterval)
                        + " (expected: 100ms to the metrics interval" + window + ")");
        String twoBeats = isBeatValid ? ", " + Durations.format(publishInterval.multipliedBy(2)) : "";
        errors.require(
                (!isBeatValid || ttl.compareTo(publishInterval.multipliedBy(2)) >= 0)
                        && ttl.compareTo(MIN_PUBLISH_INTERVAL) >= 0
                        && ttl.toMillis() <= SnapshotEnvelope.MAX_TTL_MILLIS,
                () -> "ttl: " + Durations.format(ttl) + " (expected: at least two publish intervals" + twoBeats
                        + ", at most 24h)");
        errors.require(
                history.isZero()
                        || ((!isWindowValid || history.compareTo(metricsInterval) >= 0)
                                && !history.isNegative()
                                && history.compareTo(MAX_HISTORY) <= 0),
                () -> "history: " + Durations.format(history) + " (expected: 0s, or at least the metrics interval"
                        + window + ", at most 720h)");
        errors.valueOr(() -> NodeStatus.UNKNOWN.withAddress(address), NodeStatus.UNKNOWN);
        errors.valueOr(() -> NodeStatus.UNKNOWN.withCapacity(capacity), NodeStatus.UNKNOWN);
        errors.throwIfAny();
    }

    /** Rejects a name that no snapshot could contain, at the start instead of at every beat. */
    private static String checkName(String uid, String name) {
        if (name.isBlank()) {
            throw new IllegalArgumentException("name: empty (expected: 1 to 255 characters)");
        }
        if (name.indexOf('\uFFFD') >= 0) {
            throw new IllegalArgumentException(
                    "name: contains U+FFFD, which stands for bytes that could not be decoded "
                            + "(expected: UTF-8, in a UTF-8 locale such as LC_ALL=C.UTF-8)");
        }
        return NodeSnapshot.builder(uid, name).build().name();
    }

    /**
     * Creates settings, with a default for each null: a heartbeat of 5 s within windows of 60 s, a TTL of three beats, and a day's
     * history.
     */
    public static PublishSettings of(
            @Nullable String name,
            @Nullable Duration metricsInterval,
            @Nullable Duration publishInterval,
            @Nullable Duration ttl,
            @Nullable Duration history) {
        Duration window = metricsInterval == null ? DEFAULT_METRICS_INTERVAL : metricsInterval;
        Duration beat = publishInterval == null ? min(DEFAULT_PUBLISH_INTERVAL, window) : publishInterval;
        return new PublishSettings(
                UUID.randomUUID().toString(),
                name == null
                        ? ProcessSampler.host() + "_" + ProcessHandle.current().pid()
                        : name,
                window,
                beat,
                ttl == null ? beat.multipliedBy(3) : ttl,
                history == null ? DEFAULT_HISTORY : history,
                null,
                0);
    }

    /**
     * Returns these settings of a node that reports its address.
     *
     * @throws IllegalArgumentException if it is neither {@code host:port} nor a URL without user, query and fragment
     */
    public PublishSettings withAddress(@Nullable String reached) {
        return new PublishSettings(uid, name, metricsInterval, publishInterval, ttl, history, reached, capacity);
    }

    /**
     * Returns these settings of a node that reports the number of clients that it is meant to serve; 0 for none.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public PublishSettings withCapacity(long clients) {
        return new PublishSettings(uid, name, metricsInterval, publishInterval, ttl, history, address, clients);
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) <= 0 ? a : b;
    }
}
