// SPDX-License-Identifier: Apache-2.0
package io.tacho.aggregator.otlp;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where and how metrics are pushed.
 *
 * @param endpoint the URL of the metrics, with its path
 * @param headers headers of each request; their values may be secret
 * @param timeout for one push with its retries
 * @param compression {@code gzip} or {@code none}
 * @param certificates the CAs to trust, PEM; null for Java's
 * @param client the certificate and key of this client, PEM; null for none
 * @param interval the time between two pushes
 * @param resource attributes of the resource in addition to the default ones
 */
public record OtlpSettings(
        URI endpoint,
        Map<String, String> headers,
        Duration timeout,
        String compression,
        byte @Nullable [] certificates,
        @Nullable ClientCertificate client,
        Duration interval,
        Map<String, String> resource) {

    /** A certificate chain and its private key, PEM. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record ClientCertificate(byte[] certificate, byte[] key) {}

    public OtlpSettings {
        headers = Map.copyOf(headers);
        resource = Map.copyOf(resource);
    }

    /**
     * Returns the settings of the standard {@code OTEL_…} variables; empty if no endpoint is set.
     *
     * @throws IllegalArgumentException naming the invalid variable, the found and the expected value, without secrets
     */
    public static Optional<OtlpSettings> of(Map<String, String> environment) {
        return new OtlpEnvironment(environment).settings();
    }

    /** Returns the scheme, host and port of the endpoint. */
    @Override
    public String toString() {
        return endpoint.getScheme() + "://" + endpoint.getAuthority();
    }
}
