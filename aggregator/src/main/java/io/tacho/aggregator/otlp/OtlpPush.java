// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.otlp;

import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.exporter.internal.FailedExportException.HttpExportException;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporter;
import io.opentelemetry.exporter.otlp.http.metrics.OtlpHttpMetricExporterBuilder;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.common.export.HttpResponse;
import io.opentelemetry.sdk.resources.Resource;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.tacho.concurrent.DaemonThreads;
import io.tacho.concurrent.GuardedTask;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.logging.Level;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Pushes metrics once per interval, on a thread of its own. A failure is logged when it begins and when its cause changes; it has no
 * effect but that the metrics of that time are missing.
 *
 * <p>Thread safety: safe.
 */
public final class OtlpPush implements AutoCloseable {

    private static final Logger logger = LoggerFactory.getLogger(OtlpPush.class);

    /** The exporter's own logger, which would repeat each failure. */
    private static final java.util.logging.Logger EXPORTER_LOG =
            java.util.logging.Logger.getLogger("io.opentelemetry.exporter.otlp.internal.HttpExporter");

    private final OtlpSettings settings;
    private final Supplier<MetricSnapshots> metrics;
    private final InstantSource clock;
    private final MetricConverter converter;
    private final OtlpHttpMetricExporter exporter;
    private final ScheduledExecutorService executor = DaemonThreads.scheduler("tacho-otlp");
    private String failure = "";

    /**
     * Returns the attributes that identify an aggregator.
     *
     * @param instance host and port
     */
    public static Map<String, String> resource(String instance, String namespace) {
        return Map.of("service.name", "tacho", "service.instance.id", instance, "tacho.namespace", namespace);
    }

    /**
     * Creates a push that has not started.
     *
     * @param metrics supplies the current metrics
     * @param resource the attributes that identify this aggregator; those of the settings precede them
     */
    public OtlpPush(
            OtlpSettings settings,
            Supplier<MetricSnapshots> metrics,
            Map<String, String> resource,
            InstantSource clock) {
        this.settings = settings;
        this.metrics = metrics;
        this.clock = clock;
        AttributesBuilder attributes = Attributes.builder();
        resource.forEach(attributes::put);
        settings.resource().forEach(attributes::put);
        converter = new MetricConverter(Resource.create(attributes.build()), clock.instant());
        exporter = exporter(settings);
    }

    private static OtlpHttpMetricExporter exporter(OtlpSettings settings) {
        EXPORTER_LOG.setLevel(Level.OFF);
        OtlpHttpMetricExporterBuilder builder = OtlpHttpMetricExporter.builder()
                .setEndpoint(settings.endpoint().toString())
                .setTimeout(settings.timeout())
                .setCompression(settings.compression())
                .setHeaders(settings::headers);
        if (settings.certificates() != null) {
            builder.setTrustedCertificates(settings.certificates());
        }
        if (settings.client() != null) {
            builder.setClientTls(settings.client().key(), settings.client().certificate());
        }
        return builder.build();
    }

    /** Starts pushing; the first push is after one interval. */
    public void start() {
        logger.info(
                "pushing metrics to {} every {} ms",
                settings,
                settings.interval().toMillis());
        long millis = settings.interval().toMillis();
        executor.scheduleAtFixedRate(
                new GuardedTask(this::push, e -> logger.error("OTLP: a push failed; the next one follows", e)),
                millis,
                millis,
                TimeUnit.MILLISECONDS);
    }

    private void push() {
        CompletableResultCode result = exporter.export(converter.convert(metrics.get(), clock.instant()));
        result.join(settings.timeout().toMillis() + 1_000, TimeUnit.MILLISECONDS);
        if (executor.isShutdown()) {
            // interrupted by close
            return;
        }
        String problem = result.isSuccess() ? "" : describe(result);
        if (!problem.equals(failure)) {
            if (problem.isEmpty()) {
                logger.info("OTLP: {} accepts metrics again", settings);
            } else {
                logger.warn("OTLP: {} does not accept metrics: {}; the next push follows", settings, problem);
            }
        }
        failure = problem;
    }

    /** Describes a failure without messages of exceptions and responses, which may contain secrets. */
    private static String describe(CompletableResultCode result) {
        Throwable thrown = result.getFailureThrowable();
        if (thrown == null) {
            return "no response in time";
        }
        HttpResponse response = thrown instanceof HttpExportException export ? export.getResponse() : null;
        if (response != null) {
            return "status " + response.getStatusCode() + " (expected: 200)";
        }
        Throwable cause = thrown.getCause() == null ? thrown : thrown.getCause();
        return cause.getClass().getSimpleName();
    }

    /** Stops pushing; a push that is under way is cancelled. Idempotent. */
    @Override
    public void close() {
        executor.shutdownNow();
        exporter.shutdown();
    }
}
