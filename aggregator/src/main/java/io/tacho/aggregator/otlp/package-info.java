// SPDX-License-Identifier: Apache-2.0
/**
 * Pushes the metrics of the cluster and of this aggregator to an OpenTelemetry collector by OTLP over HTTP.
 *
 * <p>Data flow: the families of {@code /metrics} without those of nodes → {@code MetricConverter} → {@code OtlpPush}, once per interval →
 * the exporter of the OpenTelemetry SDK. {@code OtlpSettings} come from the {@code OTEL_…} variables. Only this package uses the SDK.
 */
@NullMarked
package io.tacho.aggregator.otlp;

import org.jspecify.annotations.NullMarked;
