// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.otlp;

import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The push of an aggregator's metrics by OTLP, if it is started. Each aggregator is an instance of its own.
 *
 * <p>Thread safety: safe.
 */
public final class MetricsPush implements AutoCloseable {

    private @Nullable OtlpPush push;

    /**
     * Starts to push; called at most once.
     *
     * @param instance identifies this aggregator: its host and port
     */
    public synchronized void start(OtlpSettings otlp, Supplier<MetricSnapshots> metrics, String instance, String namespace) {
        push = new OtlpPush(
                otlp,
                metrics,
                Map.of(
                        "service.name",
                        "tacho",
                        "service.instance.id",
                        instance,
                        "tacho.namespace",
                        namespace),
                InstantSource.system());
        push.start();
    }

    /** Stops. Idempotent. */
    @Override
    public synchronized void close() {
        if (push != null) {
            push.close();
        }
    }
}
